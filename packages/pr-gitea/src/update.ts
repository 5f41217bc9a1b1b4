import { createPullRequestError, type PreparedUpdate, type PullRequestResult } from '@lg/pull-request'
import {
  anotherOpen,
  differs,
  markedDescription,
  refuseMerged,
  requireOpenForBase,
  resultOf,
} from '@lg/pull-request/hosted'
import { refusalOf } from '@lg/pull-request/http'
import { checkBranches, tipOf } from './branches.ts'
import { decorate } from './decorate.ts'
import { readTitle } from './draft-titles.ts'
import { changeText, edit } from './edit.ts'
import { numberThere } from './failure.ts'
import { fullNameOf, targetOf, type HostContext } from './host-context.ts'
import { findOpen, read } from './read.ts'
import { resolveNames } from './resolve.ts'
import type { HostPullRequest } from './to-pull-request.ts'

export async function update(
  context: HostContext,
  number: number,
  given: PreparedUpdate,
  strict: boolean,
): Promise<PullRequestResult> {
  const changes = readTitle(given, context.draftTitles, context.place)
  let found = await read(context, number)
  const { pullRequest, proposed } = found
  const names = {
    labels: changes.labels.add,
    assignees: changes.assignees.add,
    reviewers: changes.reviewers.add,
    milestone: changes.milestone,
  }
  const resolved = await resolveNames(context, names, pullRequest, strict)
  const base = differs(changes.base, pullRequest.base) ? changes.base : undefined
  const title = differs(changes.title, pullRequest.title) ? changes.title : undefined
  const description = differs(changes.description, pullRequest.description) ? changes.description : undefined
  const body = description === undefined ? undefined : markedDescription({ description, proposed })
  // By itself and first: Gitea changes all else before it looks whether there is such a branch.
  if (base !== undefined) found = await changeBase(context, found, base)
  if (title !== undefined || body !== undefined) found = await changeText(context, found, { title, body })
  const wanted = {
    ...changes,
    labels: { ...changes.labels, add: resolved.labels },
    labelIds: resolved.labelIds,
    newLabels: resolved.newLabels,
    milestone: resolved.milestone,
  }
  const rest = await decorate(context, found, wanted, strict)
  const changed = [base, title, body].some((change) => change !== undefined)
  return {
    ...resultOf(pullRequest, changed || rest.changed),
    ignored: [...changes.ignored, ...resolved.ignored, ...rest.ignored],
    warnings: rest.warnings,
  }
}

export async function close(context: HostContext, number: number): Promise<PullRequestResult> {
  const { pullRequest } = await read(context, number)
  refuseMerged(context, pullRequest)
  if (pullRequest.state === 'closed') return resultOf(pullRequest, false)
  await edit(context, number, { state: 'closed' })
  return resultOf({ ...pullRequest, state: 'closed' }, true)
}

/** Gitea would open it again whatever has become of its branch, and beside another one of the same branches. */
export async function reopen(context: HostContext, number: number): Promise<PullRequestResult> {
  const { pullRequest } = await read(context, number)
  refuseMerged(context, pullRequest)
  if (pullRequest.state === 'open') return resultOf(pullRequest, false)
  const { head, headRepository, base } = pullRequest
  const from = headRepository && targetOf(fullNameOf(headRepository, context.serverPath))
  if ((await tipOf(context, head, from)) === undefined) throw noBranch(context, head)
  const other = await findOpen(context, pullRequest)
  if (other !== undefined) throw anotherOpen(context, pullRequest, base, other.pullRequest)
  await edit(context, number, { state: 'open' })
  return resultOf({ ...pullRequest, state: 'open' }, true)
}

async function changeBase(
  context: HostContext,
  { pullRequest, headFullName }: HostPullRequest,
  base: string,
): Promise<HostPullRequest> {
  const { number, head, headRepository } = pullRequest
  requireOpenForBase(context, pullRequest)
  if (headRepository === undefined && head === base) {
    const reason = 'it is the head branch itself'
    const faults = [{ field: 'base', reason }] as const
    throw createPullRequestError('VALIDATION', `base: ${reason}`, context.place, { faults })
  }
  // Gitea answers 500 to a base that has all commits of the head. What is from a fork that is gone cannot be compared.
  if (headFullName !== undefined) await checkBranches(context, { head, headRepository, base })
  try {
    return await edit(context, number, { base })
  } catch (error) {
    const { status, body } = refusalOf(error) ?? {}
    if (status === 404) throw noBranch(context, base)
    if (status !== 409) throw error
    const there = numberThere(body)
    const other =
      there === undefined ? await findOpen(context, { ...pullRequest, base }) : await read(context, there)
    throw anotherOpen(context, pullRequest, base, other?.pullRequest)
  }
}

function noBranch({ place }: HostContext, branch: string): Error {
  const problem = `branch ${branch} is not there; push it first`
  return createPullRequestError('BRANCH_NOT_FOUND', problem, place, { branch })
}
