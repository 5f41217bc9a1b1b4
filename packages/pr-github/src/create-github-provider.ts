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
import { readStatus } from './failure.ts'
import { targetOf, type HostContext } from './host-context.ts'
import { merge } from './merge.ts'
import { mergeability } from './mergeability.ts'
import type { GitHubProviderOptions } from './options.ts'
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

/** As GitHub asks: a second between writes, which a few may anticipate. */
const usualPace = { interval: 1000, burst: 10 }

/**
 * Pull requests on GitHub: github.com, GitHub Enterprise Cloud and Server.
 *
 * The token needs to read and write pull requests, contents (for merges and branches) and issues (for labels, assignees
 * and milestones); reading organisation members for teams. What a token may not do is dropped by GitHub without a word
 * in places: it is read back, and then stands in `ignored`.
 *
 * @throws {LgError} `INVALID_OPTION` of `@lg/pull-request/http`.
 * @example
 * ```ts
 * const provider = createGitHubProvider({ token: () => readToken() })
 * const repository = parseRepositoryReference('git@github.com:lg/cars.git')
 * await provider.createPullRequest({ repository, head: 'faster', base: 'main', title: 'Make cars faster' })
 * ```
 */
export function createGitHubProvider(options: GitHubProviderOptions): PullRequestProvider {
  const { apiUrl = 'https://api.github.com', labels = 'create', labelColor, writePace = usualPace } = options
  const { clock = systemClock, insecureHttp } = options
  const baseUrl = parseBaseUrl(apiUrl, { option: 'apiUrl', insecureHttp })
  const hosts = options.hosts ?? [
    new URL(baseUrl).hostname.replace(/^api\.(?=github\.com$|.*\.ghe\.com$)/, ''),
  ]
  const api = createApi(baseUrl, createHttpFetch({ ...options, baseUrl, writePace }))
  return createHostedProvider({
    traits: { name: hosts[0] ?? 'github', capabilities: capabilitiesWith(labels) },
    hosts,
    clock,
    readStatus,
    calls,
    contextOf: (context) => {
      return { ...context, api, labels, labelColor, target: targetOf(context.repository, context.call) }
    },
  })
}
