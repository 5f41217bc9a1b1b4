import type { Oid, RepositoryReference } from '@lg/git'
import type { OptionalField } from './spec.ts'

/** `closed`: without being merged. */
export type PullRequestState = 'open' | 'closed' | 'merged'

/** Names one pull request of a host. */
export interface PullRequestLocator {
  /** Repository of the base branch. */
  readonly repository: RepositoryReference
  readonly number: number
}

/** A pull request as the host has it. */
export interface PullRequest extends PullRequestLocator {
  /** Page for people. */
  readonly url: string
  readonly state: PullRequestState
  readonly title: string
  /** Empty when there is none. */
  readonly description: string
  readonly draft: boolean
  readonly head: string
  /** Only when the head is in a fork. */
  readonly headRepository?: RepositoryReference | undefined
  /** Tip of the head branch; of a closed or merged one its last. Absent when the host does not say. */
  readonly headCommit?: Oid | undefined
  readonly base: string
  /** Login name, or what the host shows for it. */
  readonly author?: string | undefined
  readonly labels: readonly string[]
  readonly assignees: readonly string[]
  readonly reviewers: readonly string[]
  readonly teamReviewers: readonly string[]
  readonly milestone?: string | undefined
  readonly autoMerge: boolean
  /** Milliseconds since the epoch, as the next ones. */
  readonly createdAt: number
  readonly updatedAt: number
  /** When it was closed or merged, where the host knows. */
  readonly closedAt?: number | undefined
  /** The commit that brought it into the base, where the host knows. */
  readonly mergeCommit?: Oid | undefined
}

/** What a call that writes a pull request did. */
export interface PullRequestResult {
  readonly number: number
  readonly url: string
  readonly state: PullRequestState
  readonly action: 'created' | 'updated' | 'unchanged'
  /** What was asked for and the host cannot do. */
  readonly ignored: readonly IgnoredField[]
  readonly warnings: readonly PullRequestWarning[]
}

export interface IgnoredField {
  readonly field: OptionalField
  /** Which entries of a list, or the milestone. Empty for fields that are not text. */
  readonly values: readonly string[]
  /** For people. */
  readonly reason: string
}

/**
 * Something that was done otherwise than asked.
 *
 * - `KEPT`: the field was changed by other means than `createPullRequest` since that last set it, and stays.
 * - `LABEL_CREATED`: the repository had no such label.
 */
export interface PullRequestWarning {
  readonly code: 'KEPT' | 'LABEL_CREATED'
  readonly field: 'title' | 'description' | OptionalField
  /** For people. */
  readonly message: string
}

export interface PullRequestQuery {
  readonly repository: RepositoryReference
  /** Default `open`. */
  readonly state?: PullRequestState | 'all' | undefined
  /** Only this head branch. */
  readonly head?: string | undefined
  /** Repository of `head` when it is a fork. */
  readonly headRepository?: RepositoryReference | undefined
  /** Only this base branch. */
  readonly base?: string | undefined
  /** At most so many, the newest. Default: all. */
  readonly limit?: number | undefined
}

export interface PullRequestList {
  /** Newest (highest number) first. */
  readonly pullRequests: readonly PullRequest[]
  /** Those that are there but cannot be read; they match any query. */
  readonly unreadable: readonly { readonly number: number; readonly error: Error }[]
}
