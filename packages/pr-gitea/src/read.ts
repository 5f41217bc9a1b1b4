import {
  createPullRequestError,
  type PullRequest,
  type PullRequestBranches,
  type PullRequestList,
  type PullRequestQuery,
} from '@lg/pull-request'
import { listOfEntries, readEntry, type ListEntry } from '@lg/pull-request/hosted'
import { readAnswer, refusalOf } from '@lg/pull-request/http'
import { allOf, dataOf } from './api.ts'
import { readStatus } from './failure.ts'
import { fullNameOf, paramsOf, sameName, type HostContext } from './host-context.ts'
import { toPullRequest, type HostPullRequest } from './to-pull-request.ts'

/** @throws {LgError} `NOT_FOUND`, with the number unless it is the repository that is not there. */
export async function read(context: HostContext, number: number): Promise<HostPullRequest> {
  const { api, target, call, place } = context
  try {
    const answer = await api.repos.repoGetPullRequest(...target, number, paramsOf(call))
    return toPullRequest(dataOf(answer), context)
  } catch (error) {
    if (refusalOf(error)?.status !== 404) throw error
    await requireRepository(context)
    throw createPullRequestError('NOT_FOUND', `there is no pull request ${number}`, place, { number })
  }
}

/**
 * Gitea says 404 for whatever is missing.
 *
 * @throws {LgError} `UNSUPPORTED` where pull requests are switched off; else fails as the repository does.
 */
export async function requireRepository({ api, target, call, place }: HostContext): Promise<void> {
  const repository = dataOf(await api.repos.repoGet(...target, paramsOf(call)))
  if (readAnswer(repository, 'repository').value['has_pull_requests'] !== false) return
  const problem = 'pull requests are switched off in this repository'
  throw createPullRequestError('UNSUPPORTED', problem, place, { features: ['pull requests'] })
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
  const any = branches.headRepository === undefined ? await findAny(context, branches) : 'many'
  if (any !== 'many') return any
  for await (const entry of entriesOf(context, { ...branches, state: 'open' })) {
    if (entry.type === 'unreadable') throw entry.error
    if (matches(context, entry.found, branches)) return entry.found
  }
  return undefined
}

/**
 * One request where it settles the matter: Gitea gives any one of the branches, open or not, and in no order, so that a
 * closed one says nothing about the others.
 */
async function findAny(
  context: HostContext,
  branches: PullRequestBranches,
): Promise<HostPullRequest | 'many' | undefined> {
  const { api, target, call } = context
  const [base, head] = [branches.base, branches.head].map(encodeURIComponent) as [string, string]
  try {
    const answer = await api.repos.repoGetPullRequestByBaseHead(...target, base, head, paramsOf(call))
    const found = toPullRequest(dataOf(answer), context)
    return found.pullRequest.state === 'open' && matches(context, found, branches) ? found : 'many'
  } catch (error) {
    if (refusalOf(error)?.status !== 404) throw error
    await requireRepository(context)
    return undefined
  }
}

export async function list(context: HostContext, query: PullRequestQuery): Promise<PullRequestList> {
  const { state = 'open', limit } = query
  return await listOfEntries(context, entriesOf(context, query), {
    limit,
    readStatus,
    pick(found) {
      const wanted = state === 'all' || found.pullRequest.state === state
      return wanted && matches(context, found, query) ? found.pullRequest : undefined
    },
  })
}

/** All that Gitea has of a state, the newest first. Filters for branches have other names in each version. */
async function* entriesOf(
  context: HostContext,
  { state = 'open' }: PullRequestQuery,
): AsyncGenerator<ListEntry<HostPullRequest>, void> {
  const { api, target, call } = context
  const asked = state === 'merged' ? 'closed' : state
  const items = allOf((page) =>
    api.repos.repoListPullRequests(...target, { state: asked, ...page }, paramsOf(call)),
  )
  for await (const data of items) {
    yield readEntry(
      () => toPullRequest(data, context),
      () => readAnswer(data, 'pull request').number('number'),
    )
  }
}

function matches(
  { serverPath }: HostContext,
  { pullRequest, headFullName }: HostPullRequest,
  { head, base, headRepository, repository }: PullRequestQuery,
): boolean {
  if (base !== undefined && pullRequest.base !== base) return false
  if (head === undefined) return true
  const fullName = fullNameOf(headRepository ?? repository, serverPath)
  return pullRequest.head === head && headFullName !== undefined && sameName(headFullName, fullName)
}
