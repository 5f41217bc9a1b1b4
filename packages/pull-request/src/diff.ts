import type { Oid } from '@lg/git'

/**
 * What a pull request changes: from the best common ancestor of both branches (where there is none, from the
 * base) to the head.
 */
export interface PullRequestDiff {
  readonly from: Oid
  readonly to: Oid
  /** Ordered by path. */
  readonly files: readonly FileDiff[]
  /** The host left files out. */
  readonly truncated: boolean
}

export interface FileDiff {
  readonly type: 'added' | 'modified' | 'deleted' | 'renamed'
  readonly path: string
  /** Of a renamed file. */
  readonly previousPath?: string | undefined
  /** The whole text on either side, when the capability `diff` is `text`; absent where there is no file. */
  readonly before?: string | undefined
  readonly after?: string | undefined
  /** Unified diff of this file with three lines of context, headers included, as `git apply` takes it. */
  readonly patch?: string | undefined
  /** Why there is neither text nor patch. */
  readonly omitted?: 'binary' | 'tooLarge' | undefined
}
