import { formatRepositoryReference, type GitRepository, type RepositoryReference } from '@lg/git'
import {
  checkBranches,
  checkComment,
  checkLocator,
  checkMergeRequest,
  checkQuery,
  createPullRequestError,
  placeOf,
  prepareSpec,
  prepareUpdate,
  type PullRequestProvider,
  type PullRequestStep,
} from '@lg/pull-request'
import { systemClock, systemRandom, type CallOptions } from '@lg/runtime'
import { localCapabilities } from './capabilities.ts'
import { comment, listComments } from './comments.ts'
import { close, createOrUpdate, reopen, update } from './create.ts'
import { atPlace } from './failure.ts'
import { merge, mergeability } from './merge.ts'
import type { LocalProviderOptions } from './options.ts'
import { diff, find, get, list } from './read.ts'
import { createRecords, type Records } from './records.ts'
import type { RepositoryContext } from './repository-context.ts'
import { recordRef } from './snapshot.ts'

/**
 * Pull requests for repositories without a hosting service, kept in the repository itself: each is the ref
 * `refs/lg/pulls/<number>`, whose commits are its history and whose file `pull-request.json` is its state.
 * They survive restarts, travel with a clone that fetches `refs/lg/*`, and any number of programs may write
 * them at once.
 *
 * Every call asks the remote, so what others did is seen at once. A failure of Git leaves as an error of the
 * port; a record that cannot be read is `BAD_RESPONSE`. There are no users, forks, checks or auto-merge.
 *
 * @example
 * ```ts
 * const repository = parseRepositoryReference('/srv/cars.git')
 * const git = await createGitCli().open({ dir: '/var/lib/cars', remote: repository })
 * const provider = createLocalProvider({ git, identity: { name: 'Car bot', email: 'bot@example.org' } })
 * await provider.createPullRequest({ repository, head: 'faster', base: 'main', title: 'Make cars faster' })
 * ```
 */
export function createLocalProvider(options: LocalProviderOptions): PullRequestProvider {
  const { git, identity, clock = systemClock, random = systemRandom } = options
  const traits = { name: 'local', capabilities: localCapabilities }
  const pageOf = options.url ?? defaultUrl
  const recordsOf = new WeakMap<GitRepository, Records>()

  const open = async (
    repository: RepositoryReference,
    call: CallOptions,
  ): Promise<GitRepository | undefined> => (typeof git === 'function' ? await git(repository, call) : git)

  const run = async <Result>(
    step: PullRequestStep,
    repository: RepositoryReference,
    call: CallOptions,
    work: (context: RepositoryContext) => Promise<Result>,
  ): Promise<Result> => {
    const place = placeOf(traits, repository, step)
    return await atPlace(place, call.signal, async () => {
      const store = await open(repository, call)
      if (store === undefined)
        throw createPullRequestError('NOT_FOUND', 'there is no such repository', place, {})
      const records = recordsOf.get(store) ?? createRecords(store)
      recordsOf.set(store, records)
      const url = (number: number): string => pageOf(number, repository)
      return await work({ git: store, records, repository, identity, clock, random, place, call, url })
    })
  }

  return {
    ...traits,
    async createPullRequest(spec, call = {}) {
      const prepared = prepareSpec(spec, traits)
      return await run('create', spec.repository, call, (context) => createOrUpdate(context, prepared))
    },
    async find(branches, call = {}) {
      checkBranches(branches, traits)
      return await run('find', branches.repository, call, (context) => find(context, branches))
    },
    async list(query, call = {}) {
      checkQuery(query, traits)
      return await run('list', query.repository, call, (context) => list(context, query))
    },
    async get(locator, call = {}) {
      checkLocator(locator, traits)
      return await run('get', locator.repository, call, (context) => get(context, locator.number))
    },
    async update(locator, changes, call = {}) {
      const prepared = prepareUpdate(locator, changes, traits)
      return await run('update', locator.repository, call, (context) =>
        update(context, locator.number, prepared),
      )
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
    async comment(locator, body, call = {}) {
      checkComment(locator, body, traits)
      return await run('comment', locator.repository, call, (context) =>
        comment(context, locator.number, body),
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
    async checks(locator) {
      checkLocator(locator, traits)
      const place = placeOf(traits, locator.repository, 'checks')
      throw createPullRequestError('UNSUPPORTED', 'there are no checks', place, { features: ['checks'] })
    },
    async diff(locator, call = {}) {
      checkLocator(locator, traits)
      return await run('diff', locator.repository, call, (context) => diff(context, locator.number))
    },
  }
}

function defaultUrl(number: number, repository: RepositoryReference): string {
  return `${formatRepositoryReference(repository)}#${recordRef(number)}`
}
