import type { MergeMethod, MergeRequest } from '@lg/pull-request'
import { readAnswer } from '@lg/pull-request/http'
import { send, type HostContext } from './host-context.ts'
import { allowedStrategies, type Strategy } from './policies.ts'
import { pullUrl } from './read.ts'
import type { HostPullRequest } from './to-pull-request.ts'

const strategies: Readonly<Record<MergeMethod, Strategy | undefined>> = {
  merge: 'noFastForward',
  squash: 'squash',
  rebase: 'rebase',
  'fast-forward': undefined,
}

/** What to merge with: the method that is asked for, or the first that the policies of the base allow. */
export async function strategyFor(
  context: HostContext,
  found: HostPullRequest,
  method: MergeMethod | undefined,
): Promise<Strategy> {
  const named = method && strategies[method]
  return named ?? (await allowedStrategies(context, found))[0] ?? 'noFastForward'
}

/** `completionOptions` of a pull request. */
export function completionOptions(
  mergeStrategy: Strategy,
  number: number,
  { title, message, deleteBranch }: Pick<MergeRequest, 'title' | 'message' | 'deleteBranch'>,
): Readonly<Record<string, unknown>> {
  const given = title !== undefined || message !== undefined
  const text = [title ?? `Merged PR ${number}`, message ?? ''].filter((part) => part !== '').join('\n\n')
  return {
    mergeStrategy,
    deleteSourceBranch: deleteBranch ?? false,
    ...(given && { mergeCommitMessage: text }),
  }
}

/** Completes it as soon as the policies are met. */
export async function enableAutoMerge(
  context: HostContext,
  found: HostPullRequest,
  request: Pick<MergeRequest, 'method' | 'title' | 'message' | 'deleteBranch'>,
): Promise<void> {
  const { number } = found.pullRequest
  // Only in one's own name.
  const url = `${context.target.collectionUrl}/connectionData`
  const me = readAnswer(await send(context, { url, preview: true }), 'connection').record('authenticatedUser')
  const strategy = await strategyFor(context, found, request.method)
  const body = {
    autoCompleteSetBy: { id: me.text('id') },
    completionOptions: completionOptions(strategy, number, request),
  }
  await send(context, { method: 'PATCH', url: pullUrl(context, number), body })
}

export async function disableAutoMerge(context: HostContext, number: number): Promise<void> {
  const body = { autoCompleteSetBy: { id: '00000000-0000-0000-0000-000000000000' } }
  await send(context, { method: 'PATCH', url: pullUrl(context, number), body })
}
