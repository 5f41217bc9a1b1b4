import type { RepositoryReference } from '@lg/git'
import type { CallOptions, Clock } from '@lg/runtime'
import type { Comment, CommentResult, NewComment } from '../comment.ts'
import type { PullRequestDiff } from '../diff.ts'
import type { PullRequestStep } from '../errors.ts'
import { atPlace, type ReadStatus } from '../http/port-error.ts'
import type { Checks, Mergeability, MergeRequest, MergeResult } from '../merge.ts'
import { checkBranches, checkComment, checkLocator, checkMergeRequest, checkQuery } from '../prepare-call.ts'
import { placeOf, prepareSpec, type PreparedSpec, type ProviderTraits } from '../prepare-spec.ts'
import { prepareUpdate, type PreparedUpdate } from '../prepare-update.ts'
import type { PullRequestBranches, PullRequestProvider } from '../provider.ts'
import type { PullRequest, PullRequestList, PullRequestQuery, PullRequestResult } from '../pull-request.ts'
import { checkHost } from './check-host.ts'
import type { HostedContext } from './hosted-context.ts'

/** The calls of the port as one host serves them, on input that is right in itself. */
export interface HostCalls<Context> {
  create(context: Context, spec: PreparedSpec, strict: boolean): Promise<PullRequestResult>
  find(context: Context, branches: PullRequestBranches): Promise<PullRequest | undefined>
  list(context: Context, query: PullRequestQuery): Promise<PullRequestList>
  get(context: Context, number: number): Promise<PullRequest>
  update(
    context: Context,
    number: number,
    changes: PreparedUpdate,
    strict: boolean,
  ): Promise<PullRequestResult>
  close(context: Context, number: number): Promise<PullRequestResult>
  reopen(context: Context, number: number): Promise<PullRequestResult>
  merge(context: Context, number: number, request: MergeRequest): Promise<MergeResult>
  comment(context: Context, number: number, wanted: NewComment): Promise<CommentResult>
  comments(context: Context, number: number): Promise<readonly Comment[]>
  mergeability(context: Context, number: number): Promise<Mergeability>
  checks(context: Context, number: number): Promise<Checks>
  diff(context: Context, number: number): Promise<PullRequestDiff>
}

export interface HostedProviderParts<Context> {
  readonly traits: ProviderTraits
  /** Hosts, as repositories name them, that the API serves. */
  readonly hosts: readonly string[]
  readonly clock: Clock
  /** What this host means by its answers. */
  readonly readStatus: ReadStatus
  readonly calls: HostCalls<Context>
  /** Adds what only this host's calls need. */
  contextOf(context: HostedContext): Context
}

/**
 * A provider of the port, made of the calls of one host: checks what comes in, keeps to the repositories of the host,
 * and lets nothing out but errors of the port.
 */
export function createHostedProvider<Context>(parts: HostedProviderParts<Context>): PullRequestProvider {
  const { traits, hosts, clock, readStatus, calls, contextOf } = parts
  const run = async <Result>(
    step: PullRequestStep,
    repository: RepositoryReference,
    call: CallOptions,
    work: (context: Context) => Promise<Result>,
  ): Promise<Result> => {
    const place = placeOf(traits, repository, step)
    return await atPlace(place, call.signal, readStatus, async () => {
      checkHost(repository, hosts, place)
      return await work(contextOf({ traits, clock, repository, place, call }))
    })
  }
  return {
    ...traits,
    async createPullRequest(spec, call = {}) {
      const prepared = prepareSpec(spec, traits)
      const { repository, strict = false } = spec
      return await run('create', repository, call, (context) => calls.create(context, prepared, strict))
    },
    async find(branches, call = {}) {
      checkBranches(branches, traits)
      return await run('find', branches.repository, call, (context) => calls.find(context, branches))
    },
    async list(query, call = {}) {
      checkQuery(query, traits)
      return await run('list', query.repository, call, (context) => calls.list(context, query))
    },
    async get(locator, call = {}) {
      checkLocator(locator, traits)
      return await run('get', locator.repository, call, (context) => calls.get(context, locator.number))
    },
    async update(locator, changes, call = {}) {
      const prepared = prepareUpdate(locator, changes, traits)
      const { repository, number } = locator
      const strict = changes.strict ?? false
      return await run('update', repository, call, (context) =>
        calls.update(context, number, prepared, strict),
      )
    },
    async close(locator, call = {}) {
      checkLocator(locator, traits)
      return await run('close', locator.repository, call, (context) => calls.close(context, locator.number))
    },
    async reopen(locator, call = {}) {
      checkLocator(locator, traits)
      return await run('reopen', locator.repository, call, (context) => calls.reopen(context, locator.number))
    },
    async merge(locator, request = {}, call = {}) {
      checkMergeRequest(locator, request, traits)
      const { repository, number } = locator
      return await run('merge', repository, call, (context) => calls.merge(context, number, request))
    },
    async comment(locator, wanted, call = {}) {
      checkComment(locator, wanted, traits)
      const { repository, number } = locator
      return await run('comment', repository, call, (context) => calls.comment(context, number, wanted))
    },
    async comments(locator, call = {}) {
      checkLocator(locator, traits)
      return await run('comment', locator.repository, call, (context) =>
        calls.comments(context, locator.number),
      )
    },
    async mergeability(locator, call = {}) {
      checkLocator(locator, traits)
      const { repository, number } = locator
      return await run('mergeability', repository, call, (context) => calls.mergeability(context, number))
    },
    async checks(locator, call = {}) {
      checkLocator(locator, traits)
      return await run('checks', locator.repository, call, (context) => calls.checks(context, locator.number))
    },
    async diff(locator, call = {}) {
      checkLocator(locator, traits)
      return await run('diff', locator.repository, call, (context) => calls.diff(context, locator.number))
    },
  }
}
