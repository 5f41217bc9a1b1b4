import {
  createPullRequestError,
  type MergeBlocker,
  type MergeRequest,
  type MergeResult,
} from '@lg/pull-request'
import { atStep, checkHead, mergedAs } from '@lg/pull-request/hosted'
import { hostWords, refusalOf, type HttpErrors } from '@lg/pull-request/http'
import { completionOptions, enableAutoMerge, strategyFor } from './auto-merge.ts'
import { tipOf } from './branches.ts'
import { deleteHead } from './delete-head.ts'
import { typeOf } from './failure.ts'
import { send, type HostContext } from './host-context.ts'
import { blockersOf, policyBlockers, readSettled, readTested } from './mergeability.ts'
import { policiesOf } from './policies.ts'
import { pullUrl, read } from './read.ts'
import type { HostPullRequest } from './to-pull-request.ts'

/** A merge is queued: how long to look for its end, in milliseconds. */
const completionLimit = 60_000
const firstWait = 250
const longestWait = 5000

const headWaits = [250, 500, 1000, 2000]

/** The head may move once more while a merge is asked for. */
const staleTries = 3

export async function merge(
  context: HostContext,
  number: number,
  request: MergeRequest,
): Promise<MergeResult> {
  const { whenChecksPass = false, deleteBranch = false } = request
  const found = await withHead(context, await readTested(context, number), request)
  const { state, draft, autoMerge } = found.pullRequest
  if (state === 'merged') {
    checkHead(context, found.pullRequest, request)
    if (deleteBranch) await deleteHead(context, found)
    return mergedAs(found.pullRequest)
  }
  if (state === 'closed' || draft) throw await notMergeable(context, found, '')
  checkHead(context, found.pullRequest, request)
  if (whenChecksPass) {
    if (!autoMerge) await schedule(context, found, request)
    const now = await read(context, number)
    return now.pullRequest.state === 'merged' ? mergedAs(now.pullRequest) : { outcome: 'scheduled' }
  }
  const merged = await mergeNow(context, found, request)
  if (deleteBranch) await deleteHead(context, merged)
  return mergedAs(merged.pullRequest)
}

/** What was just pushed, a pull request learns a moment later. */
async function withHead(
  context: HostContext,
  given: HostPullRequest,
  { expectedHead }: MergeRequest,
): Promise<HostPullRequest> {
  const { number, state, head, headCommit, headRepository = context.repository } = given.pullRequest
  if (expectedHead === undefined || state !== 'open' || headCommit === expectedHead) return given
  if ((await tipOf(context, headRepository, head)) !== expectedHead) return given
  let found = given
  for (const wait of headWaits) {
    await context.clock.sleep(wait, context.call)
    found = await readSettled(context, number)
    if (found.pullRequest.headCommit === expectedHead) break
  }
  return found
}

async function schedule(context: HostContext, found: HostPullRequest, request: MergeRequest): Promise<void> {
  const at = { ...context, place: atStep(context, 'autoMerge') }
  try {
    await enableAutoMerge(at, found, request)
  } catch (error) {
    const words = hostWords(refusalOf(error)?.body)
    if (!isOtherMethod(words)) throw error
    throw await notMergeable(context, found, words)
  }
}

/** The pull request when it is merged. */
async function mergeNow(
  context: HostContext,
  found: HostPullRequest,
  request: MergeRequest,
): Promise<HostPullRequest> {
  const { place, clock, call } = context
  const { number } = found.pullRequest
  const strategy = await strategyFor(context, found, request.method)
  // The branch is deleted when all is over: here, newer commits would go with it.
  const options = completionOptions(strategy, number, { ...request, deleteBranch: false })
  let now = found
  for (let attempt = 1; ; attempt++) {
    if (blockersOf(now).length > 0) throw await notMergeable(context, now, '')
    const { headCommit } = now.pullRequest
    if (headCommit === undefined) {
      const reason = 'the head commit is missing'
      throw createPullRequestError('BAD_RESPONSE', reason, place, { number, reason })
    }
    const body = {
      status: 'completed',
      lastMergeSourceCommit: { commitId: headCommit },
      completionOptions: options,
    }
    try {
      await send(context, { method: 'PATCH', url: pullUrl(context, number), body })
      return await completed(context, number)
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal === undefined || !isAboutState(refusal)) throw error
      const moved = typeOf(refusal) === 'GitPullRequestStaleException'
      if (moved) await clock.sleep(headWaits[attempt - 1] ?? 0, call)
      now = await readSettled(context, number)
      // By a request whose answer was lost, or by somebody else.
      if (now.pullRequest.state === 'merged') return now
      checkHead(context, now.pullRequest, request)
      if (!moved || attempt >= staleTries) throw await notMergeable(context, now, hostWords(refusal.body))
    }
  }
}

/** Waits for the end of a merge that is queued. */
async function completed(context: HostContext, number: number): Promise<HostPullRequest> {
  const { clock, call, place } = context
  const deadline = clock.now() + completionLimit
  for (let wait = firstWait; ; wait = Math.min(wait * 2, longestWait)) {
    const now = await read(context, number)
    if (now.pullRequest.state === 'merged') return now
    const isRejected = now.mergeStatus === 'rejectedByPolicy'
    if (isRejected || blockersOf(now).length > 0)
      throw await notMergeable(context, now, now.mergeFailure ?? '')
    if (clock.now() + wait > deadline) break
    await clock.sleep(wait, call)
  }
  const problem = `the merge of pull request ${number} is queued, and not done after ${completionLimit} ms; look at it again`
  throw createPullRequestError('TIMEOUT', problem, place, { timeout: completionLimit, sent: true })
}

/** A refusal that is about the pull request as it is, and not about the request. */
function isAboutState(refusal: HttpErrors['STATUS']): boolean {
  const words = hostWords(refusal.body)
  const about = /^GitPullRequest(?:UpdateRejectedByPolicy|Stale|NotEditable|CannotBeActivated)(?:Exception)?$/
  return about.test(typeOf(refusal)) || isOtherMethod(words) || /\bTF40119[02]\b|\bpolic/i.test(words)
}

function isOtherMethod(words: string): boolean {
  return /merge (?:strategy|type) /i.test(words)
}

/** @param words what the host said when a merge was tried. */
async function notMergeable(context: HostContext, found: HostPullRequest, words: string): Promise<Error> {
  const { number, state } = found.pullRequest
  const own = blockersOf(found)
  const policies = own.length > 0 || state !== 'open' ? [] : policyBlockers(await policiesOf(context, found))
  const message = words === '' ? 'the host does not say why' : words
  const said: readonly MergeBlocker[] = [{ reason: isOtherMethod(words) ? 'method' : 'protected', message }]
  const blockers =
    own.length > 0 ? own
    : policies.length > 0 && !isOtherMethod(words) ? policies
    : said
  const problem = blockers.map((blocker) => blocker.message).join('; ')
  return createPullRequestError('NOT_MERGEABLE', problem, context.place, { number, blockers })
}
