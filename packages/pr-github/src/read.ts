import {
  createPullRequestError,
  type PullRequest,
  type PullRequestBranches,
  type PullRequestList,
  type PullRequestQuery,
} from '@lg/pull-request'
import { listOfEntries, readEntry, type ListEntry } from '@lg/pull-request/hosted'
import { hasNextPage, itemsOf, readAnswer, refusalOf } from '@lg/pull-request/http'
import { readStatus } from './failure.ts'
import { sameName, type HostContext } from './host-context.ts'
import { toPullRequest, type HostPullRequest } from './to-pull-request.ts'

/** What GitHub gives at most. */
export const pageSize = 100

/** @throws {LgError} `NOT_FOUND`, with the number unless it is the repository that is not there. */
export async function read(context: HostContext, number: number): Promise<HostPullRequest> {
  const { api, target, place } = context
  try {
    const { data } = await api.rest.pulls.get({ ...target, pull_number: number })
    return toPullRequest(data, context.repository)
  } catch (error) {
    if (refusalOf(error)?.status !== 404) throw error
    // Fails as the repository does.
    await api.rest.repos.get({ ...target })
    throw createPullRequestError('NOT_FOUND', `there is no pull request ${number}`, place, { number })
  }
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
    if (matches(entry.found, branches)) return entry.found
  }
  return undefined
}

export async function list(context: HostContext, query: PullRequestQuery): Promise<PullRequestList> {
  const { state = 'open', limit } = query
  return await listOfEntries(context, entriesOf(context, query), {
    limit,
    readStatus,
    pick(found) {
      const wanted = state === 'all' || found.pullRequest.state === state
      return wanted && matches(found, query) ? found.pullRequest : undefined
    },
  })
}

/** All that GitHub has for a query, the newest first; it may be more than asked for. */
async function* entriesOf(
  context: HostContext,
  query: PullRequestQuery,
): AsyncGenerator<ListEntry<HostPullRequest>, void> {
  const { api, target, repository } = context
  const { state = 'open', head, base, headRepository = repository } = query
  // A branch alone would be ignored, and so is a fork that has the same owner.
  const filters =
    head !== undefined && (headRepository === repository || !sameName(headRepository.owner, repository.owner))
  const request = {
    ...target,
    state: state === 'merged' ? 'closed' : state,
    sort: 'created',
    direction: 'desc',
    per_page: pageSize,
    ...(filters && { head: `${headRepository.owner}:${head}` }),
    ...(base !== undefined && { base }),
  } as const
  const items = itemsOf(async (page): Promise<{ items: readonly unknown[]; more: boolean }> => {
    const { data, headers } = await api.rest.pulls.list({ ...request, page })
    return { items: data, more: hasNextPage(headers.link) }
  })
  for await (const data of items) {
    yield readEntry(
      () => toPullRequest(data, context.repository),
      () => readAnswer(data, 'pull request').number('number'),
    )
  }
}

function matches(
  { pullRequest, headFullName }: HostPullRequest,
  { head, base, headRepository, repository }: PullRequestQuery,
): boolean {
  if (base !== undefined && pullRequest.base !== base) return false
  if (head === undefined) return true
  const { owner, name } = headRepository ?? repository
  return pullRequest.head === head && headFullName !== undefined && sameName(headFullName, `${owner}/${name}`)
}
