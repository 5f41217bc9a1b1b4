import { createPullRequestError, type MergeMethod } from '@lg/pull-request'
import { readAnswer } from '@lg/pull-request/http'
import type { HostContext } from './host-context.ts'

/** What the REST API cannot do. A refusal is a value: what it means depends on the caller. */
export type MutationResult = { readonly type: 'done' } | { readonly type: 'refused'; readonly reason: string }

export async function setDraft(context: HostContext, id: string, draft: boolean): Promise<MutationResult> {
  const name = draft ? 'convertPullRequestToDraft' : 'markPullRequestReadyForReview'
  return await mutate(
    context,
    `mutation($id: ID!) { ${name}(input: { pullRequestId: $id }) { clientMutationId } }`,
    { id },
  )
}

export interface AutoMergeRequest {
  readonly method: MergeMethod
  readonly title?: string | undefined
  readonly message?: string | undefined
  readonly expectedHead?: string | undefined
}

export async function enableAutoMerge(
  context: HostContext,
  id: string,
  { method, title, message, expectedHead }: AutoMergeRequest,
): Promise<MutationResult> {
  const query =
    'mutation($id: ID!, $method: PullRequestMergeMethod, $title: String, $message: String, $head: GitObjectID) { ' +
    'enablePullRequestAutoMerge(input: { pullRequestId: $id, mergeMethod: $method, commitHeadline: $title, ' +
    'commitBody: $message, expectedHeadOid: $head }) { clientMutationId } }'
  const variables = { id, method: method.toUpperCase(), title, message, head: expectedHead }
  return await mutate(context, query, variables)
}

export async function disableAutoMerge(context: HostContext, id: string): Promise<MutationResult> {
  const query =
    'mutation($id: ID!) { disablePullRequestAutoMerge(input: { pullRequestId: $id }) { clientMutationId } }'
  return await mutate(context, query, { id })
}

/** Wait that GitHub asks for where it names none. */
const unnamedWait = 60_000

/** GraphQL answers failures with status 200. */
async function mutate(
  { api, call, place, clock }: HostContext,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<MutationResult> {
  const answer = readAnswer(await api.graphql(query, variables, call.signal), 'GraphQL answer')
  const [error] = answer.list('errors')
  if (error === undefined) return { type: 'done' }
  const [reason, type] = [error.text('message'), error.optionalText('type')]
  if (type === 'FORBIDDEN' || type === 'INSUFFICIENT_SCOPES') {
    throw createPullRequestError('FORBIDDEN', reason, place, { reason })
  }
  if (type === 'RATE_LIMITED') {
    throw createPullRequestError('RATE_LIMITED', reason, place, { retryAt: clock.now() + unnamedWait })
  }
  return { type: 'refused', reason }
}
