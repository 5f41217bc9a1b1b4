import type { Oid, Person } from '@lg/git'
import type { PullRequestResult } from '@lg/pull-request'
import type { TransactionPlan } from './plan.ts'
import type { TidyReport } from './policy/pull-request-policy.ts'

/** What the callback of a transaction returns: where its changes go, and what the commit says. */
export type TransactionDecision =
  | (CommitDetails & { readonly target: 'base' })
  | (CommitDetails & {
      readonly target: 'branch'
      /** Default: the transaction's name. */
      readonly branch?: string | undefined
    })
  | (CommitDetails & PullRequestDetails & { readonly target: 'pullRequest' })

export interface CommitDetails {
  /** First line of the commit message and title of the pull request; one line, not empty. */
  readonly title: string
  /** Body of the commit message and of the pull request. */
  readonly description?: string | undefined
  /** Default: the storage's author. */
  readonly author?: Person | undefined
  /** Lines at the end of the message, such as `{ 'Signed-off-by': 'Ann <ann@example.org>' }`. */
  readonly trailers?: Readonly<Record<string, string | readonly string[]>> | undefined
}

export interface PullRequestDetails {
  /**
   * What the pull request is about, for a storage with a policy: only one for each key is open. Default: the transaction's
   * name, without a `-` at its end.
   */
  readonly key?: string | undefined
  readonly labels?: readonly string[] | undefined
  readonly assignees?: readonly string[] | undefined
  readonly reviewers?: readonly string[] | undefined
  readonly teamReviewers?: readonly string[] | undefined
  /** By title. */
  readonly milestone?: string | undefined
  readonly draft?: boolean | undefined
}

/** How a transaction ended. A failure is an error, not an outcome. */
export type TransactionOutcome =
  /** The callback changed nothing: no commit, no branch, no pull request. */
  | {
      readonly outcome: 'unchanged'
      readonly base: Oid
      /** What the policy has closed, since nothing is left to change. */
      readonly tidied?: TidyReport | undefined
    }
  /** With `dryRun`: what it would have done. */
  | { readonly outcome: 'planned'; readonly base: Oid; readonly plan: TransactionPlan }
  | CommittedOutcome
  | { readonly outcome: 'aborted'; readonly reason: string }

export interface CommittedOutcome {
  readonly outcome: 'committed'
  /** The commit that the changes were made on. */
  readonly base: Oid
  readonly commit: Oid
  /** Branch of the remote that holds the commit. */
  readonly branch: string
  readonly pullRequest?: PullRequestResult | undefined
  /** What the policy has closed, since this takes its place. */
  readonly tidied?: TidyReport | undefined
}
