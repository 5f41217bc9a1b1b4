import type { RepositoryReference } from '@lg/git'
import type { WebhookEvent } from './event.ts'

/**
 * Whether an event says that a branch may have moved: a push to it, or a pull request merged into it. Not of a repetition,
 * since that was said before. Pure.
 *
 * The repository is compared by its path, as hosts name it, and not by its host, which may have several names: the
 * sender is known by the secret.
 */
export function movesBranch(
  event: WebhookEvent,
  { repository, branch }: { readonly repository: RepositoryReference; readonly branch: string },
): boolean {
  if (event.type !== 'push' && event.type !== 'pullRequest') return false
  if (!isSamePath(event.repository, repository)) return false
  return event.type === 'push' ?
      event.changes.some((change) => change.branch === branch)
    : event.action === 'merged' && event.base === branch
}

/** A host below a path shows it in one address and not in another, so either may end with the other. */
function isSamePath(one: RepositoryReference, other: RepositoryReference): boolean {
  const [first, second] = [pathOf(one), pathOf(other)]
  return first.endsWith(second) || second.endsWith(first)
}

function pathOf({ owner, name }: RepositoryReference): string {
  return `/${owner}/${name}`.replace('//', '/').toLowerCase()
}
