import { dataOf } from './api.ts'
import { paramsOf, type HostContext } from './host-context.ts'
import { toPullRequest, type HostPullRequest } from './to-pull-request.ts'

/**
 * Title and description; what is `undefined` stays. The title keeps the prefix of a draft. A description that somebody
 * has changed since it was read is refused by versions that count changes.
 */
export async function changeText(
  context: HostContext,
  { pullRequest, contentVersion }: HostPullRequest,
  { title, body }: { readonly title: string | undefined; readonly body: string | undefined },
): Promise<HostPullRequest> {
  return await edit(context, pullRequest.number, {
    ...(title !== undefined && { title: context.draftTitles.titleFor(title, pullRequest.draft) }),
    ...(body !== undefined && { body }),
    ...(body !== undefined && contentVersion !== undefined && { content_version: contentVersion }),
  })
}

interface Edit {
  readonly title?: string
  readonly body?: string
  readonly content_version?: number
  readonly base?: string
  readonly state?: 'open' | 'closed'
  readonly assignees?: string[]
}

/** The pull request as it is then. */
export async function edit(context: HostContext, number: number, change: Edit): Promise<HostPullRequest> {
  const { api, target, call } = context
  const answer = await api.repos.repoEditPullRequest(...target, number, change, paramsOf(call))
  return toPullRequest(dataOf(answer), context)
}
