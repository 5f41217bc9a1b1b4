import type { Oid, Person } from '@lg/git'
import type { GitDirectory } from '@lg/gitdir'
import type { PullRequestProvider, PullRequestResult } from '@lg/pull-request'
import type { CallOptions, Clock, Identifier, Logger, Random } from '@lg/runtime'
import type { Serializer } from '@lg/serializer'
import type { PathRuleOptions } from '@lg/storage-raw'
import type { EventStorage, ReadStorage, Transaction, TransactionStorage } from '@lg/storage'
import type { PullRequestFailure } from './errors.ts'
import type { TransactionDecision, TransactionOutcome } from './transaction-result.ts'

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
   * A storage that shows one commit for ever: a branch, tag, ref or (short) object name of the clone.
   *
   * @throws {LgError} `REF_NOT_FOUND`, `REF_AMBIGUOUS`.
   */
  at(revision: string, options?: CallOptions): Promise<ReadStorage>
  /**
   * Runs `change` on a fresh state of the base and brings what it wrote to the remote: straight to the base, on a
   * branch, or as a pull request, as the decision that it returns says. Any number run at once.
   *
   * When the base moved before a commit on it landed, `change` runs again on the new one (`tx.attempt`). Without
   * a change nothing is pushed. What `change` throws is thrown on, and nothing was pushed.
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
   *   `PUSH_OUTCOME_UNKNOWN`, `PULL_REQUEST_FAILED`, `NO_PULL_REQUEST_PROVIDER`, `INVALID_DECISION`,
   *   `TRANSACTION_ACTIVE`; those of the Git port when the remote refuses.
   */
  transaction(
    name: string,
    change: (tx: Transaction) => Promise<TransactionDecision>,
    options?: TransactionOptions,
  ): Promise<TransactionOutcome>
  /** Opens the pull request that a `PULL_REQUEST_FAILED` error could not; does no harm when it is there. */
  resumePullRequest(failure: PullRequestFailure, options?: CallOptions): Promise<PullRequestResult>
}

export interface TransactionOptions extends CallOptions {
  /**
   * How new the base must be at the start: fetched now, fetched within `maxAge` milliseconds, or what is there.
   * Default `fetch`.
   */
  readonly freshness?: 'fetch' | 'local' | { readonly maxAge: number } | undefined
  /** How often `change` may run when the base keeps moving. Default 10. */
  readonly attempts?: number | undefined
}

export interface GitStorageOptions extends PathRuleOptions {
  readonly gitDirectory: GitDirectory
  readonly serializer: Serializer
  /** Without one a decision for a pull request is `NO_PULL_REQUEST_PROVIDER`. */
  readonly pullRequests?: PullRequestProvider | undefined
  /** Author of commits whose decision names none, and committer of all. Default `lg <lg@localhost>`. */
  readonly author?: Person | undefined
  /** Where a new object's file goes: `cars/{namespace}/{name}.yaml`. Without one creating is `NOT_TRACKED`. */
  readonly pathTemplate?: string | undefined
  /** Default: names, then uids. */
  readonly identifiers?: readonly Identifier[] | undefined
  readonly clock?: Clock | undefined
  readonly random?: Random | undefined
  readonly logger?: Logger | undefined
}
