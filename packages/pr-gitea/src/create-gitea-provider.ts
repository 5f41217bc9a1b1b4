import type { PullRequestProvider } from '@lg/pull-request'
import { createHostedProvider, type HostCalls } from '@lg/pull-request/hosted'
import { createHttpFetch, parseBaseUrl } from '@lg/pull-request/http'
import { systemClock } from '@lg/runtime'
import { createApi } from './api.ts'
import { capabilitiesWith } from './capabilities.ts'
import { checks } from './checks.ts'
import { comment, comments } from './comments.ts'
import { create } from './create.ts'
import { diff } from './diff.ts'
import { createDraftTitles } from './draft-titles.ts'
import { readStatus } from './failure.ts'
import { fullNameOf, targetOf, type HostContext } from './host-context.ts'
import { merge } from './merge.ts'
import { mergeability } from './mergeability.ts'
import type { GiteaProviderOptions } from './options.ts'
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
 * Pull requests on Gitea, from 1.23, and on Forgejo.
 *
 * The token needs to write repositories and issues; to read users, for reviewers; and to read organisations, for labels
 * that an organisation has for all of its repositories. What a token may not do is dropped by Gitea without a word in
 * places: it is read back, and then stands in `ignored`.
 *
 * @throws {LgError} `INVALID_OPTION` of `@lg/pull-request/http`.
 * @example
 * ```ts
 * const provider = createGiteaProvider({ apiUrl: 'https://codeberg.org', token: () => readToken() })
 * const repository = parseRepositoryReference('git@codeberg.org:lg/cars.git')
 * await provider.createPullRequest({ repository, head: 'faster', base: 'main', title: 'Make cars faster' })
 * ```
 */
export function createGiteaProvider(options: GiteaProviderOptions): PullRequestProvider {
  const { apiUrl, labels = 'create', labelColor = 'ededed', draftPrefix = 'WIP:' } = options
  const { clock = systemClock, insecureHttp } = options
  const baseUrl = parseBaseUrl(apiUrl, { option: 'apiUrl', insecureHttp }).replace(/\/api\/v1$/, '')
  const { hostname, pathname } = new URL(baseUrl)
  // Repositories name an address of version 6 without brackets.
  const hosts = options.hosts ?? [hostname.replace(/^\[|\]$/g, '')]
  const serverPath = pathname === '/' ? '' : pathname
  const api = createApi(baseUrl, createHttpFetch({ ...options, baseUrl }))
  const draftTitles = createDraftTitles(draftPrefix)
  return createHostedProvider({
    traits: { name: hosts[0] ?? 'gitea', capabilities: capabilitiesWith(labels, draftPrefix) },
    hosts,
    clock,
    readStatus,
    calls,
    contextOf: (context) => {
      const target = targetOf(fullNameOf(context.repository, serverPath))
      return { ...context, api, labels, labelColor, draftTitles, serverPath, target }
    },
  })
}
