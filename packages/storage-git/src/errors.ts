import type { Oid } from '@lg/git'
import type { PullRequestSpec } from '@lg/pull-request'
import { defineErrors, type ErrorFamily, type ObjectKey } from '@lg/runtime'
import type { FieldConflict } from './merge-values.ts'

/** The codes of `@lg/storage-git`, beside those of the ports that it stands on. */
export interface StorageGitErrors {
  /** Read or transaction before `start()`, or while the branch has no commit. */
  NOT_READY: { readonly reason: string }
  /** A transaction was opened inside another one's callback. */
  TRANSACTION_ACTIVE: { readonly transaction: string }
  /** The transaction was used after it ended. */
  TRANSACTION_FINISHED: { readonly transaction: string }
  /** An option with a value that makes no sense. */
  INVALID_OPTION: { readonly option: string }
  /** What the callback returned cannot become a commit or a pull request. */
  INVALID_DECISION: { readonly field: string; readonly reason: string }
  /** The policy allows no more open pull requests; nothing was pushed. `open`: their numbers. */
  PULL_REQUEST_LIMIT: { readonly limit: number; readonly open: readonly number[] }
  NO_PULL_REQUEST_PROVIDER: { readonly transaction: string }
  /** The branch exists on the remote with commits that this transaction does not build on. */
  BRANCH_EXISTS: { readonly branch: string; readonly commit: Oid }
  /** The same fields were changed here and, in `commit`, by somebody else, since the object was read. */
  CONFLICT: { readonly key: ObjectKey; readonly fields: readonly FieldConflict[]; readonly commit: Oid }
  /** The base moved at every attempt. */
  TOO_MANY_ATTEMPTS: { readonly transaction: string; readonly attempts: number }
  /** The connection was lost while pushing, and nobody could be asked since whether the commit arrived. */
  PUSH_OUTCOME_UNKNOWN: { readonly branch: string; readonly commit: Oid }
  /** No commit is known that did what is to be taken back. */
  NOTHING_TO_REVERT: { readonly key?: ObjectKey }
  /** A call after `close()`. */
  CLOSED: { readonly remote: string }
  /** The branch was pushed, the pull request was not made; `resumePullRequest(details)` repairs it. */
  PULL_REQUEST_FAILED: PullRequestFailure
}

export interface PullRequestFailure {
  readonly branch: string
  readonly commit: Oid
  readonly base: Oid
  readonly spec: PullRequestSpec
}

export const storageGitErrors: ErrorFamily<StorageGitErrors> = defineErrors()
