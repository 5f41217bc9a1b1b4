import { gitErrors, parseRepositoryReference, type RepositoryReference } from '@lg/git'
import type { PullRequest } from '@lg/pull-request'
import { readDescription, type Proposed } from '@lg/pull-request/hosted'
import { readAnswer, type AnswerReader } from '@lg/pull-request/http'
import { sameName, type Target } from './host-context.ts'

/** A pull request, and what only the provider needs of it. */
export interface HostPullRequest {
  readonly pullRequest: PullRequest
  /** The description as Azure DevOps has it, with the marker. */
  readonly body: string
  readonly proposed: Proposed | undefined
  readonly reviewers: readonly Reviewer[]
  readonly labels: readonly HostLabel[]
  readonly repositoryId: string
  readonly projectId: string
  /** Of the fork that the head is in. */
  readonly forkId: string | undefined
  /** `succeeded`, `queued`, `notSet`, `conflicts`, `rejectedByPolicy`, `failure`: whether a merge would work. */
  readonly mergeStatus: string
  readonly mergeFailure: string | undefined
}

/** Somebody who is asked for a review, by the name that people know and the GUID that the API wants. */
export interface Reviewer {
  readonly id: string
  readonly name: string
  /** A team or another group. */
  readonly team: boolean
}

export interface HostLabel {
  readonly id: string
  readonly name: string
}

const states: Readonly<Record<string, PullRequest['state']>> = {
  active: 'open',
  abandoned: 'closed',
  completed: 'merged',
}
const nobody = '00000000-0000-0000-0000-000000000000'

/**
 * @param repository the one that was asked for, as the caller wrote it.
 * @throws {LgError} `BAD_ANSWER`.
 */
export function toPullRequest(
  data: unknown,
  { repository, target }: { readonly repository: RepositoryReference; readonly target: Target },
): HostPullRequest {
  const pull = readAnswer(data, 'pull request')
  const number = pull.number('pullRequestId')
  const body = pull.optionalText('description') ?? ''
  const { description, proposed } = readDescription(body)
  const base = pull.record('repository')
  const state = states[pull.text('status')] ?? 'closed'
  const fork = pull.optionalRecord('forkSource')?.record('repository')
  const headRepository = fork && forkOf(fork, target)
  const reviewers = pull.list('reviewers').map((reviewer) => toReviewer(reviewer, target))
  const labels = pull.list('labels').flatMap(toLabel)
  const [createdBy, setBy] = [pull.optionalRecord('createdBy'), pull.optionalRecord('autoCompleteSetBy')]
  const author = createdBy && nameOf(createdBy)
  const headCommit = pull.optionalRecord('lastMergeSourceCommit')?.oid('commitId')
  const mergeCommit = pull.optionalRecord('lastMergeCommit')?.oid('commitId')
  const [createdAt, closedAt] = [pull.time('creationDate'), pull.optionalTime('closedDate')]
  const closed = state !== 'open' && closedAt !== undefined
  return {
    body,
    proposed,
    reviewers,
    labels,
    repositoryId: base.text('id'),
    projectId: base.record('project').text('id'),
    forkId: fork?.text('id'),
    mergeStatus: pull.optionalText('mergeStatus') ?? 'notSet',
    mergeFailure: pull.optionalText('mergeFailureMessage'),
    pullRequest: {
      repository,
      number,
      url: `${target.page}/pullrequest/${number}`,
      state,
      title: pull.text('title'),
      description,
      draft: pull.value['isDraft'] === true,
      head: branchOf(pull.text('sourceRefName')),
      ...(headRepository !== undefined && { headRepository }),
      ...(headCommit !== undefined && { headCommit }),
      base: branchOf(pull.text('targetRefName')),
      ...(author !== undefined && { author }),
      labels: labels.map(({ name }) => name),
      assignees: [],
      reviewers: reviewers.flatMap(({ name, team }) => (team ? [] : [name])),
      teamReviewers: reviewers.flatMap(({ name, team }) => (team ? [name] : [])),
      autoMerge: setBy !== undefined && setBy.text('id') !== nobody,
      createdAt,
      // It is not told when one was changed.
      updatedAt: closed ? Math.max(createdAt, closedAt) : createdAt,
      ...(closed && { closedAt }),
      ...(state === 'merged' && mergeCommit !== undefined && { mergeCommit }),
    },
  }
}

/** None when it was taken away from the project. */
export function toLabel(label: AnswerReader): readonly HostLabel[] {
  return label.value['active'] === false ? [] : [{ id: label.text('id'), name: label.text('name') }]
}

/** Groups of the repository's own project go without the `[Project]\` before their name. */
export function withoutProject(name: string, project: string): string {
  const [, prefix, rest] = /^\[([^\]]*)\]\\(.+)$/s.exec(name) ?? []
  return prefix !== undefined && rest !== undefined && sameName(prefix, project) ? rest : name
}

function toReviewer(reviewer: AnswerReader, { project }: Target): Reviewer {
  const team = reviewer.value['isContainer'] === true
  // The unique name of a group is an address that nobody knows.
  const name = team ? withoutProject(reviewer.text('displayName'), project) : nameOf(reviewer)
  return { id: reviewer.text('id'), name, team }
}

function nameOf(person: AnswerReader): string {
  return person.optionalText('uniqueName') || person.text('displayName')
}

function branchOf(ref: string): string {
  return ref.replace(/^refs\/heads\//, '')
}

function forkOf(fork: AnswerReader, { collectionUrl }: Target): RepositoryReference | undefined {
  const parts = [fork.record('project').text('name'), '_git', fork.text('name')].map(encodeURIComponent)
  try {
    return parseRepositoryReference(`${collectionUrl.replace(/\/_apis$/, '')}/${parts.join('/')}`)
  } catch (error) {
    if (gitErrors.is(error, 'INVALID_REPOSITORY')) return undefined
    throw error
  }
}
