import type { RepositoryReference } from '@lg/git'
import {
  checkBranches,
  checkComment,
  checkLocator,
  checkMergeRequest,
  checkQuery,
  placeOf,
  prepareSpec,
  prepareUpdate,
  type PullRequestProvider,
  type PullRequestStep,
} from '@lg/pull-request'
import { checkHost } from '@lg/pull-request/hosted'
import { atPlace, createHttpFetch, parseBaseUrl } from '@lg/pull-request/http'
import { systemClock, type CallOptions } from '@lg/runtime'
import { createApi } from './api.ts'
import { capabilitiesWith } from './capabilities.ts'
import { checks } from './checks.ts'
import { comment, listComments } from './comments.ts'
import { createOrUpdate } from './create.ts'
import { diff } from './diff.ts'
import { readStatus } from './failure.ts'
import { targetOf, type HostContext } from './host-context.ts'
import { merge } from './merge.ts'
import { mergeability } from './mergeability.ts'
import type { GitHubProviderOptions } from './options.ts'
import { findOpen, list, read } from './read.ts'
import { close, reopen, update } from './update.ts'

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
  const traits = { name: hosts[0] ?? 'github', capabilities: capabilitiesWith(labels) }

  const run = async <Result>(
    step: PullRequestStep,
    repository: RepositoryReference,
    call: CallOptions,
    work: (context: HostContext) => Promise<Result>,
  ): Promise<Result> => {
    const place = placeOf(traits, repository, step)
    return await atPlace(place, call.signal, readStatus, async () => {
      checkHost(repository, hosts, place)
      const target = targetOf(repository, call)
      return await work({ api, clock, traits, labels, labelColor, repository, place, call, target })
    })
  }

  return {
    ...traits,
    async createPullRequest(spec, call = {}) {
      const prepared = prepareSpec(spec, traits)
      const strict = spec.strict ?? false
      return await run('create', spec.repository, call, (context) =>
        createOrUpdate(context, prepared, strict),
      )
    },
    async find(branches, call = {}) {
      checkBranches(branches, traits)
      return await run('find', branches.repository, call, async (context) => {
        return (await findOpen(context, branches))?.pullRequest
      })
    },
    async list(query, call = {}) {
      checkQuery(query, traits)
      return await run('list', query.repository, call, (context) => list(context, query))
    },
    async get(locator, call = {}) {
      checkLocator(locator, traits)
      return await run('get', locator.repository, call, async (context) => {
        return (await read(context, locator.number)).pullRequest
      })
    },
    async update(locator, changes, call = {}) {
      const prepared = prepareUpdate(locator, changes, traits)
      const strict = changes.strict ?? false
      return await run('update', locator.repository, call, (context) => {
        return update(context, locator.number, prepared, strict)
      })
    },
    async close(locator, call = {}) {
      checkLocator(locator, traits)
      return await run('close', locator.repository, call, (context) => close(context, locator.number))
    },
    async reopen(locator, call = {}) {
      checkLocator(locator, traits)
      return await run('reopen', locator.repository, call, (context) => reopen(context, locator.number))
    },
    async merge(locator, request = {}, call = {}) {
      checkMergeRequest(locator, request, traits)
      return await run('merge', locator.repository, call, (context) =>
        merge(context, locator.number, request),
      )
    },
    async comment(locator, wanted, call = {}) {
      checkComment(locator, wanted, traits)
      return await run('comment', locator.repository, call, (context) =>
        comment(context, locator.number, wanted),
      )
    },
    async comments(locator, call = {}) {
      checkLocator(locator, traits)
      return await run('comment', locator.repository, call, (context) =>
        listComments(context, locator.number),
      )
    },
    async mergeability(locator, call = {}) {
      checkLocator(locator, traits)
      return await run('mergeability', locator.repository, call, (context) =>
        mergeability(context, locator.number),
      )
    },
    async checks(locator, call = {}) {
      checkLocator(locator, traits)
      return await run('checks', locator.repository, call, (context) => checks(context, locator.number))
    },
    async diff(locator, call = {}) {
      checkLocator(locator, traits)
      return await run('diff', locator.repository, call, (context) => diff(context, locator.number))
    },
  }
}
