import type { RepositoryReference } from '@lg/git'
import type { PullRequest, PullRequestState } from '@lg/pull-request'
import { readDescription, type Proposed } from '@lg/pull-request/hosted'
import { readAnswer, type AnswerReader } from '@lg/pull-request/http'
import { draftPrefix } from './capabilities.ts'
import { unescapeQuickActions } from './quick-actions.ts'

/** A merge request, and what only the provider needs of it. */
export interface HostPullRequest {
  readonly pullRequest: PullRequest
  readonly proposed: Proposed | undefined
  readonly assignees: readonly Person[]
  readonly reviewers: readonly Person[]
  /** Project of the head; absent when it is gone. */
  readonly sourceProject: number | undefined
  readonly targetProject: number
  /** See `mergeability.ts`. */
  readonly mergeStatus: string
  readonly hasConflicts: boolean
  /** All that GitLab said; lists say less. */
  readonly answer: AnswerReader
}

/** GitLab writes numbers where people write login names. */
export interface Person {
  readonly id: number
  readonly login: string
}

const draftTitle = /^(?:(?:\[draft\]|\(draft\)|draft:)\s*)+/i

/** Whether GitLab takes a title for that of a draft. */
export function isDraftTitle(title: string): boolean {
  return draftTitle.test(title.trimStart())
}

/** The title without what makes it that of a draft. */
export function plainTitle(title: string, draft: boolean): string {
  return draft ? title.replace(draftTitle, '') : title
}

/** The title as GitLab has it: a prefix says that it is a draft. */
export function hostTitle({ title, draft }: Pick<PullRequest, 'title' | 'draft'>): string {
  return draft ? `${draftPrefix}${title}` : title
}

/**
 * @param headRepository where the head is, when it is in a fork.
 * @throws {LgError} `BAD_ANSWER`.
 */
export function toPullRequest(
  data: unknown,
  repository: RepositoryReference,
  headRepository?: RepositoryReference,
): HostPullRequest {
  const pull = readAnswer(data, 'merge request')
  const { description: text, proposed } = readDescription(pull.optionalText('description') ?? '')
  const state = stateOf(pull.text('state'))
  const draft = (pull.value['draft'] ?? pull.value['work_in_progress']) === true
  const [assignees, reviewers] = [peopleOf(pull, 'assignees'), peopleOf(pull, 'reviewers')]
  const author = pull.optionalRecord('author')?.text('username')
  const milestone = pull.optionalRecord('milestone')?.text('title')
  const headCommit = pull.optionalText('sha') === undefined ? undefined : pull.oid('sha')
  const closedAt = pull.optionalTime('merged_at') ?? pull.optionalTime('closed_at')
  const mergeCommit =
    pull.optionalText('merge_commit_sha') ??
    pull.optionalText('squash_commit_sha') ??
    pull.optionalText('sha')
  return {
    proposed,
    assignees,
    reviewers,
    sourceProject: pull.value['source_project_id'] === null ? undefined : pull.number('source_project_id'),
    targetProject: pull.number('target_project_id'),
    mergeStatus: mergeStatusOf(pull),
    hasConflicts: pull.value['has_conflicts'] === true,
    answer: pull,
    pullRequest: {
      repository,
      number: pull.number('iid'),
      url: pull.text('web_url'),
      state,
      title: plainTitle(pull.text('title'), draft),
      description: unescapeQuickActions(text),
      draft,
      head: pull.text('source_branch'),
      ...(headRepository !== undefined && { headRepository }),
      ...(headCommit !== undefined && { headCommit }),
      base: pull.text('target_branch'),
      ...(author !== undefined && { author }),
      labels: pull.texts('labels'),
      assignees: assignees.map(({ login }) => login),
      reviewers: reviewers.map(({ login }) => login),
      teamReviewers: [],
      ...(milestone !== undefined && { milestone }),
      autoMerge: state === 'open' && pull.value['merge_when_pipeline_succeeds'] === true,
      createdAt: pull.time('created_at'),
      updatedAt: pull.time('updated_at'),
      ...(state !== 'open' && closedAt !== undefined && { closedAt }),
      ...(state === 'merged' && mergeCommit !== undefined && { mergeCommit }),
    },
  }
}

function stateOf(state: string): PullRequestState {
  // `locked` is one that is being merged.
  return state === 'merged' || state === 'closed' ? state : 'open'
}

function mergeStatusOf(pull: AnswerReader): string {
  // It is being merged, and no longer open for that.
  if (pull.text('state') === 'locked') return 'checking'
  return pull.optionalText('detailed_merge_status') ?? pull.optionalText('merge_status') ?? 'unchecked'
}

function peopleOf(pull: AnswerReader, field: string): readonly Person[] {
  return pull.list(field).map((user) => ({ id: user.number('id'), login: user.text('username') }))
}
