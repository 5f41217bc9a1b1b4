import {
  createPullRequestError,
  requireFeature,
  type MergeRequest,
  type MergeResult,
  type MergeMethod,
} from '@lg/pull-request'
import { atStep, checkHead, mergedAs } from '@lg/pull-request/hosted'
import { hostWords, readAnswer, refusalOf } from '@lg/pull-request/http'
import { enableAutoMerge } from './graphql.ts'
import { deleteHead } from './delete-head.ts'
import type { HostContext } from './host-context.ts'
import { blockersOf, readSettled } from './mergeability.ts'
import { read } from './read.ts'
import type { HostPullRequest } from './to-pull-request.ts'

/** GitHub asks to try again while it works out what another change of the base means. */
const tryAgainWaits = [500, 1000, 2000]

export async function merge(
  context: HostContext,
  number: number,
  request: MergeRequest,
): Promise<MergeResult> {
  const { whenChecksPass = false, deleteBranch = false } = request
  requireFeature(!(whenChecksPass && deleteBranch), 'branch deletion after a scheduled merge', context.place)
  const found = await read(context, number)
  const { pullRequest } = found
  checkHead(context, pullRequest, request)
  if (pullRequest.state === 'merged') {
    if (deleteBranch) await deleteHead(context, found)
    return mergedAs(pullRequest)
  }
  if (pullRequest.state === 'closed' || pullRequest.draft) throw notMergeable(context, found, '')
  if (whenChecksPass) {
    if (pullRequest.autoMerge || (await schedule(context, found, request))) return { outcome: 'scheduled' }
  }
  const commit = await mergeNow(context, found, request)
  if (deleteBranch) await deleteHead(context, { ...found, pullRequest: { ...pullRequest, state: 'merged' } })
  return { outcome: 'merged', commit }
}

/** False when there is nothing to wait for. */
async function schedule(
  context: HostContext,
  found: HostPullRequest,
  request: MergeRequest,
): Promise<boolean> {
  const { title, message, expectedHead } = request
  const place = atStep(context, 'autoMerge')
  let reason = ''
  for (const method of methodsOf(context, request)) {
    const result = await enableAutoMerge({ ...context, place }, found.nodeId, {
      method,
      title,
      message,
      expectedHead,
    })
    if (result.type === 'done') return true
    reason = result.reason
    if (/clean status/i.test(reason)) return false
    if (!isOtherMethod(reason)) break
  }
  if (/auto.?merge is not allowed/i.test(reason)) {
    throw createPullRequestError('UNSUPPORTED', reason, place, { features: ['auto-merge'] })
  }
  throw notMergeable(context, found, reason)
}

/** The commit that brought it into the base. */
async function mergeNow(
  context: HostContext,
  found: HostPullRequest,
  request: MergeRequest,
): Promise<string> {
  const { api, target, clock, call } = context
  const { number } = found.pullRequest
  const { expectedHead, title, message } = request
  const more = {
    ...(expectedHead !== undefined && { sha: expectedHead }),
    ...(title !== undefined && { commit_title: title }),
    ...(message !== undefined && { commit_message: message }),
  }
  const waits = [...tryAgainWaits]
  const methods = [...methodsOf(context, request)]
  for (;;) {
    const [method = 'merge'] = methods
    const merge_method = method === 'fast-forward' ? 'merge' : method
    try {
      const { data } = await api.rest.pulls.merge({ ...target, pull_number: number, merge_method, ...more })
      return readAnswer(data, 'merge').oid('sha')
    } catch (error) {
      const { status, body } = refusalOf(error) ?? {}
      const words = hostWords(body)
      if (status === 405 && isOtherMethod(words) && methods.length > 1) {
        methods.shift()
        continue
      }
      if (status !== 405 && status !== 409) throw error
      const now = await readSettled(context, number)
      // It may have been merged by a request whose answer was lost, or by somebody else.
      if (now.pullRequest.state === 'merged' && now.pullRequest.mergeCommit !== undefined) {
        return now.pullRequest.mergeCommit
      }
      checkHead(context, now.pullRequest, request)
      const wait = waits.shift()
      const passing = /base branch was modified|try again later|head branch was modified/i.test(words)
      const settled = /not mergeable/i.test(words) && blockersOf(now, '').length === 0
      if (wait === undefined || !(passing || settled)) throw notMergeable(context, now, words)
      await clock.sleep(wait, call)
    }
  }
}

function methodsOf({ traits }: HostContext, { method }: MergeRequest): readonly MergeMethod[] {
  return method === undefined ? traits.capabilities.mergeMethods : [method]
}

function isOtherMethod(words: string): boolean {
  return /(?:merge commits|squash merg|rebase merg|merge method).* not allowed/i.test(words)
}

function notMergeable({ place }: HostContext, found: HostPullRequest, words: string): Error {
  const { number } = found.pullRequest
  const known = blockersOf(found, words)
  const message = words === '' ? 'the host does not say why' : words
  const blockers = known.length > 0 ? known : [{ reason: 'protected', message } as const]
  const problem = blockers.map((blocker) => blocker.message).join('; ')
  return createPullRequestError('NOT_MERGEABLE', problem, place, { number, blockers })
}
