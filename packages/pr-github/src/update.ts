import {
  createPullRequestError,
  type PreparedUpdate,
  type PullRequest,
  type PullRequestResult,
} from '@lg/pull-request'
import {
  anotherOpen,
  differs,
  markedDescription,
  refuseMerged,
  requireOpenForBase,
  resultOf,
} from '@lg/pull-request/hosted'
import { hostWords, refusalOf } from '@lg/pull-request/http'
import { decorate } from './decorate.ts'
import { isAlreadyThere, readBranchRefusal } from './failure.ts'
import type { HostContext } from './host-context.ts'
import { findOpen, read } from './read.ts'
import { resolveNames } from './resolve.ts'
import type { HostPullRequest } from './to-pull-request.ts'

export async function update(
  context: HostContext,
  number: number,
  changes: PreparedUpdate,
  strict: boolean,
): Promise<PullRequestResult> {
  const found = await read(context, number)
  const { pullRequest, proposed } = found
  const names = {
    labels: changes.labels.add,
    assignees: changes.assignees.add,
    reviewers: changes.reviewers.add,
    milestone: changes.milestone,
  }
  const resolved = await resolveNames(context, names, pullRequest, strict)
  const text = {
    ...(differs(changes.title, pullRequest.title) && { title: changes.title }),
    ...(differs(changes.description, pullRequest.description) && {
      body: markedDescription({ description: changes.description ?? '', proposed }),
    }),
    ...(differs(changes.base, pullRequest.base) && { base: changes.base }),
  }
  const changesText = Object.keys(text).length > 0
  if (changesText) await changeText(context, found, text as TextChange)
  const rest = await decorate(
    context,
    found,
    {
      ...changes,
      labels: { ...changes.labels, add: resolved.labels },
      newLabels: resolved.newLabels,
      milestone: resolved.milestone,
    },
    { created: false, strict },
  )
  return {
    ...resultOf(pullRequest, changesText || rest.changed),
    ignored: [...changes.ignored, ...resolved.ignored, ...rest.ignored],
    warnings: rest.warnings,
  }
}

export async function close(context: HostContext, number: number): Promise<PullRequestResult> {
  const { pullRequest } = await read(context, number)
  refuseMerged(context, pullRequest)
  if (pullRequest.state === 'closed') return resultOf(pullRequest, false)
  await context.api.rest.pulls.update({ ...context.target, pull_number: number, state: 'closed' })
  return resultOf({ ...pullRequest, state: 'closed' }, true)
}

export async function reopen(context: HostContext, number: number): Promise<PullRequestResult> {
  const { api, target, place } = context
  const { pullRequest } = await read(context, number)
  refuseMerged(context, pullRequest)
  if (pullRequest.state === 'open') return resultOf(pullRequest, false)
  try {
    await api.rest.pulls.update({ ...target, pull_number: number, state: 'open' })
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal?.status !== 422) throw error
    const words = hostWords(refusal.body)
    if (isAlreadyThere(refusal.body)) throw await otherOpen(context, pullRequest, pullRequest.base)
    if (/branch has been deleted/i.test(words)) {
      const branch = pullRequest.head
      throw createPullRequestError('BRANCH_NOT_FOUND', `branch ${branch} is gone; push it again`, place, {
        branch,
      })
    }
    throw createPullRequestError('CONFLICT', words, place, { number, state: pullRequest.state })
  }
  return resultOf({ ...pullRequest, state: 'open' }, true)
}

interface TextChange {
  readonly title?: string
  readonly body?: string
  readonly base?: string
}

async function changeText(
  context: HostContext,
  { pullRequest }: HostPullRequest,
  change: TextChange,
): Promise<void> {
  const { api, target, place } = context
  const { number, head } = pullRequest
  const { base } = change
  if (base !== undefined) requireOpenForBase(context, pullRequest)
  try {
    await api.rest.pulls.update({ ...target, pull_number: number, ...change })
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal === undefined || base === undefined) throw error
    if (isAlreadyThere(refusal.body)) throw await otherOpen(context, pullRequest, base)
    throw readBranchRefusal(refusal, { head, base }, place) ?? error
  }
}

async function otherOpen(context: HostContext, pullRequest: PullRequest, base: string): Promise<Error> {
  const { repository, head, headRepository } = pullRequest
  const other = await findOpen(context, { repository, head, headRepository, base })
  return anotherOpen(context, pullRequest, base, other?.pullRequest)
}
