import type { MergeMethod } from './merge.ts'

/**
 * What a host can do at best; a plan, a version or a setting of one repository may allow less, which shows in
 * `ignored`. A decoration that is asked for and missing is `ignored` or, when strict, refused with
 * `UNSUPPORTED`; every other missing thing is always refused.
 */
export interface PullRequestCapabilities {
  /** `create`: a label that the repository does not have is made; `existing`: only those it has. */
  readonly labels: 'create' | 'existing' | false
  /** How many; 0 for none, `Infinity` for any number. */
  readonly assignees: number
  readonly reviewers: number
  readonly teamReviewers: boolean
  readonly milestone: boolean
  readonly draft: boolean
  /** `autoMerge` of a spec and `whenChecksPass` of a merge. */
  readonly autoMerge: boolean
  /** In the order of preference. */
  readonly mergeMethods: readonly MergeMethod[]
  readonly reopen: boolean
  /** Heads in other repositories. */
  readonly forks: boolean
  readonly comments: boolean
  readonly checks: boolean
  /** `text`: whole files and patches; `patch`: patches only. */
  readonly diff: 'text' | 'patch' | false
  /**
   * Unicode characters. `Infinity` where there is no limit. A host that counts otherwise may take fewer of some, and
   * refuses the text with `VALIDATION`.
   */
  readonly titleLimit: number
  readonly descriptionLimit: number
  /** Where a comment may be longer, or must be shorter, than a description. Default: `descriptionLimit`. */
  readonly commentLimit?: number | undefined
}
