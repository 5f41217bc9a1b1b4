import type { HostRepository } from '../host-repository.ts'
import type { HostPull } from '../host-state.ts'
import type { PullMergeability } from './shapes.ts'

/** What GitHub says of a merge; `undefined` as long as it has not worked it out. */
export async function mergeabilityOf(
  pull: HostPull,
  repository: HostRepository,
): Promise<PullMergeability | undefined> {
  const { settings, inspect } = repository
  if (pull.state !== 'open') return undefined
  if (settings.mergeabilityUnknown > 0) {
    settings.mergeabilityUnknown -= 1
    return undefined
  }
  if ((await inspect.mergeTree(`refs/heads/${pull.base}`, pull.headCommit)) === undefined) {
    return { mergeable: false, state: 'dirty' }
  }
  if (pull.draft) return { mergeable: true, state: 'draft' }
  return { mergeable: true, state: missingChecks(pull, repository).length > 0 ? 'blocked' : 'clean' }
}

/** Checks that have to be there and are not. */
export function missingChecks(
  { headCommit }: HostPull,
  { settings, state }: HostRepository,
): readonly string[] {
  return settings.requiredChecks.filter(
    (name) =>
      !state.checks.some(
        (check) => check.commit === headCommit && check.name === name && check.state === 'success',
      ),
  )
}
