import type { HostContext } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostComment, HostPull } from '../host-state.ts'
import { guidOf, guidOfRepository } from './ids.ts'

/** Objects as Azure DevOps sends them. Times have seven digits behind the point. */

export const isoTime = (time: number): string => new Date(time).toISOString().replace('Z', '0000Z')

/** Everybody shows as what stands before the `@`, so two may look alike. */
export const shownName = (login: string): string => login.replace(/@.*$/, '')

export function personShape(login: string, { apiUrl }: HostContext): Record<string, unknown> {
  const id = guidOf(login)
  return {
    displayName: shownName(login),
    url: `${apiUrl}/_apis/Identities/${id}`,
    id,
    uniqueName: login,
    descriptor: `aad.${id}`,
  }
}

/** Groups of a project show with its name. */
export const groupName = (team: string, project: string): string =>
  team.startsWith('[') ? team : `[${project}]\\${team}`

function groupShape(team: string, project: string, { apiUrl }: HostContext): Record<string, unknown> {
  const displayName = groupName(team, project)
  const id = guidOf(displayName)
  return {
    displayName,
    url: `${apiUrl}/_apis/Identities/${id}`,
    id,
    uniqueName: `vstfs:///Classification/TeamProject/${guidOf(project)}\\${team}`,
    isContainer: true,
    descriptor: `vssgp.${id}`,
  }
}

export const projectOf = ({ owner }: HostRepository): string => owner.split('/').at(-1) ?? ''

/** Inside of other answers it has less. */
export function repositoryShape(
  repository: HostRepository,
  { apiUrl, url }: HostContext,
  whole = true,
): Record<string, unknown> {
  const { id, name, owner } = repository
  const project = projectOf(repository)
  const page = `${url}/${[...owner.split('/'), '_git', name].map(encodeURIComponent).join('/')}`
  const guid = guidOfRepository(id)
  return {
    id: guid,
    name,
    url: `${apiUrl}/_apis/git/repositories/${guid}`,
    project: { id: guidOf(project), name: project, state: 'wellFormed', visibility: 'private' },
    ...(whole && {
      defaultBranch: 'refs/heads/main',
      size: 1,
      remoteUrl: page,
      webUrl: page,
      isDisabled: false,
    }),
  }
}

export function labelShape(name: string): Record<string, unknown> {
  return { id: guidOf(`label ${name}`), name, active: true }
}

export interface PullShapeOptions {
  readonly mergeStatus: string
  /** Only the answer to a creation, and lists, have the labels. */
  readonly labels: boolean
  /** Lists cut the description. */
  readonly cut: boolean
}

export function pullShape(
  pull: HostPull,
  repository: HostRepository,
  context: HostContext,
  { mergeStatus, labels, cut }: PullShapeOptions,
): Record<string, unknown> {
  const { number, state, mergeCommit, headRepository } = pull
  const fork = headRepository === repository.fullName ? undefined : context.repository(headRepository)
  const project = projectOf(repository)
  const statuses = { open: 'active', closed: 'abandoned', merged: 'completed' }
  const answered = [...pull.reviewers, ...pull.reviewed].map((login) => ({
    ...personShape(login, context),
    vote: pull.reviewed.includes(login) ? 10 : 0,
    hasDeclined: false,
    isFlagged: false,
  }))
  const groups = pull.teams.map((team) => ({ ...groupShape(team, project, context), vote: 0 }))
  return {
    repository: repositoryShape(repository, context, false),
    pullRequestId: number,
    codeReviewId: number,
    status: statuses[state],
    createdBy: personShape(pull.author, context),
    creationDate: isoTime(pull.createdAt),
    ...(pull.closedAt !== undefined && { closedDate: isoTime(pull.closedAt) }),
    title: pull.title,
    ...(pull.body !== '' && { description: cut ? pull.body.slice(0, 400) : pull.body }),
    sourceRefName: `refs/heads/${pull.head}`,
    targetRefName: `refs/heads/${pull.base}`,
    mergeStatus,
    isDraft: pull.draft,
    lastMergeSourceCommit: { commitId: pull.headCommit },
    lastMergeTargetCommit: { commitId: pull.baseCommit },
    ...(mergeCommit !== undefined && { lastMergeCommit: { commitId: mergeCommit } }),
    reviewers: [...answered, ...groups],
    ...(labels && pull.labels.length > 0 && { labels: pull.labels.map(labelShape) }),
    ...(pull.autoMerge !== undefined && { autoCompleteSetBy: personShape(context.login, context) }),
    ...(fork !== undefined && {
      forkSource: {
        name: `refs/heads/${pull.head}`,
        objectId: pull.headCommit,
        repository: repositoryShape(fork, context, false),
      },
    }),
    url: `${context.apiUrl}/_apis/git/pullRequests/${number}`,
    supportsIterations: true,
  }
}

export function commentShape(
  { author, body, createdAt, updatedAt }: HostComment,
  context: HostContext,
): Record<string, unknown> {
  return {
    id: 1,
    parentCommentId: 0,
    author: personShape(author, context),
    content: body,
    publishedDate: isoTime(createdAt),
    lastUpdatedDate: isoTime(updatedAt),
    lastContentUpdatedDate: isoTime(updatedAt),
    commentType: 'text',
  }
}

export function threadShape(comment: HostComment, context: HostContext): Record<string, unknown> {
  return {
    id: comment.id,
    publishedDate: isoTime(comment.createdAt),
    lastUpdatedDate: isoTime(comment.updatedAt),
    comments: [commentShape(comment, context)],
    isDeleted: false,
  }
}
