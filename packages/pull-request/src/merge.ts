import type { Oid } from '@lg/git'

/**
 * How a change comes into the base:
 *
 * - `merge`: a merge commit, also where a fast-forward would do
 * - `squash`: one new commit
 * - `rebase`: the same commits, put on top of the base where it has moved
 * - `fast-forward`: the base branch is moved; refused where it has moved
 */
export type MergeMethod = 'merge' | 'squash' | 'rebase' | 'fast-forward'

export interface MergeRequest {
  /** Default: the repository's own, else the first of the capabilities that it allows. */
  readonly method?: MergeMethod | undefined
  /** Merge only when this is still the tip of the head branch; else `CONFLICT`. Default: whatever it is. */
  readonly expectedHead?: Oid | undefined
  /** Do not merge now but as soon as the host's conditions are met. Default false. */
  readonly whenChecksPass?: boolean | undefined
  /** Delete the head branch after the merge. Default false. */
  readonly deleteBranch?: boolean | undefined
  /** First line of the merge or squash commit. Default: the host's own. */
  readonly title?: string | undefined
  /** Rest of its message. Default: the host's own. */
  readonly message?: string | undefined
}

/** `scheduled`: the host will merge when its conditions are met. */
export type MergeResult =
  | {
      readonly outcome: 'merged'
      /** The commit that brought it into the base, where the host knows. */
      readonly commit?: Oid | undefined
    }
  | { readonly outcome: 'scheduled' }

/** Whether the host would merge now. `unknown`: it has not worked it out yet; ask again. */
export type Mergeability =
  | { readonly status: 'mergeable'; readonly head?: Oid | undefined }
  | {
      readonly status: 'blocked'
      readonly head?: Oid | undefined
      readonly blockers: readonly MergeBlocker[]
    }
  | { readonly status: 'unknown' }

export interface MergeBlocker {
  readonly reason: MergeBlockReason
  /** For people. */
  readonly message: string
  /** Files that conflict, where the host knows them. */
  readonly paths?: readonly string[] | undefined
}

/**
 * - `empty`: the head has no commit that the base lacks.
 * - `behind`: the base has commits that the head lacks, and the host or the method wants them.
 * - `method`: the method is not allowed, or not possible for these commits.
 * - `missing`: a branch is gone.
 * - `protected`: a rule of the host that has no word here.
 */
export type MergeBlockReason =
  | 'conflicts'
  | 'empty'
  | 'closed'
  | 'draft'
  | 'checks'
  | 'approvals'
  | 'behind'
  | 'method'
  | 'missing'
  | 'protected'

export type CheckState = 'pending' | 'success' | 'failure' | 'neutral'

/** What automatic checks say of the head commit. */
export interface Checks {
  readonly head: Oid
  /** The worst of all; `none` when there is no check. */
  readonly state: CheckState | 'none'
  readonly checks: readonly Check[]
}

export interface Check {
  readonly name: string
  readonly state: CheckState
  readonly url?: string | undefined
  readonly description?: string | undefined
}
