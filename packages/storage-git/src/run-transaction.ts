import type { Commit, Oid } from '@lg/git'
import type { CallOptions } from '@lg/runtime'
import { attemptOn } from './attempt.ts'
import { createCommit } from './create-commit.ts'
import type { Destination } from './decision.ts'
import { storageGitErrors } from './errors.ts'
import type { TransactionHooks, TransactionOptions } from './git-storage.ts'
import { land } from './land.ts'
import type { TransactionPlan } from './plan.ts'
import type { TransactionContext, TransactionRequest } from './transaction-context.ts'
import { settleLimits } from './transaction-limits.ts'
import type { CommittedOutcome, TransactionOutcome } from './transaction-result.ts'
import type { Turn } from './turns.ts'

// Short, and from nothing on: who waits longer than others need for a push never comes to its turn.
const retryPause = 50
const longestPause = 400

/** One transaction, from a fresh base to the remote; again on a new base when that moved. */
export async function runTransaction(
  context: TransactionContext,
  { name, key, change, signal, options }: TransactionRequest,
): Promise<TransactionOutcome> {
  const { gitDirectory, clock, random, turns } = context
  const limits = settleLimits(options, clock)
  const call = { signal }
  let freshness = options.freshness ?? 'fetch'
  let turn: Turn | undefined
  let refused: { readonly commit: Oid; readonly plan: TransactionPlan | undefined } | undefined
  try {
    for (let attempt = 1; limits.allow(attempt); attempt++) {
      const base = await gitDirectory.ensureFresh(freshness, call)
      const landedBefore = refused && (await landedAfterAll(context, refused.commit, base, call))
      if (refused !== undefined && landedBefore !== undefined) {
        await tell(context, context.hooks.afterCommit, landedBefore, refused.plan, call)
        return landedBefore
      }
      const made = await attemptOn(context, base, { name, key, change, signal, attempt })
      if (made.type === 'ended') return made.outcome
      if (made.type === 'unchanged')
        return await settleUnchanged(context, base, made.destination, { ...options, signal })
      context.onStep?.('change made')
      if (options.dryRun === true) return { outcome: 'planned', base: base.oid, plan: await made.plan() }

      const { decision } = made
      if (made.destination.type === 'base' && turn === undefined) {
        turn = await turns.take(call)
        freshness = 'local'
        // One of ours was first: there is no need to ask the remote.
        if (gitDirectory.head?.oid !== base.oid) continue
      }
      const { beforeCommit, afterCommit } = context.hooks
      const plan = beforeCommit || afterCommit ? await made.plan() : undefined
      const details = (plan && (await beforeCommit?.(plan, call))) ?? {}
      const commit = await createCommit(context, base, made.changes, { ...decision, ...details }, signal)
      context.onStep?.('commit stored')
      context.remember(commit, name)
      const landed = await land(context, { base, commit, destination: made.destination }, call)
      if (landed !== undefined) {
        const outcome = { outcome: 'committed', base: base.oid, ...landed } as const
        await tell(context, afterCommit, outcome, plan, call)
        return outcome
      }
      refused = made.destination.type === 'base' ? { commit, plan } : undefined
      freshness = 'fetch'
      const pause = Math.min(retryPause * 2 ** (attempt - 1), longestPause)
      await clock.sleep(pause * random.fraction(), call)
    }
    throw storageGitErrors.create(
      'TOO_MANY_ATTEMPTS',
      `Transaction ${name} was made ${limits.made()} times, and others were first each time; try again later`,
      { transaction: name, attempts: limits.made() },
    )
  } finally {
    turn?.end()
    limits.end()
  }
}

/** Nothing is left to change, so a pull request that is open for it is closed. */
async function settleUnchanged(
  { order }: TransactionContext,
  base: Commit,
  destination: Destination,
  { dryRun, signal }: TransactionOptions,
): Promise<TransactionOutcome> {
  const key = destination.type === 'branch' ? destination.key : undefined
  if (order === undefined || key === undefined || dryRun === true) {
    return { outcome: 'unchanged', base: base.oid }
  }
  const plan = await order.plan(key, undefined, { signal })
  const tidied = await order.apply(plan, base.oid, undefined, { signal })
  signal?.throwIfAborted()
  return { outcome: 'unchanged', base: base.oid, tidied }
}

/** A push that was refused for its base may have arrived all the same, and somebody may have built on it since. */
async function landedAfterAll(
  { gitDirectory }: TransactionContext,
  commit: Oid,
  base: Commit,
  call: CallOptions,
): Promise<CommittedOutcome | undefined> {
  const { repository, branch } = gitDirectory
  if (!(await repository.isAncestor(commit, base.oid, call))) return undefined
  const [parent = commit] = (await repository.readCommit(commit, call)).parents
  return { outcome: 'committed', base: parent, commit, branch }
}

/** What is on the remote is done, whatever becomes of the news. */
async function tell(
  { logger }: TransactionContext,
  afterCommit: TransactionHooks['afterCommit'],
  outcome: CommittedOutcome,
  plan: TransactionPlan | undefined,
  call: CallOptions,
): Promise<void> {
  if (plan === undefined) return
  try {
    await afterCommit?.(outcome, plan, call)
  } catch (error) {
    logger.error('The hook after a commit failed', {
      transaction: plan.transaction,
      commit: outcome.commit,
      error,
    })
  }
}
