import { checkBranchName, type Commit, type FileChange, type Oid, type Person } from '@lg/git'
import type { GitDirectory } from '@lg/gitdir'
import type { PullRequestProvider, PullRequestSpec } from '@lg/pull-request'
import type { CallOptions, Clock, KubernetesObject, Logger, Random } from '@lg/runtime'
import type { Serializer } from '@lg/serializer'
import type { Storage, Transaction, WriteOptions, WriteResult } from '@lg/storage'
import { claimBranch } from './claim-branch.ts'
import { formatCommitMessage } from './commit-message.ts'
import { storageGitErrors } from './errors.ts'
import type { TransactionOptions } from './git-storage.ts'
import { mergeUpdate } from './merge-update.ts'
import { openPullRequest } from './open-pull-request.ts'
import { pushBranch, type PushVerdict } from './push-branch.ts'
import type { CommitDetails, TransactionDecision, TransactionOutcome } from './transaction-result.ts'
import { openTransaction } from './transaction-storage.ts'

export interface TransactionContext {
  readonly gitDirectory: GitDirectory
  readonly serializer: Serializer
  readonly provider: PullRequestProvider | undefined
  readonly author: Person
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** A storage on top of a commit, and what is written in it. */
  readonly stage: (base: Commit, options: CallOptions) => Promise<Staged>
  /** Told before a commit is pushed, so that its events can be marked as ours. */
  readonly remember: (commit: Oid, transaction: string) => void
}

export interface Staged {
  readonly storage: Storage
  changes(): readonly FileChange[]
}

export interface TransactionRequest {
  /** With its suffix. */
  readonly name: string
  readonly change: (tx: Transaction) => Promise<TransactionDecision>
  readonly signal: AbortSignal
  readonly options: TransactionOptions
}

const defaultAttempts = 10
const retryPause = 50
const longestPause = 2000

/** One transaction, from a fresh base to the remote; again on a new base when that moved. */
export async function runTransaction(
  context: TransactionContext,
  { name, change, signal, options }: TransactionRequest,
): Promise<TransactionOutcome> {
  const { gitDirectory, serializer, clock, random } = context
  const { freshness = 'fetch', attempts = defaultAttempts } = options
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const base = await gitDirectory.ensureFresh(attempt === 1 ? freshness : 'fetch', { signal })
    const staged = await context.stage(base, { signal })
    const merge = (storage: Storage, object: KubernetesObject, write?: WriteOptions): Promise<WriteResult> =>
      mergeUpdate(storage, object, { serializer, repository: gitDirectory.repository, base }, write)
    const run = await openTransaction(staged.storage, { name, attempt, signal, merge }).run(change)
    if (run.type === 'aborted') return { outcome: 'aborted', reason: run.reason }
    const decision = checkDecision(run.result, name, context)
    const changes = staged.changes()
    if (changes.length === 0) return { outcome: 'unchanged', base: base.oid }

    const commit = await createCommit(context, base, changes, decision, signal)
    const landing = await land(context, { name, base, commit, decision, signal })
    if (landing !== undefined) return { outcome: 'committed', base: base.oid, ...landing }
    const pause = Math.min(retryPause * 2 ** (attempt - 1), longestPause)
    await clock.sleep(pause * (0.5 + random.fraction()), { signal })
  }
  throw storageGitErrors.create(
    'TOO_MANY_ATTEMPTS',
    `Transaction ${name} was made ${attempts} times, and others were first each time; try again later`,
    { transaction: name, attempts },
  )
}

/** Refuses before anything is pushed what could not be finished afterwards. */
function checkDecision(
  decision: TransactionDecision | undefined,
  transaction: string,
  { provider }: TransactionContext,
): TransactionDecision {
  if (decision === undefined) {
    const reason =
      'the callback returned nothing; return where it goes, such as { target: "base", title: "..." }'
    throw storageGitErrors.create('INVALID_DECISION', `Transaction ${transaction}: ${reason}`, {
      field: '',
      reason,
    })
  }
  formatCommitMessage(decision)
  if (decision.target === 'pullRequest' && provider === undefined) {
    throw storageGitErrors.create(
      'NO_PULL_REQUEST_PROVIDER',
      `Transaction ${transaction} wants a pull request, but the storage has no provider; pass pullRequests`,
      { transaction },
    )
  }
  return decision
}

function createCommit(
  { gitDirectory, author: committer, clock }: TransactionContext,
  base: Commit,
  changes: readonly FileChange[],
  decision: CommitDetails,
  signal: AbortSignal,
): Promise<Oid> {
  const time = clock.now()
  return gitDirectory.repository.createCommit(
    {
      parents: [base.oid],
      changes,
      author: { ...(decision.author ?? committer), time },
      committer: { ...committer, time },
      message: formatCommitMessage(decision),
    },
    { signal },
  )
}

interface Landing {
  readonly name: string
  readonly base: Commit
  readonly commit: Oid
  readonly decision: TransactionDecision
  readonly signal: AbortSignal
}

type Landed = Omit<Extract<TransactionOutcome, { outcome: 'committed' }>, 'outcome' | 'base'>

/** Brings a commit to where the decision says; `undefined` when somebody else was first. */
async function land(context: TransactionContext, landing: Landing): Promise<Landed | undefined> {
  const { gitDirectory } = context
  const { name, base, decision, signal } = landing
  const push = async (branch: string, commit: Oid, expected: Oid | null): Promise<PushVerdict> => {
    context.remember(commit, name)
    return pushBranch({ branch, commit, expected }, context, { signal })
  }
  if (decision.target === 'base') {
    const branch = gitDirectory.branch
    const { commit } = landing
    return (await push(branch, commit, base.oid)) === 'landed' ? { branch, commit } : undefined
  }

  const branch = decision.target === 'branch' ? (decision.branch ?? name) : name
  checkBranchName(branch)
  const claim = await claimBranch({ branch, base: base.oid, commit: landing.commit }, context, { signal })
  const commit = claim.type === 'same' ? claim.commit : landing.commit
  if (claim.type === 'push' && (await push(branch, commit, claim.expected)) === 'moved') return undefined
  if (decision.target === 'branch') return { branch, commit }

  const spec: PullRequestSpec = {
    repository: gitDirectory.reference,
    head: branch,
    base: gitDirectory.branch,
    title: decision.title.trim(),
    description: decision.description,
    labels: decision.labels,
    assignees: decision.assignees,
    reviewers: decision.reviewers,
    teamReviewers: decision.teamReviewers,
    milestone: decision.milestone,
    draft: decision.draft,
  }
  const pullRequest = await openPullRequest(
    context.provider,
    { branch, commit, base: base.oid, spec },
    { signal },
  )
  return { branch, commit, pullRequest }
}
