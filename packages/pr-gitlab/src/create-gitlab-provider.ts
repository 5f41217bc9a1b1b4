import type { PullRequestProvider } from '@lg/pull-request'
import { createHostedProvider, type HostCalls } from '@lg/pull-request/hosted'
import { createHttpFetch, httpErrors, parseBaseUrl } from '@lg/pull-request/http'
import { systemClock } from '@lg/runtime'
import { createApi } from './api.ts'
import { capabilitiesWith, peopleLimit as mostPeople } from './capabilities.ts'
import { checks } from './checks.ts'
import { comment, comments } from './comments.ts'
import { create } from './create.ts'
import { diff } from './diff.ts'
import { readStatus } from './failure.ts'
import { projectOf, type HostContext } from './host-context.ts'
import { merge } from './merge.ts'
import { mergeability } from './mergeability.ts'
import type { GitLabProviderOptions } from './options.ts'
import { find, get, list } from './read.ts'
import { close, reopen, update } from './update.ts'

const calls: HostCalls<HostContext> = {
  create,
  find,
  list,
  get,
  update,
  close,
  reopen,
  merge,
  comment,
  comments,
  mergeability,
  checks,
  diff,
}

/**
 * Pull requests on GitLab, where they are merge requests: gitlab.com, Dedicated and self-managed, also below a path.
 *
 * The token needs the scope `api` and the role Developer. What it may not do is dropped by GitLab without a word in
 * places: it is read back, and then stands in `ignored`.
 *
 * @throws {LgError} `INVALID_OPTION` of `@lg/pull-request/http`.
 * @example
 * ```ts
 * const provider = createGitLabProvider({ token: () => readToken() })
 * const repository = parseRepositoryReference('git@gitlab.com:lg/fleet/cars.git')
 * await provider.createPullRequest({ repository, head: 'faster', base: 'main', title: 'Make cars faster' })
 * ```
 */
export function createGitLabProvider(options: GitLabProviderOptions): PullRequestProvider {
  const {
    apiUrl = 'https://gitlab.com/api/v4',
    labels = 'create',
    labelColor,
    tokenType = 'access',
  } = options
  const { clock = systemClock, insecureHttp, peopleLimit = mostPeople, branchWait = 60_000 } = options
  const baseUrl = parseBaseUrl(apiUrl, { option: 'apiUrl', insecureHttp })
  const [, web] = /^(.+)\/api\/v4$/.exec(baseUrl) ?? []
  if (web === undefined) {
    const reason = 'it does not end in /api/v4'
    throw httpErrors.create('INVALID_OPTION', `Option apiUrl: ${baseUrl}: ${reason}`, {
      option: 'apiUrl',
      reason,
    })
  }
  const { hostname, pathname } = new URL(web)
  const hosts = options.hosts ?? [hostname]
  const webPath = pathname.replace(/\/$/, '')
  const authorize = tokenType === 'access' ? (token: string) => ({ 'private-token': token }) : undefined
  const fetch = createHttpFetch({ ...options, baseUrl, authorize })
  return createHostedProvider({
    traits: { name: hosts[0] ?? 'gitlab', capabilities: capabilitiesWith(labels, peopleLimit) },
    hosts,
    clock,
    readStatus,
    calls,
    contextOf: (context) => {
      const api = createApi(web, fetch, context)
      const project = projectOf(context.repository, { hosts, webPath, place: context.place })
      return { ...context, api, hosts, webPath, labels, labelColor, branchWait, project }
    },
  })
}
