import type { Commit, FileChange, Oid, Person } from '@lg/git'
import type { GitDirectory } from '@lg/gitdir'
import type { PullRequestProvider } from '@lg/pull-request'
import type { CallOptions, Clock, Logger, Random } from '@lg/runtime'
import type { Serializer } from '@lg/serializer'
import type { StoredObject } from '@lg/storage'
import { markOf } from './commit-mark.ts'
import { formatCommitMessage } from './commit-message.ts'
import { checkDecision, type Destination } from './decision.ts'
import type { Layer } from './document-state.ts'
import { storageGitErrors } from './errors.ts'
import type { GitTransaction, TransactionHooks, TransactionOptions } from './git-storage.ts'
import { land } from './land.ts'
import { createMergingUpdate } from './merge-update.ts'
import { plannedFiles, plannedObjects, type TransactionPlan } from './plan.ts'
import type { OrderKeeper } from './policy/keep-order.ts'
import { settleLimits } from './transaction-limits.ts'
import type {
  CommitDetails,
  CommittedOutcome,
  TransactionDecision,
  TransactionOutcome,
} from './transaction-result.ts'
import type { OnGitStorageStep } from './steps.ts'
import { openTransaction } from './transaction-storage.ts'
import type { Turn, Turns } from './turns.ts'

export interface TransactionContext {
  readonly gitDirectory: GitDirectory
  readonly serializer: Serializer
  readonly provider: PullRequestProvider | undefined
  /** With a policy. */
  readonly order: OrderKeeper | undefined
  readonly author: Person
  readonly hooks: TransactionHooks
  readonly sign: ((commit: Uint8Array, options: CallOptions) => Promise<string>) | undefined
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly onStep: OnGitStorageStep | undefined
  readonly turns: Turns
  /** A commit that can be written on top of. */
  readonly stage: (base: Commit, options: CallOptions) => Promise<Layer>
  /** The same commit as it is. */
  readonly pinned: (base: Commit, options: CallOptions) => Promise<Layer>
  readonly lastChange: (base: Commit, stored: StoredObject, options: CallOptions) => Promise<Commit>
  readonly textOf: (
    base: Commit,
    stored: StoredObject,
    version: string,
    options: CallOptions,
  ) => Promise<string | undefined>
  /** Told before a commit is pushed, so that its events can be marked as ours. */
  readonly remember: (commit: Oid, transaction: string) => void
}

export interface TransactionRequest {
  /** With its suffix. */
  readonly name: string
  /** What a pull request of it is about, unless its decision says. */
  readonly key: string
  readonly change: (tx: GitTransaction, layer: Layer, base: Commit) => Promise<TransactionDecision>
  readonly signal: AbortSignal
  readonly options: TransactionOptions
}

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

interface Attempt extends Omit<TransactionRequest, 'options'> {
  readonly attempt: number
}

type Made =
  | { readonly type: 'ended'; readonly outcome: TransactionOutcome }
  | { readonly type: 'unchanged'; readonly destination: Destination }
  | {
      readonly type: 'changed'
      readonly decision: TransactionDecision
      readonly destination: Destination
      readonly changes: readonly FileChange[]
      readonly plan: () => Promise<TransactionPlan>
    }

async function attemptOn(
  context: TransactionContext,
  base: Commit,
  { name, key, change, signal, attempt }: Attempt,
): Promise<Made> {
  const { serializer } = context
  const call = { signal }
  const [layer, before] = [await context.stage(base, call), await context.pinned(base, call)]
  const update = createMergingUpdate(layer.storage, {
    serializer,
    base: before.storage,
    textOf: (stored, version, options) => context.textOf(base, stored, version, options),
    lastChange: (stored, options) => context.lastChange(base, stored, options),
  })
  const run = await openTransaction(layer, { name, attempt, signal, update }).run((tx) =>
    change(tx, layer, base),
  )
  if (run.type === 'aborted') return { type: 'ended', outcome: { outcome: 'aborted', reason: run.reason } }
  const changes = layer.files.changes()
  const { gitDirectory, provider, order } = context
  const branchOf = order && ((about: string) => order.branchOf(about, changes, gitDirectory.repository))
  const destination = checkDecision(run.result, { name, key }, { gitDirectory, provider, branchOf })
  if (changes.length === 0) return { type: 'unchanged', destination }
  const decision = withKey(run.result, destination)
  return {
    type: 'changed',
    decision,
    destination,
    changes,
    async plan() {
      const objects = await plannedObjects(
        before,
        layer,
        changes.map(({ path }) => path),
        call,
      )
      const existed = async (path: string): Promise<boolean> =>
        (await before.files.stat(path, call)) !== undefined
      const files = await plannedFiles(changes, existed)
      return { transaction: name, base: base.oid, decision, objects, files }
    },
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

/** A plan that is carried out later, under another name, is about the same. */
function withKey(decision: TransactionDecision, destination: Destination): TransactionDecision {
  if (decision.target !== 'pullRequest' || destination.type !== 'branch') return decision
  return destination.key === undefined ? decision : { ...decision, key: destination.key }
}

function createCommit(
  { gitDirectory, author: committer, sign, clock, random }: TransactionContext,
  base: Commit,
  changes: readonly FileChange[],
  details: CommitDetails,
  signal: AbortSignal,
): Promise<Oid> {
  const time = clock.now()
  const content = {
    parents: [base.oid],
    author: { ...(details.author ?? committer), time },
    committer: { ...committer, time },
    message: formatCommitMessage(details),
  }
  const call = { signal }
  return gitDirectory.repository.createCommit(
    {
      ...content,
      changes,
      headers: markOf(content, random),
      ...(sign && { sign: (payload: Uint8Array) => sign(payload, call) }),
    },
    call,
  )
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
