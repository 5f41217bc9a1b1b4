import type { Mergeability, MergeBlocker } from '@lg/pull-request'
import { send, type HostContext } from './host-context.ts'
import { policiesOf, type Policy } from './policies.ts'
import { pullUrl, read } from './read.ts'
import type { HostPullRequest } from './to-pull-request.ts'

/** Azure DevOps works out in the background whether there are conflicts. */
const settlingWaits = [500, 1000, 2000, 4000]

export async function mergeability(context: HostContext, number: number): Promise<Mergeability> {
  const found = await read(context, number)
  const { headCommit: head } = found.pullRequest
  const own = blockersOf(found)
  if (own.length > 0) return { status: 'blocked', head, blockers: own }
  const blockers = policyBlockers(await policiesOf(context, found))
  if (blockers.length > 0) return { status: 'blocked', head, blockers }
  // A policy that rejected a merge may be met by now; only another merge shows.
  const isKnown = isSettled(found) && found.mergeStatus !== 'rejectedByPolicy'
  return isKnown ? { status: 'mergeable', head } : { status: 'unknown' }
}

/** Reads it again, until Azure DevOps says whether it can be merged, or for some seconds. */
export async function readSettled(context: HostContext, number: number): Promise<HostPullRequest> {
  for (const wait of settlingWaits) {
    const found = await read(context, number)
    if (found.pullRequest.state !== 'open' || isSettled(found)) return found
    await context.clock.sleep(wait, context.call)
  }
  return await read(context, number)
}

/**
 * Reads it for a merge: what Azure DevOps found of conflicts is as old as the last push to the head, so it has to look
 * again before they count.
 */
export async function readTested(context: HostContext, number: number): Promise<HostPullRequest> {
  const found = await readSettled(context, number)
  const { state } = found.pullRequest
  if (state !== 'open' || (found.mergeStatus !== 'conflicts' && found.mergeStatus !== 'failure')) return found
  await send(context, { method: 'PATCH', url: pullUrl(context, number), body: { mergeStatus: 'queued' } })
  return await readSettled(context, number)
}

function isSettled({ mergeStatus }: HostPullRequest): boolean {
  return mergeStatus !== 'queued' && mergeStatus !== 'notSet'
}

/** What of the pull request itself keeps it from being merged. Pure. */
export function blockersOf({
  pullRequest,
  mergeStatus,
  mergeFailure,
}: HostPullRequest): readonly MergeBlocker[] {
  const { state, draft, base } = pullRequest
  const blocker = (reason: MergeBlocker['reason'], message: string): readonly MergeBlocker[] => [
    { reason, message },
  ]
  if (state !== 'open') return blocker('closed', `it is ${state}`)
  if (draft) return blocker('draft', 'it is a draft')
  if (mergeStatus === 'conflicts') {
    return blocker('conflicts', `it conflicts with ${base}; bring the head up to date`)
  }
  if (mergeStatus === 'failure') {
    return blocker('protected', mergeFailure || 'the host could not merge it, and does not say why')
  }
  return []
}

/** Which policies of the base are not met. One about strategies is, by any merge that takes an allowed one. Pure. */
export function policyBlockers(policies: readonly Policy[]): readonly MergeBlocker[] {
  return policies.flatMap(({ kind, name, blocking, status }) => {
    if (!blocking || status === 'approved' || status === 'notApplicable' || kind === 'strategy') return []
    return [{ reason: reasons[kind], message: `policy ${name} is ${status}` }]
  })
}

const reasons: Readonly<Record<Exclude<Policy['kind'], 'strategy'>, MergeBlocker['reason']>> = {
  build: 'checks',
  status: 'checks',
  approvals: 'approvals',
  other: 'protected',
}
