import { defineErrors, type ErrorFamily } from '@lg/runtime'

/** The codes of `@lg/gitdir`. What the Git engine reports comes through with the codes of `GitErrors`. */
export interface GitDirectoryErrors {
  /** An option that cannot be meant: the first thing to look at is named. */
  INVALID_OPTION: { readonly option: string; readonly reason: string }
  /** Asked for something that exists only after `start()`. */
  NOT_STARTED: { readonly remote: string }
  /** A push without credentials. */
  READ_ONLY: { readonly remote: string }
  /** The remote has no branch at all. `branch` is absent when the remote does not tell its default. */
  REPOSITORY_EMPTY: { readonly remote: string; readonly branch?: string | undefined }
  /** The remote has branches (some are named in `branches`), but not this one. */
  BRANCH_NOT_FOUND: { readonly remote: string; readonly branch: string; readonly branches: readonly string[] }
  /** No branch was asked for, and the remote's HEAD names none. */
  DEFAULT_BRANCH_UNKNOWN: { readonly remote: string; readonly branches: readonly string[] }
  /** `resume()` without a `suspend()` before it. */
  NOT_SUSPENDED: { readonly remote: string }
}

export type GitDirectoryErrorCode = keyof GitDirectoryErrors

export const gitDirectoryErrors: ErrorFamily<GitDirectoryErrors> = defineErrors()
