import type { Mergeability, MergeBlocker } from '@lg/pull-request'
import type { HostContext } from './host-context.ts'
import { missingByRules } from './protection.ts'
import { read } from './read.ts'
import type { HostPullRequest } from './to-pull-request.ts'

/** Gitea works out in the background whether there are conflicts, and says "not mergeable" until it has. */
const settlingWaits = [500, 1000, 2000]

export async function mergeability(context: HostContext, number: number): Promise<Mergeability> {
  const found = await readSettled(context, number)
  const { headCommit: head } = found.pullRequest
  const own = blockersOf(found)
  const blockers = own.length > 0 ? own : await missingByRules(context, found)
  return blockers.length > 0 ? { status: 'blocked', head, blockers } : { status: 'mergeable', head }
}

/** Reads it again, until Gitea says that it can be merged, or for some seconds. */
async function readSettled(context: HostContext, number: number): Promise<HostPullRequest> {
  for (const wait of settlingWaits) {
    const found = await read(context, number)
    const { state, draft } = found.pullRequest
    if (state !== 'open' || draft || found.mergeable) return found
    await context.clock.sleep(wait, context.call)
  }
  return await read(context, number)
}

/** What Gitea said when a merge was tried. */
export interface Refusal {
  readonly status: number
  readonly words: string
}

/** What keeps it from being merged, as far as Gitea tells. Pure. */
export function blockersOf(
  { pullRequest, mergeable }: HostPullRequest,
  { status, words }: Refusal = { status: 405, words: '' },
): readonly MergeBlocker[] {
  const { state, draft, base } = pullRequest
  const blocker = (reason: MergeBlocker['reason'], message: string): readonly MergeBlocker[] => [
    { reason, message },
  ]
  if (state !== 'open') return blocker('closed', `it is ${state}`)
  if (draft) return blocker('draft', 'it is a draft')
  if (isOtherStyle(words)) return blocker('method', words)
  if (/status check/i.test(words)) return blocker('checks', words)
  if (/approval|requested changes|review/i.test(words)) return blocker('approvals', words)
  if (/behind/i.test(words)) return blocker('behind', words)
  if (/not allowed|protected|reject|sign/i.test(words)) return blocker('protected', words)
  // A conflict that shows only in the merge itself has no message.
  if (!mergeable || (status === 409 && words === '')) {
    const problem = `it conflicts with ${base}, or the host has not found out yet; bring the head up to date`
    return blocker('conflicts', problem)
  }
  return []
}

export function isOtherStyle(words: string): boolean {
  return /merge style/i.test(words)
}
