import {
  createPullRequestError,
  type MergeBlocker,
  type MergeRequest,
  type MergeResult,
  type PullRequest,
} from '@lg/pull-request'
import { atStep, checkHead, mergedAs } from '@lg/pull-request/hosted'
import { readAnswer } from '@lg/pull-request/http'
import { enableAutoMerge, mergeRefusal } from './auto-merge.ts'
import { tipOf } from './branches.ts'
import { deleteHead } from './delete-head.ts'
import type { HostContext } from './host-context.ts'
import { blockersOf, isDecided, readSettled } from './mergeability.ts'
import { toPullRequest, type HostPullRequest } from './to-pull-request.ts'

/** What GitLab refuses while it works something out. */
const tryAgainWaits = [500, 1000, 2000]

export async function merge(
  context: HostContext,
  number: number,
  request: MergeRequest,
): Promise<MergeResult> {
  const { whenChecksPass = false, deleteBranch = false } = request
  const found = await readCaughtUp(context, number, request)
  const { pullRequest } = found
  checkHead(context, pullRequest, request)
  if (pullRequest.state === 'merged') return await mergedResult(context, found, deleteBranch)
  if (pullRequest.state === 'closed' || pullRequest.draft) throw notMergeable(context, found, '')
  await checkMethod(context, found, request)
  if (whenChecksPass) {
    if (pullRequest.autoMerge) return { outcome: 'scheduled' }
    const after = await schedule(context, found, request)
    if (after?.pullRequest.state === 'merged') return await mergedResult(context, after, deleteBranch)
    if (after !== undefined) return { outcome: 'scheduled' }
  }
  return await mergedResult(context, await mergeNow(context, found, request), deleteBranch)
}

/** GitLab takes notice of a push in the background: the head may be the expected one already. */
async function readCaughtUp(
  context: HostContext,
  number: number,
  { expectedHead }: MergeRequest,
): Promise<HostPullRequest> {
  const found = await readSettled(context, number)
  const { pullRequest, sourceProject } = found
  const { state, head, headCommit } = pullRequest
  const isBehind = expectedHead !== undefined && expectedHead !== headCommit && state === 'open'
  if (!isBehind || sourceProject === undefined) return found
  if ((await tipOf(context, sourceProject, head)) !== expectedHead) return found
  return await readSettled(
    context,
    number,
    (one) => isDecided(one) && one.pullRequest.headCommit === expectedHead,
  )
}

async function mergedResult(
  context: HostContext,
  found: HostPullRequest,
  deleteBranch: boolean,
): Promise<MergeResult> {
  if (deleteBranch) await deleteHead(context, found)
  return mergedAs(found.pullRequest)
}

/** The project decides how branches are merged; a request decides on squashing, where the project lets it. */
async function checkMethod(
  context: HostContext,
  found: HostPullRequest,
  { method }: MergeRequest,
): Promise<void> {
  if (method === undefined) return
  const { api, project, place } = context
  const settings = readAnswer(await api.projects.show(project), 'project')
  const squash = settings.optionalText('squash_option')
  const message =
    method === 'squash' && squash === 'never' ? 'squashing is not allowed in this project'
    : method === 'merge' && squash === 'always' ? 'this project squashes always'
    : method === 'merge' && settings.optionalText('merge_method') === 'ff' ?
      'this project has no merge commits; leave the method out'
    : undefined
  if (message === undefined) return
  const blockers = [{ reason: 'method', message } as const]
  const { number } = found.pullRequest
  throw createPullRequestError('NOT_MERGEABLE', message, place, { number, blockers })
}

/** `undefined` when there is nothing to wait for. */
async function schedule(
  context: HostContext,
  found: HostPullRequest,
  request: MergeRequest,
): Promise<HostPullRequest | undefined> {
  const { method, deleteBranch, expectedHead } = request
  const scheduling = { ...context, place: atStep(context, 'autoMerge') }
  const messages = messagesOf(found.pullRequest, request)
  const result = await enableAutoMerge(scheduling, found, { method, deleteBranch, expectedHead, messages })
  if (result.type === 'done') return result.found
  const now = await readSettled(context, found.pullRequest.number)
  checkHead(context, now.pullRequest, request)
  if (now.pullRequest.state === 'merged') return now
  if (blockersOf(now).length > 0) throw notMergeable(context, now, result.reason)
  return undefined
}

async function mergeNow(
  context: HostContext,
  found: HostPullRequest,
  request: MergeRequest,
): Promise<HostPullRequest> {
  const { api, project, repository, clock, call } = context
  const { number, headRepository } = found.pullRequest
  const { method, expectedHead, deleteBranch } = request
  const options = {
    ...(method !== undefined && { squash: method === 'squash' }),
    ...(expectedHead !== undefined && { sha: expectedHead }),
    // It is deleted here, so that it is gone when this is done.
    ...(deleteBranch === false && { shouldRemoveSourceBranch: false }),
    ...messagesOf(found.pullRequest, request),
  }
  const waits = [...tryAgainWaits]
  for (;;) {
    let words = ''
    try {
      const data = await api.mergeRequests.merge(project, number, options)
      const after = toPullRequest(data, repository, headRepository)
      if (after.pullRequest.state === 'merged') return after
    } catch (error) {
      const reason = mergeRefusal(context, error)
      if (reason === undefined) throw error
      words = reason
    }
    const now = await readSettled(context, number)
    // It may have been merged by a request whose answer was lost, by somebody else, or after the answer.
    if (now.pullRequest.state === 'merged') return now
    checkHead(context, now.pullRequest, request)
    const wait = waits.shift()
    if (wait === undefined || blockersOf(now).length > 0) throw notMergeable(context, now, words)
    await clock.sleep(wait, call)
  }
}

function messagesOf(
  pullRequest: PullRequest,
  { method, title, message }: MergeRequest,
): Readonly<Record<string, string>> {
  if (title === undefined && message === undefined) return {}
  const { head, base } = pullRequest
  const usual = method === 'squash' ? pullRequest.title : `Merge branch '${head}' into '${base}'`
  const text = [title ?? usual, ...(message === undefined ? [] : [message])].join('\n\n')
  return { [method === 'squash' ? 'squashCommitMessage' : 'mergeCommitMessage']: text }
}

function notMergeable({ place }: HostContext, found: HostPullRequest, words: string): Error {
  const { number } = found.pullRequest
  const known = blockersOf(found)
  // An error that came after GitLab had taken it on.
  const late = found.answer.optionalText('merge_error')
  const message = late ?? (words === '' ? 'the host does not say why' : words)
  const blockers: readonly MergeBlocker[] = known.length > 0 ? known : [{ reason: 'protected', message }]
  const problem = blockers.map((blocker) => blocker.message).join('; ')
  return createPullRequestError('NOT_MERGEABLE', problem, place, { number, blockers })
}
