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
import { checkChanges, hasBranch } from './branches.ts'
import { decorate, requestFor } from './decorate.ts'
import { otherOpen } from './failure.ts'
import type { HostContext } from './host-context.ts'
import { escapeQuickActions } from './quick-actions.ts'
import { findOpen, read } from './read.ts'
import { resolveNames } from './resolve.ts'
import { toPullRequest, type HostPullRequest } from './to-pull-request.ts'

export async function update(
  context: HostContext,
  number: number,
  changes: PreparedUpdate,
  strict: boolean,
): Promise<PullRequestResult> {
  const before = await read(context, number)
  const { pullRequest, proposed } = before
  const names = {
    title: changes.title,
    labels: changes.labels.add,
    assignees: changes.assignees.add,
    reviewers: changes.reviewers.add,
    milestone: changes.milestone,
  }
  const resolved = await resolveNames(context, names, pullRequest, strict)
  const wanted = {
    ...changes,
    labels: { ...changes.labels, add: resolved.labels },
    newLabels: resolved.newLabels,
    assignees: { ...changes.assignees, add: resolved.assignees },
    reviewers: { ...changes.reviewers, add: resolved.reviewers },
    milestone: resolved.milestone,
  }
  const base = changes.base === pullRequest.base ? undefined : changes.base
  if (base !== undefined) await checkBase(context, before, base)
  const text = {
    ...(differs(changes.title, pullRequest.title) && { title: changes.title }),
    ...(differs(changes.description, pullRequest.description) && {
      description: markedDescription({
        description: escapeQuickActions(changes.description),
        proposed,
      }),
    }),
    base,
  }
  const later = context.labelColor === undefined ? [] : resolved.newLabels
  const request = requestFor(before, text, wanted, later)
  const after =
    Object.keys(request).length === 0 ?
      before
    : await edit(context, before, request, base ?? pullRequest.base)
  const { found, ...rest } = await decorate(context, { before, after }, wanted, { strict })
  return {
    ...resultOf(found.pullRequest, rest.changed),
    ignored: [...changes.ignored, ...resolved.ignored, ...rest.ignored],
    warnings: rest.warnings,
  }
}

export async function close(context: HostContext, number: number): Promise<PullRequestResult> {
  const found = await read(context, number)
  const { pullRequest } = found
  refuseMerged(context, pullRequest)
  if (pullRequest.state === 'closed') return resultOf(pullRequest, false)
  return await changeState(context, found, 'closed')
}

export async function reopen(context: HostContext, number: number): Promise<PullRequestResult> {
  const found = await read(context, number)
  const { pullRequest, sourceProject } = found
  refuseMerged(context, pullRequest)
  if (pullRequest.state === 'open') return resultOf(pullRequest, false)
  const branch = pullRequest.head
  if (sourceProject === undefined || !(await hasBranch(context, sourceProject, branch))) {
    throw createPullRequestError(
      'BRANCH_NOT_FOUND',
      `branch ${branch} is gone; push it again`,
      context.place,
      {
        branch,
      },
    )
  }
  return await changeState(context, found, 'open')
}

/** GitLab may take the request and leave the state as it is. */
async function changeState(
  context: HostContext,
  found: HostPullRequest,
  state: 'open' | 'closed',
): Promise<PullRequestResult> {
  const { number, base } = found.pullRequest
  const { pullRequest } = await edit(
    context,
    found,
    { stateEvent: state === 'open' ? 'reopen' : 'close' },
    base,
  )
  if (pullRequest.state === state) return resultOf(pullRequest, true)
  const problem = `it is ${pullRequest.state}, and the host leaves it so`
  throw createPullRequestError('CONFLICT', problem, context.place, { number, state: pullRequest.state })
}

async function edit(
  context: HostContext,
  { pullRequest }: HostPullRequest,
  request: Readonly<Record<string, unknown>>,
  base: string,
): Promise<HostPullRequest> {
  const { api, project, repository } = context
  const { number, headRepository } = pullRequest
  try {
    return toPullRequest(await api.mergeRequests.edit(project, number, request), repository, headRepository)
  } catch (error) {
    const other = otherOpen(error)
    if (other === undefined) throw error
    throw await otherOne(context, pullRequest, base, other.number)
  }
}

async function checkBase(context: HostContext, found: HostPullRequest, base: string): Promise<void> {
  const { place, project } = context
  const { sourceProject, targetProject, pullRequest } = found
  const { head } = pullRequest
  requireOpenForBase(context, pullRequest)
  // One from a fork that is gone has nothing to compare with.
  if (sourceProject === undefined) return
  const fork = sourceProject !== targetProject
  const sides =
    fork ? { source: String(sourceProject), target: targetProject } : { source: project, target: undefined }
  if (!fork && head === base) {
    const reason = 'it is the head branch itself'
    throw createPullRequestError('VALIDATION', `base: ${reason}`, place, {
      faults: [{ field: 'base', reason }],
    })
  }
  await checkChanges(context, { head, base }, sides)
}

/** The list may not show it yet; then there is what the refusal said. */
async function otherOne(
  context: HostContext,
  pullRequest: PullRequest,
  base: string,
  number: number | undefined,
): Promise<Error> {
  const { repository, head, headRepository } = pullRequest
  const other = (await findOpen(context, { repository, head, headRepository, base }))?.pullRequest
  return anotherOpen(context, pullRequest, base, other ?? (number === undefined ? undefined : { number }))
}
