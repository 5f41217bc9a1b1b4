import {
  Branches,
  Commits,
  MergeRequestNotes,
  MergeRequests,
  ProjectLabels,
  ProjectMilestones,
  Projects,
  Repositories,
  Users,
} from '@gitbeaker/rest'
import { createRequesterFn, type FormattedResponse } from '@gitbeaker/requester-utils'
import {
  hasNextPage,
  hostWords,
  itemsOf,
  readAnswer,
  readAnswers,
  refusalOf,
  type AnswerReader,
  type Fetch,
  type Page,
} from '@lg/pull-request/http'
import type { CallOptions, Clock } from '@lg/runtime'

/** The parts of the client library that merge requests need. */
export interface Api {
  readonly branches: Branches
  readonly commits: Commits
  readonly labels: ProjectLabels
  readonly mergeRequests: MergeRequests
  readonly milestones: ProjectMilestones
  readonly notes: MergeRequestNotes
  readonly projects: Projects
  readonly repositories: Repositories
  readonly users: Users
}

/** GitLab asks to try again while another request works on the same merge request. */
const lockWaits = [500, 1000, 2000, 4000]

/**
 * The client library on the HTTP layer of lg, which has the token and decides on retries, redirects and failures. Made
 * for each call of the port: the library has no place for a signal.
 *
 * @param host the address of GitLab, without `/api/v4`.
 */
export function createApi(
  host: string,
  fetch: Fetch,
  { clock, call }: { readonly clock: Clock; readonly call: CallOptions },
): Api {
  const send = async (
    endpoint: string,
    options: Readonly<Record<string, unknown>>,
  ): Promise<FormattedResponse> => {
    const { method, prefixUrl, searchParams, headers, body } = options as unknown as LibraryRequest
    const url = new URL(endpoint, `${prefixUrl.replace(/\/+$/, '')}/`)
    url.search = searchParams ?? ''
    const init = {
      method,
      headers,
      ...(body !== undefined && { body }),
      ...(call.signal && { signal: call.signal }),
    }
    const response = await unlocked(() => fetch(url.href, init))
    const text = await response.text()
    return {
      // A success of the HTTP layer is JSON, or empty.
      body: text === '' ? null : (JSON.parse(text) as Record<string, unknown>),
      headers: withNextPage(Object.fromEntries(response.headers), url),
      status: response.status,
    }
  }
  const unlocked = async <Result>(run: () => Promise<Result>): Promise<Result> => {
    for (const wait of lockWaits) {
      try {
        return await run()
      } catch (error) {
        const refusal = refusalOf(error)
        if (refusal?.status !== 409 || !/resource lock/i.test(hostWords(refusal.body))) throw error
        await clock.sleep(wait, call)
      }
    }
    return await run()
  }

  // Its own requester would retry writes, and its errors hold the token; its own timeout is one for all pages.
  const requesterFn = createRequesterFn(
    (_service, request) => Promise.resolve(request),
    (endpoint, request = {}) => send(endpoint, request),
  )
  const options = { host, requesterFn, queryTimeout: null, rateLimits: {} }
  return {
    branches: new Branches(options),
    commits: new Commits(options),
    labels: new ProjectLabels(options),
    mergeRequests: new MergeRequests(options),
    milestones: new ProjectMilestones(options),
    notes: new MergeRequestNotes(options),
    projects: new Projects(options),
    repositories: new Repositories(options),
    users: new Users(options),
  }
}

/** What the library makes of a call. */
interface LibraryRequest {
  readonly method: string
  readonly prefixUrl: string
  readonly searchParams?: string
  readonly headers: Record<string, string>
  readonly body?: string
}

/** The library reads the next page from this header alone, and some GitLabs, and proxies, send `Link` alone. */
function withNextPage(headers: Record<string, string>, url: URL): Record<string, string> {
  if (headers['x-next-page'] !== undefined || !hasNextPage(headers['link'])) return headers
  return { ...headers, 'x-next-page': String(Number(url.searchParams.get('page') ?? 1) + 1) }
}

/** What GitLab gives at most. */
const pageSize = 100

export interface PageRequest {
  readonly page: number
  readonly perPage: number
  readonly showExpanded: true
}

/**
 * All entries of a list, as far as they are wanted.
 *
 * @param what for messages: `label`.
 */
export function listOf(
  what: string,
  readPage: (request: PageRequest) => Promise<unknown>,
): AsyncGenerator<AnswerReader, void> {
  return itemsOf(async (page): Promise<Page<AnswerReader>> => {
    const answer = readAnswer(await readPage({ page, perPage: pageSize, showExpanded: true }), 'list')
    return {
      items: readAnswers(answer.value['data'], what),
      more: typeof answer.optionalRecord('paginationInfo')?.value['next'] === 'number',
    }
  })
}
