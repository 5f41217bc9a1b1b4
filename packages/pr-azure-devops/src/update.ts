import { type PreparedUpdate, type PullRequest, type PullRequestResult } from '@lg/pull-request'
import {
  anotherOpen,
  differs,
  markedDescription,
  refuseMerged,
  requireOpenForBase,
  resultOf,
} from '@lg/pull-request/hosted'
import { refusalOf } from '@lg/pull-request/http'
import { checkBranches } from './branches.ts'
import { decorate } from './decorate.ts'
import { isAlreadyThere, isBranchGone } from './failure.ts'
import { refOf, send, type HostContext } from './host-context.ts'
import { findOpen, pullUrl, read } from './read.ts'
import { resolveNames } from './resolve.ts'

export async function update(
  context: HostContext,
  number: number,
  changes: PreparedUpdate,
  strict: boolean,
): Promise<PullRequestResult> {
  const found = await read(context, number)
  const { pullRequest, proposed } = found
  const names = {
    title: changes.title,
    description: changes.description,
    labels: changes.labels.add,
    reviewers: changes.reviewers.add,
    teamReviewers: changes.teamReviewers.add,
  }
  const resolved = await resolveNames(context, names, found)
  const text = {
    ...(differs(changes.title, pullRequest.title) && { title: changes.title }),
    ...(differs(changes.description, pullRequest.description) && {
      description: markedDescription({ description: changes.description ?? '', proposed }),
    }),
  }
  const base = differs(changes.base, pullRequest.base) ? changes.base : undefined
  if (base !== undefined) await changeBase(context, pullRequest, base)
  const changesText = Object.keys(text).length > 0
  // Apart from the base: with that, all else would be passed over without a word.
  if (changesText) await send(context, { method: 'PATCH', url: pullUrl(context, number), body: text })
  const rest = await decorate(
    context,
    found,
    {
      labels: { ...changes.labels, add: resolved.labels },
      reviewers: resolved.reviewers,
      removedReviewers: changes.reviewers.remove,
      removedTeams: changes.teamReviewers.remove,
      draft: changes.draft,
      autoMerge: changes.autoMerge,
    },
    { strict },
  )
  return {
    ...resultOf(pullRequest, changesText || base !== undefined || rest.changed),
    ignored: [...changes.ignored, ...rest.ignored],
    warnings: rest.warnings,
  }
}

export async function close(context: HostContext, number: number): Promise<PullRequestResult> {
  const { pullRequest } = await read(context, number)
  refuseMerged(context, pullRequest)
  if (pullRequest.state === 'closed') return resultOf(pullRequest, false)
  await send(context, { method: 'PATCH', url: pullUrl(context, number), body: { status: 'abandoned' } })
  return resultOf({ ...pullRequest, state: 'closed' }, true)
}

export async function reopen(context: HostContext, number: number): Promise<PullRequestResult> {
  const { pullRequest } = await read(context, number)
  refuseMerged(context, pullRequest)
  if (pullRequest.state === 'open') return resultOf(pullRequest, false)
  try {
    await send(context, { method: 'PATCH', url: pullUrl(context, number), body: { status: 'active' } })
  } catch (error) {
    const refusal = refusalOf(error)
    if (isAlreadyThere(refusal)) throw await otherOpen(context, pullRequest, pullRequest.base)
    if (!isBranchGone(refusal)) throw error
    // Says which one.
    await checkBranches(context, pullRequest)
    throw error
  }
  return resultOf({ ...pullRequest, state: 'open' }, true)
}

async function changeBase(context: HostContext, pullRequest: PullRequest, base: string): Promise<void> {
  const { number, head, headRepository, repository } = pullRequest
  requireOpenForBase(context, pullRequest)
  await checkBranches(context, { head, headRepository, base })
  const other = await findOpen(context, { repository, head, headRepository, base })
  if (other !== undefined) throw anotherOpen(context, pullRequest, base, other.pullRequest)
  try {
    const body = { targetRefName: refOf(base) }
    await send(context, { method: 'PATCH', url: pullUrl(context, number), body })
  } catch (error) {
    if (isAlreadyThere(refusalOf(error))) throw await otherOpen(context, pullRequest, base)
    throw error
  }
}

async function otherOpen(context: HostContext, pullRequest: PullRequest, base: string): Promise<Error> {
  const { repository, head, headRepository } = pullRequest
  const other = await findOpen(context, { repository, head, headRepository, base })
  return anotherOpen(context, pullRequest, base, other?.pullRequest)
}
