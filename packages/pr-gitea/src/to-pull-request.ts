import { gitErrors, isOid, parseRepositoryReference, type Oid, type RepositoryReference } from '@lg/git'
import type { PullRequest } from '@lg/pull-request'
import { readDescription, type Proposed } from '@lg/pull-request/hosted'
import { readAnswer, type AnswerReader } from '@lg/pull-request/http'
import { sameName, type HostContext } from './host-context.ts'

/** A pull request, and what only the provider needs of it. */
export interface HostPullRequest {
  readonly pullRequest: PullRequest
  readonly proposed: Proposed | undefined
  /** With the prefix of a draft. */
  readonly hostTitle: string
  /** Goes up with each change of the description; absent in old versions. */
  readonly contentVersion: number | undefined
  /** What Gitea knows the labels by. */
  readonly labelIds: ReadonlyMap<string, number>
  /** `owner/name` of the repository of the head; absent when that is gone. */
  readonly headFullName: string | undefined
  /** False also for drafts, and as long as Gitea has not worked it out. */
  readonly mergeable: boolean
  /** Where head and base part; absent when they have nothing in common. */
  readonly mergeBase: Oid | undefined
  /** Tip of the base branch; absent when that is gone. */
  readonly baseCommit: Oid | undefined
  /** The repository's own way to merge: `merge`, `rebase-merge`, `squash`. */
  readonly mergeStyle: string | undefined
}

/** @throws {LgError} `BAD_ANSWER`. */
export function toPullRequest(
  data: unknown,
  { repository, draftTitles }: Pick<HostContext, 'repository' | 'draftTitles'>,
): HostPullRequest {
  const pull = readAnswer(data, 'pull request')
  const [head, base] = [pull.record('head'), pull.record('base')]
  const merged = pull.value['merged'] === true
  const open = pull.text('state') === 'open'
  const state =
    merged ? 'merged'
    : open ? 'open'
    : 'closed'
  const closedAt = pull.optionalTime('merged_at') ?? pull.optionalTime('closed_at')
  const draft = pull.value['draft'] === true
  const hostTitle = pull.text('title')
  const { description, proposed } = readDescription(pull.optionalText('body') ?? '')
  const [headRepository, baseRepository] = [head.optionalRecord('repo'), base.optionalRecord('repo')]
  const headFullName = headRepository?.text('full_name')
  const fork = headRepository && forkOf(headRepository, baseRepository)
  const headCommit = optionalOid(head, 'sha')
  const milestone = pull.optionalRecord('milestone')?.text('title')
  const author = pull.optionalRecord('user')?.text('login')
  const mergeCommit = merged ? optionalOid(pull, 'merge_commit_sha') : undefined
  const labels = pull.list('labels')
  return {
    proposed,
    hostTitle,
    contentVersion: pull.value['content_version'] === undefined ? undefined : pull.number('content_version'),
    labelIds: new Map(labels.map((label) => [label.text('name'), label.number('id')])),
    headFullName,
    mergeable: pull.value['mergeable'] === true,
    mergeBase: optionalOid(pull, 'merge_base'),
    baseCommit: optionalOid(base, 'sha'),
    mergeStyle: baseRepository?.optionalText('default_merge_style'),
    pullRequest: {
      repository,
      number: pull.number('number'),
      url: pull.text('html_url'),
      state,
      title: draft ? draftTitles.without(hostTitle) : hostTitle,
      description,
      draft,
      head: branchOf(head),
      ...(fork !== undefined && { headRepository: fork }),
      ...(headCommit !== undefined && { headCommit }),
      base: base.text('ref'),
      ...(author !== undefined && { author }),
      labels: labels.map((label) => label.text('name')),
      assignees: pull.list('assignees').map((user) => user.text('login')),
      reviewers: pull.list('requested_reviewers').map((user) => user.text('login')),
      teamReviewers: pull.list('requested_reviewers_teams').map((team) => team.text('name')),
      ...(milestone !== undefined && { milestone }),
      // Gitea does not say.
      autoMerge: false,
      createdAt: pull.time('created_at'),
      updatedAt: pull.time('updated_at'),
      ...(closedAt !== undefined && { closedAt }),
      ...(mergeCommit !== undefined && { mergeCommit }),
    },
  }
}

/** Once the branch is gone, its name stands in the label only, and the ref is that of the pull request. */
function branchOf(head: AnswerReader): string {
  const [ref, label] = [head.text('ref'), head.optionalText('label') ?? '']
  return ref.startsWith('refs/') && label !== '' ? label : ref
}

/** Empty where Gitea finds no commit. */
function optionalOid(reader: AnswerReader, name: string): Oid | undefined {
  const text = reader.optionalText(name) ?? ''
  return isOid(text) ? text : undefined
}

function forkOf(head: AnswerReader, base: AnswerReader | undefined): RepositoryReference | undefined {
  if (sameName(head.text('full_name'), base?.text('full_name') ?? '')) return undefined
  try {
    return parseRepositoryReference(head.text('clone_url'))
  } catch (error) {
    if (gitErrors.is(error, 'INVALID_REPOSITORY')) return undefined
    throw error
  }
}
