import type { RepositoryReference } from '@lg/git'
import {
  createPullRequestError,
  type PullRequest,
  type PullRequestBranches,
  type PullRequestList,
  type PullRequestQuery,
} from '@lg/pull-request'
import { listOfEntries, readEntry, type ListEntry } from '@lg/pull-request/hosted'
import { readAnswer, refusalOf } from '@lg/pull-request/http'
import { pagesOf } from './api.ts'
import { readStatus, typeOf } from './failure.ts'
import { refOf, send, targetOf, type HostContext } from './host-context.ts'
import { toLabel, toPullRequest, type HostPullRequest } from './to-pull-request.ts'

/** Lists cut descriptions to so many characters. */
const shownDescription = 400

/** @throws {LgError} `NOT_FOUND`, with the number unless it is the repository that is not there. */
export async function read(context: HostContext, number: number): Promise<HostPullRequest> {
  const { target, place } = context
  try {
    // Only lists have the labels with it.
    const [data, labels] = await Promise.all([
      send(context, { url: pullUrl(context, number) }),
      send(context, { url: `${target.gitUrl}/pullRequests/${number}/labels` }),
    ])
    const found = toPullRequest(data, context)
    return withLabels(found, readAnswer(labels, 'list of labels').list('value').flatMap(toLabel))
  } catch (error) {
    if (typeOf(refusalOf(error)) !== 'GitPullRequestNotFoundException') throw error
    throw createPullRequestError('NOT_FOUND', `there is no pull request ${number}`, place, { number })
  }
}

export function pullUrl({ target }: Pick<HostContext, 'target'>, number: number): string {
  return `${target.gitUrl}/pullrequests/${number}`
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
    return await read(context, entry.found.pullRequest.number)
  }
  return undefined
}

export async function list(context: HostContext, query: PullRequestQuery): Promise<PullRequestList> {
  return await listOfEntries(context, entriesOf(context, query), {
    limit: query.limit,
    readStatus,
    async pick({ body, pullRequest }) {
      return body.length >= shownDescription ? await get(context, pullRequest.number) : pullRequest
    },
  })
}

/** The GUID of a repository. */
export async function idOfRepository(context: HostContext, reference: RepositoryReference): Promise<string> {
  const { gitUrl } = targetOf(reference, context.root, context.place)
  return readAnswer(await send(context, { url: gitUrl }), 'repository').text('id')
}

const statuses = { open: 'active', closed: 'abandoned', merged: 'completed', all: 'all' } as const

/** The newest first. */
async function* entriesOf(
  context: HostContext,
  query: PullRequestQuery,
): AsyncGenerator<ListEntry<HostPullRequest>, void> {
  const { state = 'open', head, base, headRepository } = query
  const forkId =
    head === undefined || headRepository === undefined ?
      undefined
    : await idOfRepository(context, headRepository)
  const request = {
    url: `${context.target.gitUrl}/pullrequests`,
    query: {
      'searchCriteria.status': statuses[state],
      'searchCriteria.sourceRefName': head === undefined ? undefined : refOf(head),
      'searchCriteria.targetRefName': base === undefined ? undefined : refOf(base),
      'searchCriteria.sourceRepositoryId': forkId,
    },
  }
  const items = pagesOf((one) => send(context, one), request, 'list of pull requests')
  for await (const { value } of items) {
    const entry = readEntry(
      () => toPullRequest(value, context),
      () => readAnswer(value, 'pull request').number('pullRequestId'),
    )
    if (entry.type === 'unreadable' || matches(entry.found, query, forkId)) yield entry
  }
}

/** A branch of that name in a fork is another head. */
function matches(
  { pullRequest, forkId, repositoryId }: HostPullRequest,
  { head, base, state = 'open' }: PullRequestQuery,
  wantedFork: string | undefined,
): boolean {
  if (state !== 'all' && pullRequest.state !== state) return false
  if (base !== undefined && pullRequest.base !== base) return false
  if (head === undefined) return true
  const wanted = wantedFork ?? repositoryId
  return pullRequest.head === head && (forkId ?? repositoryId) === wanted
}

function withLabels(found: HostPullRequest, labels: HostPullRequest['labels']): HostPullRequest {
  const { pullRequest } = found
  return { ...found, labels, pullRequest: { ...pullRequest, labels: labels.map(({ name }) => name) } }
}
