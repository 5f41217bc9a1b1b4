import { createPullRequestError, type AutoMerge } from '@lg/pull-request'
import { hostWords, refusalOf } from '@lg/pull-request/http'
import type { HostContext } from './host-context.ts'
import { toPullRequest, type HostPullRequest } from './to-pull-request.ts'

/** A refusal is a value: what it means depends on the caller. */
export type AutoMergeResult =
  | { readonly type: 'done'; readonly found: HostPullRequest }
  | { readonly type: 'refused'; readonly reason: string }

export interface AutoMergeRequest extends AutoMerge {
  readonly messages?: Readonly<Record<string, string>>
  readonly expectedHead?: string | undefined
}

/** GitLab makes the pipeline of a new merge request in the background, and has nothing to wait for before. */
const pipelineWaits = [500, 1000, 2000, 4000]
const newFor = 60_000

/** It may be merged at once, where the conditions are met. */
export async function enableAutoMerge(
  context: HostContext,
  { pullRequest }: HostPullRequest,
  { method, deleteBranch, messages = {}, expectedHead = pullRequest.headCommit }: AutoMergeRequest,
): Promise<AutoMergeResult> {
  const { api, project, repository, clock, call } = context
  const { number, headRepository, createdAt } = pullRequest
  const request = {
    autoMerge: true,
    // Before GitLab 17.11 only this name is known, and without it all is merged at once.
    mergeWhenPipelineSucceeds: true,
    ...(method !== undefined && { squash: method === 'squash' }),
    ...(deleteBranch !== undefined && { shouldRemoveSourceBranch: deleteBranch }),
    ...(expectedHead !== undefined && { sha: expectedHead }),
    ...messages,
  }
  const waits = clock.now() - createdAt < newFor ? [...pipelineWaits] : []
  for (;;) {
    try {
      const data = await api.mergeRequests.merge(project, number, request)
      return { type: 'done', found: toPullRequest(data, repository, headRepository) }
    } catch (error) {
      const reason = mergeRefusal(context, error)
      if (reason === undefined) throw error
      const wait = refusalOf(error)?.status === 409 ? undefined : waits.shift()
      if (wait === undefined) return { type: 'refused', reason }
      await clock.sleep(wait, call)
    }
  }
}

export async function disableAutoMerge(
  { api, project, repository }: HostContext,
  found: HostPullRequest,
): Promise<HostPullRequest> {
  const { number, headRepository } = found.pullRequest
  try {
    const data = await api.mergeRequests.cancelOnPipelineSuccess(project, number)
    return toPullRequest(data, repository, headRepository)
  } catch (error) {
    // It is not scheduled any more.
    if (refusalOf(error)?.status !== 406) throw error
    return { ...found, pullRequest: { ...found.pullRequest, autoMerge: false } }
  }
}

/**
 * Why GitLab does not merge, in its words; `undefined` when something else went wrong. 405 and 422 say that it cannot be
 * merged now, 406 did in old versions.
 *
 * @throws {LgError} `FORBIDDEN`: GitLab answers 401 to a token that it knows and that may not merge.
 */
export function mergeRefusal({ place }: HostContext, error: unknown): string | undefined {
  const { status, body } = refusalOf(error) ?? {}
  const words = hostWords(body)
  if (status === 401) {
    const problem = `the token may not merge into this branch (${words})`
    throw createPullRequestError('FORBIDDEN', problem, place, { reason: words })
  }
  return status === 405 || status === 406 || status === 409 || status === 422 ? words : undefined
}
