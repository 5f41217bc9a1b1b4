import type { Oid } from '@lg/git'

/**
 * How a storage keeps its pull requests and their branches in order: one pull request for each key, on a branch that the
 * key names. Pull requests whose branch holds a commit of somebody else are left as they are.
 */
export interface PullRequestPolicy {
  /**
   * Name of the head branches; all that begin with what stands before `{key}` are of the policy. `{key}` is what a pull request is about. `{hash}`, where it stands, is eight digits of what
   * it changes: then another change for the same key opens another pull request, and the one before is closed as
   * superseded; without, that is updated. Default `lg/{key}`.
   */
  readonly branch?: string | undefined
  /** How many pull requests of this policy may be open for the base at once. Default: any number. */
  readonly limit?: number | undefined
}

/** `superseded`: another pull request of the same key was opened. `resolved`: nothing is left to change. */
export type CloseReason = 'superseded' | 'resolved'

/** What was done to keep order, and what was not. */
export interface TidyReport {
  readonly closed: readonly {
    readonly number: number
    readonly branch: string
    readonly reason: CloseReason
  }[]
  /** Branches of the remote. */
  readonly deleted: readonly string[]
  /** Branches left as they are, for a commit on them that no transaction made. */
  readonly kept: readonly { readonly branch: string; readonly commit: Oid }[]
  /** Tried again the next time. */
  readonly failed: readonly { readonly branch: string; readonly error: unknown }[]
}
