import type { Oid, RepositoryReference } from '@lg/git'

/** What a host tells of a repository. Each has been verified: the sender knows the secret. */
export type WebhookEvent = WebhookPush | WebhookPullRequest | WebhookOther | WebhookRepeated

/** Refs of a repository have moved. */
export interface WebhookPush {
  readonly type: 'push'
  /** The host's name for this delivery, where it gives one. */
  readonly id?: string | undefined
  readonly repository: RepositoryReference
  readonly changes: readonly WebhookRefChange[]
}

export interface WebhookRefChange {
  /** In full: `refs/heads/main`. */
  readonly ref: string
  /** Only of a branch: `main`. */
  readonly branch?: string | undefined
  /** `null`: it was not there. */
  readonly before: Oid | null
  /** `null`: it is gone. */
  readonly after: Oid | null
}

/**
 * - `updated`: anything but its state: commits, text, labels, people, reviews.
 * - `closed`: without being merged.
 */
export type WebhookPullRequestAction = 'opened' | 'updated' | 'reopened' | 'closed' | 'merged'

/** A pull request of the repository has changed. */
export interface WebhookPullRequest {
  readonly type: 'pullRequest'
  readonly id?: string | undefined
  /** Of the base branch. */
  readonly repository: RepositoryReference
  readonly action: WebhookPullRequestAction
  readonly number: number
  /** Page for people, where the host names one. */
  readonly url?: string | undefined
  readonly title: string
  readonly head: string
  readonly headCommit?: Oid | undefined
  readonly base: string
}

/** Verified, and about something else. `name` is the host's word for it, such as `ping`. */
export interface WebhookOther {
  readonly type: 'other'
  readonly id?: string | undefined
  readonly name: string
}

/** The very same delivery has come before, sent again by the host or by somebody who has seen it. */
export interface WebhookRepeated {
  readonly type: 'repeated'
  readonly id?: string | undefined
  readonly event: WebhookPush | WebhookPullRequest | WebhookOther
}

/** One that is not a repetition. */
export type FreshWebhookEvent = Exclude<WebhookEvent, WebhookRepeated>
