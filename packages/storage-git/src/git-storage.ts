import type { Oid, Person } from '@lg/git'
import type { Freshness, GitDirectory } from '@lg/gitdir'
import type { PullRequestProvider, PullRequestResult } from '@lg/pull-request'
import type { CallOptions, Clock, Identifier, Logger, ObjectKey, Random } from '@lg/runtime'
import type { Serializer } from '@lg/serializer'
import type { PathRuleOptions } from '@lg/storage-raw'
import type { EventStorage, ReadStorage, Transaction, TransactionStorage } from '@lg/storage'
import type { PullRequestFailure } from './errors.ts'
import type { FieldPath } from './field-changes.ts'
import type { FieldBlame, HistoryEntry } from './history.ts'
import type { TransactionPlan } from './plan.ts'
import type { PullRequestPolicy, TidyReport } from './policy/pull-request-policy.ts'
import type { Reversion } from './revert.ts'
import type { OnGitStorageStep } from './steps.ts'
import type {
  CommitDetails,
  CommittedOutcome,
  TransactionDecision,
  TransactionOutcome,
} from './transaction-result.ts'

/**
 * The objects of one branch of a Git repository.
 *
 * Reads show the commit that the clone is synced to, each call one commit from its start to its end; nobody sees
 * the work of a transaction before it is on the branch. All writes go through {@link transaction}.
 */
export interface GitStorage
  extends EventStorage, TransactionStorage<TransactionDecision, TransactionOutcome> {
  /** The commit that reads show now. */
  readonly commit: Oid
  /**
   * A storage that shows one commit for ever: a branch, a tag, a full ref of the remote such as `refs/pull/7/head`,
   * or a (short) object name. What the clone does not know is fetched; a branch or ref that it knows is as new as
   * `freshness` says.
   *
   * @throws {LgError} `REF_NOT_FOUND`, `REF_AMBIGUOUS`, `INVALID_REF`.
   */
  at(revision: string, options?: AtOptions): Promise<ReadStorage>
  /**
   * Runs `change` on a fresh state of the base and brings what it wrote to the remote: straight to the base, on a
   * branch, or as a pull request, as the decision that it returns says. Any number run at once.
   *
   * When the base moved before a commit on it landed, `change` runs again on the new one (`tx.attempt`). Without
   * a change nothing is pushed. What `change` throws is thrown on, and nothing was pushed. When the signal is
   * aborted during the push, the error is `PUSH_OUTCOME_UNKNOWN` with the signal's reason as its cause.
   *
   * @example
   * ```ts
   * await storage.transaction('car-update-', async (tx) => {
   *   const car = await tx.get<Car>(key)
   *   car.status = { ...car.status, speed: 24.7 }
   *   await tx.update(car)
   *   return { target: 'pullRequest', title: 'Update Car speed' }
   * })
   * ```
   * @throws {LgError} `READ_ONLY` without credentials; `CONFLICT`, `BRANCH_EXISTS`, `TOO_MANY_ATTEMPTS`,
   *   `PUSH_OUTCOME_UNKNOWN`, `PULL_REQUEST_FAILED`, `NO_PULL_REQUEST_PROVIDER`, `PULL_REQUEST_LIMIT`, `INVALID_DECISION`,
   *   `TRANSACTION_ACTIVE`; those of the Git port when the remote refuses.
   */
  transaction(
    name: string,
    change: (tx: GitTransaction) => Promise<TransactionDecision>,
    options?: TransactionOptions,
  ): Promise<TransactionOutcome>
  /**
   * Carries a plan out on the base as it is now, under the plan's name and decision unless told otherwise. What others
   * have changed since it was made stays.
   *
   * @throws {LgError} `CONFLICT` where they have changed the same fields, and the codes of {@link transaction}.
   */
  apply(plan: TransactionPlan, options?: ApplyOptions): Promise<TransactionOutcome>
  /**
   * The commits that changed an object, newest first, across moves between files; also of one that is deleted by now.
   * Found by walking the history of its file, so it costs what that is long. A shallow clone ends it with
   * `HISTORY_INCOMPLETE`, after all that is known.
   */
  history(key: ObjectKey, options?: CallOptions): AsyncIterable<HistoryEntry>
  /**
   * Who gave each field below `path` (default: all) the value that it has, and when.
   *
   * @throws {LgError} `NOT_FOUND` when there is no such object or field; `HISTORY_INCOMPLETE`.
   */
  blame(key: ObjectKey, path?: FieldPath, options?: CallOptions): Promise<readonly FieldBlame[]>
  /**
   * Takes back what a commit did to objects, or the last change of one object or field, as a transaction: what others
   * have changed since stays. Straight to the base unless told otherwise.
   *
   * @example
   * ```ts
   * await storage.revert({ key, path: ['spec', 'replicas'] })
   * ```
   * @throws {LgError} `NOTHING_TO_REVERT`; `CONFLICT` where the same fields were changed since; `REF_NOT_FOUND`.
   */
  revert(what: Reversion, options?: ApplyOptions): Promise<TransactionOutcome>
  /** Opens the pull request that a `PULL_REQUEST_FAILED` error could not; does no harm when it is there. */
  resumePullRequest(failure: PullRequestFailure, options?: CallOptions): Promise<PullRequestResult>
  /**
   * Looks at every branch of the policy: closes pull requests whose difference is gone from it, and deletes the branches of
   * those that are merged. For now and then, or when a webhook says that one was merged. A step that fails stands in the
   * report.
   *
   * @throws {LgError} `INVALID_OPTION` without a policy; what the remote and the host refuse when they are asked what is
   *   there.
   */
  tidyPullRequests(options?: CallOptions): Promise<TidyReport>
}

/** The storage inside a transaction, with what only files can do. */
export interface GitTransaction extends Transaction {
  /**
   * Puts an object's document, as it stands, into another file: at the end of it, or as a new one.
   *
   * @throws {LgError} `NOT_FOUND`, `INVALID_PATH`, `PATH_COLLISION`.
   */
  move(key: ObjectKey, path: string, options?: CallOptions): Promise<void>
  /**
   * Gives a file of the repository another path, with all its documents, bytes and mode.
   *
   * @throws {LgError} `INVALID_PATH`, `PATH_COLLISION`.
   */
  moveFile(from: string, to: string, options?: CallOptions): Promise<void>
}

export interface AtOptions extends CallOptions {
  /** Default `local`. */
  readonly freshness?: 'local' | 'fetch' | undefined
}

export interface TransactionOptions extends CallOptions {
  /**
   * How new the base must be at the start: fetched now, fetched within `maxAge` milliseconds, or what is there.
   * Default `fetch`.
   */
  readonly freshness?: Freshness | undefined
  /** How often `change` may run when the base keeps moving. Default 100. */
  readonly attempts?: number | undefined
  /** For how long, in milliseconds, a new attempt may begin. Default 120,000. */
  readonly retryFor?: number | undefined
  /** Make every check, and give the plan instead of carrying it out. Default false. */
  readonly dryRun?: boolean | undefined
}

export interface ApplyOptions extends TransactionOptions {
  /** Where it goes and what the commit says. Default: what the plan says; for a reversion the base. */
  readonly decision?: TransactionDecision | undefined
}

/** Code of the application around every commit. */
export interface TransactionHooks {
  /**
   * Sees what is about to be committed; what it throws ends the transaction, and nothing was pushed. It may give
   * other words for the commit, made from the plan.
   */
  readonly beforeCommit?:
    ((plan: TransactionPlan, options: CallOptions) => Promise<Partial<CommitDetails> | void>) | undefined
  /** Hears of what is on the remote. What it throws is logged, and changes nothing. */
  readonly afterCommit?:
    ((outcome: CommittedOutcome, plan: TransactionPlan, options: CallOptions) => Promise<void>) | undefined
}

/** Signs the bytes of a commit: the signature in armor, as `git` keeps it in the commit. */
export type SignCommit = (commit: Uint8Array, options: CallOptions) => Promise<string>

export interface GitStorageOptions extends PathRuleOptions {
  readonly gitDirectory: GitDirectory
  readonly serializer: Serializer
  /** Without one a decision for a pull request is `NO_PULL_REQUEST_PROVIDER`. */
  readonly pullRequests?: PullRequestProvider | undefined
  /** Keeps pull requests and their branches in order. Default: each transaction has a branch of its own name. */
  readonly pullRequestPolicy?: PullRequestPolicy | undefined
  /** Author of commits whose decision names none, and committer of all. Default `lg <lg@localhost>`. */
  readonly author?: Person | undefined
  /** Where a new object's file goes: `cars/{namespace}/{name}.yaml`. Without one creating is `NOT_TRACKED`. */
  readonly pathTemplate?: string | undefined
  /** Also serve objects of kinds that the scheme does not know, as they stand. Default false. */
  readonly unstructured?: boolean | undefined
  readonly hooks?: TransactionHooks | undefined
  /** Signs every commit. Default: none is signed. */
  readonly sign?: SignCommit | undefined
  /**
   * About how many bytes of memory decoded objects may take, those of all commits that are read together. Default
   * 128 MiB; 0 keeps none.
   */
  readonly cacheSize?: number | undefined
  /** Default: names, then uids. */
  readonly identifiers?: readonly Identifier[] | undefined
  readonly clock?: Clock | undefined
  readonly random?: Random | undefined
  readonly logger?: Logger | undefined
  /** Told of each of `gitStorageSteps`, before anything else happens: for traces, and to see what an end at that moment does. */
  readonly onStep?: OnGitStorageStep | undefined
}
