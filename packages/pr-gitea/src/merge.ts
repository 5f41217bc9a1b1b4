import {
  createPullRequestError,
  requireFeature,
  type MergeRequest,
  type MergeResult,
  type PullRequest,
} from '@lg/pull-request'
import { atStep } from '@lg/pull-request/hosted'
import { hostWords, refusalOf } from '@lg/pull-request/http'
import { deletesAfterwards, mergeWhenReady, sendMerge, styleOf, stylesOf } from './auto-merge.ts'
import { deleteHead } from './delete-head.ts'
import type { HostContext } from './host-context.ts'
import { blockersOf, isOtherStyle, type Refusal } from './mergeability.ts'
import { read } from './read.ts'
import type { HostPullRequest } from './to-pull-request.ts'

export async function merge(
  context: HostContext,
  number: number,
  request: MergeRequest,
): Promise<MergeResult> {
  const { whenChecksPass = false, deleteBranch = false } = request
  const found = await read(context, number)
  const { pullRequest } = found
  checkHead(context, pullRequest, request)
  if (pullRequest.state === 'merged') {
    if (deleteBranch) await deleteHead(context, found)
    return mergedAs(found)
  }
  if (pullRequest.state === 'closed' || pullRequest.draft) throw notMergeable(context, found)
  if (whenChecksPass) {
    const outcome = await schedule(context, found, request)
    if (outcome !== 'merged') return { outcome: 'scheduled' }
  } else {
    await mergeNow(context, found, request)
  }
  const merged = await read(context, number)
  if (deleteBranch) await deleteHead(context, merged)
  return mergedAs(merged)
}

function mergedAs({ pullRequest: { mergeCommit } }: HostPullRequest): MergeResult {
  return { outcome: 'merged', ...(mergeCommit !== undefined && { commit: mergeCommit }) }
}

function checkHead(
  { place }: HostContext,
  { number, state, headCommit }: PullRequest,
  { expectedHead }: MergeRequest,
): void {
  if (expectedHead === undefined || headCommit === undefined || expectedHead === headCommit) return
  const problem = `the head of pull request ${number} is ${headCommit}, not ${expectedHead}; look at it again`
  throw createPullRequestError('CONFLICT', problem, place, {
    number,
    state,
    expectedHead,
    actualHead: headCommit,
  })
}

async function schedule(
  context: HostContext,
  found: HostPullRequest,
  request: MergeRequest,
): Promise<'scheduled' | 'merged' | 'there'> {
  const { method, title, message, expectedHead, deleteBranch = false } = request
  const at = { ...context, place: atStep(context, 'autoMerge') }
  if (deleteBranch) {
    const feature = 'branch deletion after a scheduled merge'
    requireFeature(await deletesAfterwards(at), feature, at.place)
  }
  const style = styleOf(context, found, method)
  try {
    return await mergeWhenReady(at, found, { style, title, message, expectedHead, deleteBranch })
  } catch (error) {
    const failure = await refusedMerge(at, found, request, error)
    if (failure === undefined) return 'merged'
    throw failure
  }
}

async function mergeNow(context: HostContext, found: HostPullRequest, request: MergeRequest): Promise<void> {
  const { number } = found.pullRequest
  const { method, title, message, expectedHead } = request
  // Gitea answers 500 to it, without a word.
  if (method === 'fast-forward' && found.mergeBase !== found.baseCommit) {
    throw notMergeable(context, found, { status: 405, words: 'the head branch is behind the base branch' })
  }
  const styles = [...stylesOf(context, found, method)]
  for (;;) {
    const [style = 'merge'] = styles
    try {
      return void (await sendMerge(context, number, { style, title, message, expectedHead }))
    } catch (error) {
      const { status, body } = refusalOf(error) ?? {}
      if (status === 405 && isOtherStyle(hostWords(body)) && styles.length > 1) {
        styles.shift()
        continue
      }
      const failure = await refusedMerge(context, found, request, error)
      if (failure === undefined) return
      throw failure
    }
  }
}

/** Why a merge was refused. `undefined`: it has happened after all, by somebody else. */
async function refusedMerge(
  context: HostContext,
  found: HostPullRequest,
  request: MergeRequest,
  error: unknown,
): Promise<Error | undefined> {
  const { status, body } = refusalOf(error) ?? {}
  // 404: it was closed in between.
  if (status !== 404 && status !== 405 && status !== 409) throw error
  const now = await read(context, found.pullRequest.number)
  if (now.pullRequest.state === 'merged') return undefined
  checkHead(context, now.pullRequest, request)
  return notMergeable(context, now, { status, words: hostWords(body) })
}

function notMergeable({ place }: HostContext, found: HostPullRequest, refusal?: Refusal): Error {
  const { number } = found.pullRequest
  const known = blockersOf(found, refusal)
  const message = refusal?.words || 'the host does not say why'
  const blockers = known.length > 0 ? known : [{ reason: 'protected', message } as const]
  const problem = blockers.map((blocker) => blocker.message).join('; ')
  return createPullRequestError('NOT_MERGEABLE', problem, place, { number, blockers })
}
