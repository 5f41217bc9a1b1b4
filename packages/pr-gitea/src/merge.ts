import { createPullRequestError, requireFeature, type MergeRequest, type MergeResult } from '@lg/pull-request'
import { atStep, checkHead, mergedAs } from '@lg/pull-request/hosted'
import { hostWords, refusalOf } from '@lg/pull-request/http'
import { deletesAfterwards, mergeIfReady, scheduleMerge, sendMerge, styleOf, stylesOf } from './auto-merge.ts'
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
    return mergedAs(found.pullRequest)
  }
  if (pullRequest.state === 'closed' || pullRequest.draft) throw notMergeable(context, found)
  if (!whenChecksPass) await mergeNow(context, found, request)
  else if (!(await mergeOrSchedule(context, found, request))) return { outcome: 'scheduled' }
  const merged = await read(context, number)
  if (deleteBranch) await deleteHead(context, merged)
  return mergedAs(merged.pullRequest)
}

/** Whether it is merged. */
async function mergeOrSchedule(
  context: HostContext,
  found: HostPullRequest,
  request: MergeRequest,
): Promise<boolean> {
  const { number } = found.pullRequest
  const { method, title, message, expectedHead, deleteBranch = false } = request
  const at = { ...context, place: atStep(context, 'autoMerge') }
  const order = { style: styleOf(context, found, method), title, message, expectedHead }
  try {
    if (await mergeIfReady(at, number, order)) return true
    const feature = 'branch deletion after a scheduled merge'
    if (deleteBranch) requireFeature(await deletesAfterwards(at), feature, at.place)
    await scheduleMerge(at, number, { ...order, deleteBranch })
    return false
  } catch (error) {
    await throwUnlessMerged(at, found, request, error)
    return true
  }
}

async function mergeNow(context: HostContext, found: HostPullRequest, request: MergeRequest): Promise<void> {
  const { number } = found.pullRequest
  const { method, title, message, expectedHead } = request
  const styles = [...stylesOf(context, found, method)]
  for (;;) {
    const style = styles.shift()
    if (style === undefined) {
      throw notMergeable(context, found, { status: 405, words: 'the head branch is behind the base branch' })
    }
    try {
      return void (await sendMerge(context, number, { style, title, message, expectedHead }))
    } catch (error) {
      const { status, body } = refusalOf(error) ?? {}
      if (status === 405 && isOtherStyle(hostWords(body)) && styles.length > 0) continue
      return void (await throwUnlessMerged(context, found, request, error))
    }
  }
}

/** Says why a merge was refused, unless it has happened after all, by somebody else. */
async function throwUnlessMerged(
  context: HostContext,
  found: HostPullRequest,
  request: MergeRequest,
  error: unknown,
): Promise<void> {
  const { status, body } = refusalOf(error) ?? {}
  // 404: it was closed in between.
  if (status !== 404 && status !== 405 && status !== 409) throw error
  const now = await read(context, found.pullRequest.number)
  if (now.pullRequest.state === 'merged') return
  checkHead(context, now.pullRequest, request)
  throw notMergeable(context, now, { status, words: hostWords(body) })
}

function notMergeable({ place }: HostContext, found: HostPullRequest, refusal?: Refusal): Error {
  const { number } = found.pullRequest
  const known = blockersOf(found, refusal)
  const message = refusal?.words || 'the host does not say why'
  const blockers = known.length > 0 ? known : [{ reason: 'protected', message } as const]
  const problem = blockers.map((blocker) => blocker.message).join('; ')
  return createPullRequestError('NOT_MERGEABLE', problem, place, { number, blockers })
}
