import { gitErrors, parseRepositoryReference, type RepositoryReference } from '@lg/git'
import type { PullRequest } from '@lg/pull-request'
import { readDescription, type Proposed } from '@lg/pull-request/hosted'
import { readAnswer, type AnswerReader } from '@lg/pull-request/http'
import { sameName } from './host-context.ts'

/** A pull request, and what only the provider needs of it. */
export interface HostPullRequest {
  readonly pullRequest: PullRequest
  /** The description as GitHub has it, with the marker. */
  readonly body: string
  readonly proposed: Proposed | undefined
  /** Its name in GraphQL. */
  readonly nodeId: string
  /** `owner/name` of the repository of the head; absent when that is gone. */
  readonly headFullName: string | undefined
  /** Absent as long as GitHub has not worked it out, and in lists. */
  readonly mergeable: boolean | undefined
  /** `clean`, `dirty`, `blocked`, `behind`, `unstable`, `draft`, `has_hooks`, `unknown`. */
  readonly mergeableState: string
}

/** @throws {LgError} `BAD_ANSWER`. */
export function toPullRequest(data: unknown, repository: RepositoryReference): HostPullRequest {
  const pull = readAnswer(data, 'pull request')
  const [head, base] = [pull.record('head'), pull.record('base')]
  const mergedAt = pull.optionalTime('merged_at')
  const closedAt = mergedAt ?? pull.optionalTime('closed_at')
  const open = pull.text('state') === 'open'
  const state =
    mergedAt !== undefined ? 'merged'
    : open ? 'open'
    : 'closed'
  const body = pull.optionalText('body') ?? ''
  const { description, proposed } = readDescription(body)
  const headRepository = head.optionalRecord('repo')
  const fork = headRepository && forkOf(headRepository, base.record('repo'))
  const milestone = pull.optionalRecord('milestone')?.text('title')
  const author = pull.optionalRecord('user')?.text('login')
  const mergeCommit = mergedAt === undefined ? undefined : pull.optionalText('merge_commit_sha')
  const mergeable = pull.value['mergeable']
  return {
    body,
    proposed,
    nodeId: pull.text('node_id'),
    headFullName: headRepository?.text('full_name'),
    mergeable: typeof mergeable === 'boolean' ? mergeable : undefined,
    mergeableState: pull.optionalText('mergeable_state') ?? 'unknown',
    pullRequest: {
      repository,
      number: pull.number('number'),
      url: pull.text('html_url'),
      state,
      title: pull.text('title'),
      description,
      draft: pull.value['draft'] === true,
      head: head.text('ref'),
      ...(fork !== undefined && { headRepository: fork }),
      headCommit: head.oid('sha'),
      base: base.text('ref'),
      ...(author !== undefined && { author }),
      labels: pull.list('labels').map((label) => label.text('name')),
      assignees: pull.list('assignees').map((user) => user.text('login')),
      reviewers: pull.list('requested_reviewers').map((user) => user.text('login')),
      teamReviewers: pull.list('requested_teams').map((team) => team.text('slug')),
      ...(milestone !== undefined && { milestone }),
      autoMerge: pull.optionalRecord('auto_merge') !== undefined,
      createdAt: pull.time('created_at'),
      updatedAt: pull.time('updated_at'),
      ...(closedAt !== undefined && { closedAt }),
      ...(mergeCommit !== undefined && { mergeCommit }),
    },
  }
}

function forkOf(head: AnswerReader, base: AnswerReader): RepositoryReference | undefined {
  if (sameName(head.text('full_name'), base.text('full_name'))) return undefined
  try {
    return parseRepositoryReference(`${head.text('html_url')}.git`)
  } catch (error) {
    if (gitErrors.is(error, 'INVALID_REPOSITORY')) return undefined
    throw error
  }
}
