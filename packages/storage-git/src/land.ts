import type { Commit, Oid } from '@lg/git'
import type { CallOptions } from '@lg/runtime'
import { claimBranch } from './claim-branch.ts'
import type { Destination } from './decision.ts'
import { openPullRequest } from './open-pull-request.ts'
import { pushBranch } from './push-branch.ts'
import type { TransactionContext } from './transaction-context.ts'
import type { CommittedOutcome } from './transaction-result.ts'

export interface Landing {
  readonly base: Commit
  readonly commit: Oid
  readonly destination: Destination
}

export type Landed = Omit<CommittedOutcome, 'outcome' | 'base'>

/** Brings a commit to where it is to go; `undefined` when somebody else was first. */
export async function land(
  context: TransactionContext,
  { base, commit: ours, destination }: Landing,
  options: CallOptions,
): Promise<Landed | undefined> {
  const { branch } = destination
  const { onStep, order } = context
  if (destination.type === 'base') {
    const verdict = await pushBranch({ branch, commit: ours, expected: base.oid }, context, options)
    if (verdict === 'moved') return undefined
    onStep?.('commit pushed')
    return { branch, commit: ours }
  }
  const { key } = destination
  const plan = key === undefined ? undefined : await order?.plan(key, branch, options)
  const claim = await claimBranch({ branch, base: base.oid, commit: ours }, context, options)
  onStep?.('branch claimed')
  const commit = claim.type === 'same' ? claim.commit : ours
  if (claim.type === 'push') {
    const { expected } = claim
    if ((await pushBranch({ branch, commit, expected }, context, options)) === 'moved') return undefined
    onStep?.('commit pushed')
  }
  const { spec } = destination
  if (spec === undefined) return { branch, commit }
  const request = { branch, commit, base: base.oid, spec }
  const pullRequest = await openPullRequest(context.provider, request, options)
  onStep?.('pull request opened')
  const tidied = plan && (await order?.apply(plan, base.oid, pullRequest.url, options))
  return { branch, commit, pullRequest, ...(tidied && { tidied }) }
}
