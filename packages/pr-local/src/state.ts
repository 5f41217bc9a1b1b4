import { gitErrors, type GitRepository, type Oid, type RepositoryReference } from '@lg/git'
import type { PullRequest } from '@lg/pull-request'
import type { CallOptions } from '@lg/runtime'
import type { PullRequestRecord } from './record.ts'
import type { Snapshot } from './snapshot.ts'

/** A record together with what the branches say now. */
export interface CurrentPullRequest {
  readonly record: PullRequestRecord
  /** `merged` also when somebody merged with plain Git. */
  readonly state: PullRequest['state']
  /** Tips now; absent when the branch is gone. */
  readonly headTip: Oid | undefined
  readonly baseTip: Oid | undefined
  /** The commit to be merged, or that was: the tip while it is open, else the one in the record. */
  readonly head: Oid
}

export async function currentState(
  git: GitRepository,
  record: PullRequestRecord,
  { branches }: Snapshot,
  options: CallOptions,
): Promise<CurrentPullRequest> {
  const headTip = branches.get(record.head)
  const baseTip = branches.get(record.base)
  if (record.state !== 'open')
    return { record, state: record.state, headTip, baseTip, head: record.headCommit }
  const head = headTip ?? record.headCommit
  const merged =
    baseTip !== undefined &&
    (await isContained(git, head, baseTip, options)) &&
    // Else the branch was only set back to where the base was before.
    !(await isContained(git, head, record.baseCommit, options))
  return { record, state: merged ? 'merged' : 'open', headTip, baseTip, head }
}

/** False, too, when the container is not known: a base that was rewritten may be gone. */
export async function isContained(
  git: GitRepository,
  commit: Oid,
  container: Oid,
  { signal }: CallOptions,
): Promise<boolean> {
  try {
    return await git.isAncestor(commit, container, { signal })
  } catch (error) {
    if (gitErrors.is(error, 'OBJECT_NOT_FOUND')) return false
    throw error
  }
}

export function toPullRequest(
  { record, state, head }: CurrentPullRequest,
  repository: RepositoryReference,
  url: string,
): PullRequest {
  const { closedAt, milestone, mergeCommit } = record
  return {
    repository,
    number: record.number,
    url,
    state,
    title: record.title,
    description: record.description,
    draft: record.draft,
    head: record.head,
    headCommit: head,
    base: record.base,
    author: record.author,
    labels: record.labels,
    assignees: record.assignees,
    reviewers: record.reviewers,
    teamReviewers: record.teamReviewers,
    ...(milestone !== undefined && { milestone }),
    autoMerge: false,
    createdAt: Date.parse(record.createdAt),
    updatedAt: Date.parse(record.updatedAt),
    ...(closedAt !== undefined && { closedAt: Date.parse(closedAt) }),
    ...(mergeCommit !== undefined && { mergeCommit }),
  }
}
