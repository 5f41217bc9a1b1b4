import type { RepositoryReference } from '@lg/git'
import type { CallOptions } from '@lg/runtime'
import type { PullRequestCapabilities } from './capabilities.ts'
import type { Comment, CommentResult, NewComment } from './comment.ts'
import type { PullRequestDiff } from './diff.ts'
import type { Checks, Mergeability, MergeRequest, MergeResult } from './merge.ts'
import type {
  PullRequest,
  PullRequestList,
  PullRequestLocator,
  PullRequestQuery,
  PullRequestResult,
} from './pull-request.ts'
import type { PullRequestSpec, PullRequestUpdate } from './spec.ts'

/**
 * Pull requests of one host, for any number of its repositories.
 * Implementations must pass `pullRequestConformance` of `@lg/pull-request/testing`.
 *
 * Every call may fail with `UNAUTHENTICATED`, `FORBIDDEN`, `NOT_FOUND` (the repository), `RATE_LIMITED`,
 * `NETWORK`, `TIMEOUT` or `BAD_RESPONSE`; input that is wrong in itself is `VALIDATION`, and what the
 * capabilities lack is `UNSUPPORTED`, both before anything is sent. Any number of calls may run at once.
 *
 * @example
 * ```ts
 * const { number, url, action } = await provider.createPullRequest({
 *   repository, head: 'car-update-1f2e3d4c', base: 'main', title: 'Update Car speed', labels: ['user/bot'],
 * })
 * ```
 */
export interface PullRequestProvider {
  /** For messages: `github.com`, `local`. */
  readonly name: string
  readonly capabilities: PullRequestCapabilities
  /**
   * Creates the pull request, or updates the open one of the same head and base; running again does no harm.
   *
   * The spec is validated, then names are resolved, and only then is anything created. On an open one, labels
   * and people are added and those of others stay; a title, description, milestone or draft state that was
   * changed by other means since this call last set it stays too (warning `KEPT`); a field that the spec
   * leaves out is not touched.
   *
   * @throws {LgError} `BRANCH_NOT_FOUND`, `NO_CHANGES`, `UNKNOWN_USER`, `UNKNOWN_MILESTONE`, `UNKNOWN_LABEL`;
   *   `UNSUPPORTED` for a strict spec; `INCOMPLETE` when it exists but a later step failed; `CONFLICT` when
   *   others kept changing it.
   */
  createPullRequest(spec: PullRequestSpec, options?: CallOptions): Promise<PullRequestResult>
  /** The open pull request of a head and base, if there is one. */
  find(branches: PullRequestBranches, options?: CallOptions): Promise<PullRequest | undefined>
  list(query: PullRequestQuery, options?: CallOptions): Promise<PullRequestList>
  /** @throws {LgError} `NOT_FOUND` with the number. */
  get(locator: PullRequestLocator, options?: CallOptions): Promise<PullRequest>
  /**
   * Changes what `changes` names, whoever set it.
   *
   * @throws {LgError} as `createPullRequest`, and `ALREADY_EXISTS` when another one is open for the new base.
   */
  update(
    locator: PullRequestLocator,
    changes: PullRequestUpdate,
    options?: CallOptions,
  ): Promise<PullRequestResult>
  /**
   * Closes without merging. Nothing happens to one that is closed.
   *
   * @throws {LgError} `CONFLICT` when it is merged.
   */
  close(locator: PullRequestLocator, options?: CallOptions): Promise<PullRequestResult>
  /**
   * Opens a closed one again. Nothing happens to one that is open.
   *
   * @throws {LgError} `CONFLICT` when it is merged, `BRANCH_NOT_FOUND`, `ALREADY_EXISTS` when another one of
   *   the same head and base is open by now.
   */
  reopen(locator: PullRequestLocator, options?: CallOptions): Promise<PullRequestResult>
  /**
   * Merges. One that is merged already gives the same answer again, and a head branch that was to be deleted
   * and is still there is deleted.
   *
   * @throws {LgError} `NOT_MERGEABLE` with the blockers; `CONFLICT` when the head is not the expected one;
   *   `INCOMPLETE` when it is merged but the head branch could not be deleted.
   */
  merge(locator: PullRequestLocator, request?: MergeRequest, options?: CallOptions): Promise<MergeResult>
  /** Works on open, closed and merged ones. */
  comment(locator: PullRequestLocator, comment: NewComment, options?: CallOptions): Promise<CommentResult>
  /** Oldest first. */
  comments(locator: PullRequestLocator, options?: CallOptions): Promise<readonly Comment[]>
  mergeability(locator: PullRequestLocator, options?: CallOptions): Promise<Mergeability>
  checks(locator: PullRequestLocator, options?: CallOptions): Promise<Checks>
  diff(locator: PullRequestLocator, options?: CallOptions): Promise<PullRequestDiff>
}

/** A head and a base branch. */
export interface PullRequestBranches {
  readonly repository: RepositoryReference
  readonly head: string
  /** Repository of the head branch when it is a fork. */
  readonly headRepository?: RepositoryReference | undefined
  readonly base: string
}
