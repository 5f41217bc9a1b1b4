import type { RepositoryReference } from '@lg/git'
import type { MergeMethod } from './merge.ts'

/**
 * What a pull request should be. There is no author: every host takes the owner of the token.
 *
 * Names of people are login names without `@`.
 */
export interface PullRequestSpec {
  /** Where the pull request is opened: the repository of the base branch. */
  readonly repository: RepositoryReference
  /** Branch that holds the change, without `refs/heads/`. */
  readonly head: string
  /** Repository of the head branch when it is a fork. Default: `repository`. */
  readonly headRepository?: RepositoryReference | undefined
  /** Branch that the change is for. */
  readonly base: string
  /** One line. */
  readonly title: string
  /** Markdown. Default: empty. */
  readonly description?: string | undefined
  readonly labels?: readonly string[] | undefined
  readonly assignees?: readonly string[] | undefined
  readonly reviewers?: readonly string[] | undefined
  readonly teamReviewers?: readonly string[] | undefined
  /** By its exact title. */
  readonly milestone?: string | undefined
  /** Default: ready for review; one that is open already stays as it is. */
  readonly draft?: boolean | undefined
  /** Merge as soon as the host's conditions are met. Default false. */
  readonly autoMerge?: boolean | AutoMerge | undefined
  /** Refuse with `UNSUPPORTED`, before anything is created, what would else be `ignored`. Default false. */
  readonly strict?: boolean | undefined
}

export interface AutoMerge {
  /** Default: the repository's own. */
  readonly method?: MergeMethod | undefined
  /** Default false. */
  readonly deleteBranch?: boolean | undefined
}

/** The fields of a spec that decorate a pull request, and that a host may lack. */
export type OptionalField =
  'labels' | 'assignees' | 'reviewers' | 'teamReviewers' | 'milestone' | 'draft' | 'autoMerge'

/** What to change; a field that is absent stays. */
export interface PullRequestUpdate {
  readonly title?: string | undefined
  readonly description?: string | undefined
  /** Another base branch. */
  readonly base?: string | undefined
  readonly labels?: ListChange | undefined
  readonly assignees?: ListChange | undefined
  readonly reviewers?: ListChange | undefined
  readonly teamReviewers?: ListChange | undefined
  /** `null` takes it away. */
  readonly milestone?: string | null | undefined
  readonly draft?: boolean | undefined
  /** `false` takes it away. */
  readonly autoMerge?: boolean | AutoMerge | undefined
  /** As in {@link PullRequestSpec.strict}. */
  readonly strict?: boolean | undefined
}

/** Entries to add and to take away; all others stay. What is named in both is added. */
export interface ListChange {
  readonly add?: readonly string[] | undefined
  readonly remove?: readonly string[] | undefined
}
