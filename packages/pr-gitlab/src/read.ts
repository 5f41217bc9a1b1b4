import { gitErrors, parseRepositoryReference, type RepositoryReference } from '@lg/git'
import {
  createPullRequestError,
  isSameRepository,
  type PullRequest,
  type PullRequestBranches,
  type PullRequestList,
  type PullRequestQuery,
} from '@lg/pull-request'
import { listOfEntries, readEntry, type ListEntry } from '@lg/pull-request/hosted'
import { readAnswer, refusalOf } from '@lg/pull-request/http'
import { listOf } from './api.ts'
import { readStatus } from './failure.ts'
import { projectOf, type HostContext } from './host-context.ts'
import { toPullRequest, type HostPullRequest } from './to-pull-request.ts'

/** @throws {LgError} `NOT_FOUND`, with the number unless it is the project that is not there. */
export async function read(context: HostContext, number: number): Promise<HostPullRequest> {
  const { api, project, repository, place } = context
  let data: unknown
  try {
    data = await api.mergeRequests.show(project, number)
  } catch (error) {
    if (refusalOf(error)?.status !== 404) throw error
    // Fails as the project does.
    await api.projects.show(project)
    throw createPullRequestError('NOT_FOUND', `there is no merge request ${number}`, place, { number })
  }
  const found = toPullRequest(data, repository)
  return withFork(found, await forkOf(context, found))
}

export async function get(context: HostContext, number: number): Promise<PullRequest> {
  return (await read(context, number)).pullRequest
}

export async function find(
  context: HostContext,
  branches: PullRequestBranches,
): Promise<PullRequest | undefined> {
  return (await findOpen(context, branches))?.pullRequest
}

/** The open one of a head and base, if there is one. */
export async function findOpen(
  context: HostContext,
  branches: PullRequestBranches,
): Promise<HostPullRequest | undefined> {
  for await (const entry of entriesOf(context, { ...branches, state: 'open' })) {
    if (entry.type === 'unreadable') throw entry.error
    return entry.found
  }
  return undefined
}

export async function list(context: HostContext, query: PullRequestQuery): Promise<PullRequestList> {
  return await listOfEntries(context, entriesOf(context, query), {
    limit: query.limit,
    readStatus,
    pick: ({ pullRequest }) => pullRequest,
  })
}

const states = { open: 'opened', closed: 'closed', merged: 'merged' } as const

/** All that GitLab has for a query, the newest first. */
async function* entriesOf(
  context: HostContext,
  query: PullRequestQuery,
): AsyncGenerator<ListEntry<HostPullRequest>, void> {
  const { api, project, repository } = context
  const { state = 'open', head, base, headRepository } = query
  const isFork =
    head !== undefined && headRepository !== undefined && !isSameRepository(headRepository, repository)
  const fork = isFork ? await idOf(context, headRepository).catch(noneWhereGone) : undefined
  if (isFork && fork === undefined) return
  const filter = {
    ...(state !== 'all' && { state: states[state] }),
    orderBy: 'created_at',
    sort: 'desc',
    ...(head !== undefined && { sourceBranch: head }),
    ...(base !== undefined && { targetBranch: base }),
    ...(fork !== undefined && { sourceProjectId: fork }),
  } as const
  const forks = new Map<number, RepositoryReference | undefined>()
  for await (const data of listOf('merge request', (page) =>
    api.mergeRequests.all({ projectId: project, ...filter, ...page }),
  )) {
    const entry = readEntry(
      () => toPullRequest(data.value, repository),
      () => data.number('iid'),
    )
    if (entry.type === 'unreadable') yield entry
    else {
      const { found } = entry
      const { sourceProject: source, targetProject } = found
      // The name of a branch is that of many, one in each fork.
      if (head !== undefined && source !== (fork ?? targetProject)) continue
      if (source !== undefined && !forks.has(source)) forks.set(source, await forkOf(context, found))
      yield { type: 'readable', found: withFork(found, source === undefined ? undefined : forks.get(source)) }
    }
  }
}

/** The number that GitLab knows a project by. */
export async function idOf(context: HostContext, repository: RepositoryReference): Promise<number> {
  const { api } = context
  return readAnswer(await api.projects.show(projectOf(repository, context)), 'project').number('id')
}

/** The repository of the head when it is a fork that the token sees. */
async function forkOf(
  { api }: HostContext,
  { sourceProject, targetProject }: HostPullRequest,
): Promise<RepositoryReference | undefined> {
  if (sourceProject === undefined || sourceProject === targetProject) return undefined
  const data = await api.projects.show(sourceProject).catch(noneWhereGone)
  if (data === undefined) return undefined
  try {
    return parseRepositoryReference(readAnswer(data, 'project').text('http_url_to_repo'))
  } catch (error) {
    if (gitErrors.is(error, 'INVALID_REPOSITORY')) return undefined
    throw error
  }
}

function withFork(found: HostPullRequest, headRepository: RepositoryReference | undefined): HostPullRequest {
  if (headRepository === undefined) return found
  return { ...found, pullRequest: { ...found.pullRequest, headRepository } }
}

/** For what may be gone or not visible. */
export function noneWhereGone(error: unknown): undefined {
  const status = refusalOf(error)?.status
  if (status !== 404 && status !== 403) throw error
  return undefined
}
