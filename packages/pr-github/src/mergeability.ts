import type { Mergeability, MergeBlocker } from '@lg/pull-request'
import type { HostContext } from './host-context.ts'
import { read } from './read.ts'
import type { HostPullRequest } from './to-pull-request.ts'

/** GitHub works out in the background whether there are conflicts. */
const settlingWaits = [500, 1000, 2000, 4000]

export async function mergeability(context: HostContext, number: number): Promise<Mergeability> {
  const found = await read(context, number)
  const { headCommit: head } = found.pullRequest
  const blockers = blockersOf(found, '')
  if (blockers.length > 0) return { status: 'blocked', head, blockers }
  if (found.mergeable === undefined || found.mergeableState === 'unknown') return { status: 'unknown' }
  return { status: 'mergeable', head }
}

/** Reads it again, until GitHub says whether it can be merged, or for some seconds. */
export async function readSettled(context: HostContext, number: number): Promise<HostPullRequest> {
  for (const wait of settlingWaits) {
    const found = await read(context, number)
    if (found.pullRequest.state !== 'open' || found.mergeable !== undefined) return found
    await context.clock.sleep(wait, context.call)
  }
  return await read(context, number)
}

/**
 * What keeps it from being merged, as far as GitHub tells. Pure.
 *
 * @param words what GitHub said when a merge was tried.
 */
export function blockersOf(
  { pullRequest, mergeable, mergeableState }: HostPullRequest,
  words: string,
): readonly MergeBlocker[] {
  const { state, draft, base } = pullRequest
  const blocker = (reason: MergeBlocker['reason'], message: string): readonly MergeBlocker[] => [
    { reason, message },
  ]
  if (state !== 'open') return blocker('closed', `it is ${state}`)
  if (draft) return blocker('draft', 'it is a draft')
  if (mergeable === false || mergeableState === 'dirty') {
    return blocker('conflicts', `it conflicts with ${base}; bring the head up to date`)
  }
  if (/not allowed|can't be rebased/i.test(words)) return blocker('method', words)
  if (/status check|checks? .*(?:expected|pending|failing)|unstable status/i.test(words))
    return blocker('checks', words)
  if (/review/i.test(words) && !/and try the merge again/i.test(words)) return blocker('approvals', words)
  if (mergeableState === 'behind' || /out.of.date|not up to date/i.test(words)) {
    return blocker('behind', words || `it lacks commits of ${base}`)
  }
  if (mergeableState === 'blocked') {
    return blocker(
      'protected',
      words || 'a rule of the repository wants more: checks, reviews or something else',
    )
  }
  return []
}
