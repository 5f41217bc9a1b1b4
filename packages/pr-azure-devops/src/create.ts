import { createPullRequestError, type PreparedSpec, type PullRequestResult } from '@lg/pull-request'
import {
  atStep,
  markedDescription,
  propose,
  type AgainPlan,
  type Opened,
  type Proposed,
} from '@lg/pull-request/hosted'
import { orIncomplete, refusalOf } from '@lg/pull-request/http'
import { equalValues } from '@lg/runtime'
import { checkBranches } from './branches.ts'
import { fits, reviewerBatch } from './capabilities.ts'
import { decorate, type Decoration } from './decorate.ts'
import { isAlreadyThere, isBranchGone, isLabelRefusal, readStatus } from './failure.ts'
import { refOf, send, type HostContext } from './host-context.ts'
import { findOpen, pullUrl, idOfRepository } from './read.ts'
import { resolveNames, type Resolved } from './resolve.ts'
import { toPullRequest, type HostPullRequest } from './to-pull-request.ts'

/** Opens a pull request, or brings the open one of the same branches up to date. */
export async function create(
  context: HostContext,
  spec: PreparedSpec,
  strict: boolean,
): Promise<PullRequestResult> {
  const { repository, head, headRepository, base } = spec
  return await propose<HostPullRequest, Resolved>(context, spec, {
    readStatus,
    findOpen: () => findOpen(context, { repository, head, headRepository, base }),
    resolve: (open) => resolveNames(context, spec, open),
    open: (resolved, proposed) => openNew(context, spec, { resolved, strict, proposed }),
    async finish({ found, ignored }, resolved) {
      const { number, url, state } = found.pullRequest
      // It was opened as a draft, or ready.
      const wanted = { ...decorationOf(spec, resolved), draft: undefined }
      const rest = await decorate(context, found, wanted, { strict })
      return {
        number,
        url,
        state,
        action: 'created',
        ignored: [...spec.ignored, ...ignored, ...rest.ignored],
        warnings: rest.warnings,
      }
    },
    again: (found, plan, resolved) => updateOpen(context, found, spec, { plan, resolved, strict }),
  })
}

interface Opening {
  readonly resolved: Resolved
  readonly strict: boolean
  readonly proposed: Proposed
}

async function openNew(
  context: HostContext,
  spec: PreparedSpec,
  { resolved, strict, proposed }: Opening,
): Promise<Opened<HostPullRequest>> {
  const { target } = context
  const { head, headRepository, base, title, description = '', draft } = spec
  await checkBranches(context, spec)
  const forkId = headRepository && (await idOfRepository(context, headRepository))
  const body = {
    title,
    description: markedDescription({ description, proposed }),
    sourceRefName: refOf(head),
    targetRefName: refOf(base),
    ...(draft === true && { isDraft: true }),
    ...(forkId !== undefined && { forkSource: { repository: { id: forkId } } }),
    ...(resolved.labels.length > 0 && { labels: resolved.labels.map((name) => ({ name })) }),
    ...(resolved.reviewers.length > 0 && {
      reviewers: resolved.reviewers.slice(0, reviewerBatch).map(({ id }) => ({ id })),
    }),
  }
  const url = `${target.gitUrl}/pullrequests`
  const open = async (sent: unknown): Promise<Opened<HostPullRequest>> => {
    const data = await send(context, { method: 'POST', url, body: sent })
    return { type: 'opened', found: toPullRequest(data, context), ignored: [] }
  }
  try {
    return await open(body)
  } catch (error) {
    const refusal = refusalOf(error)
    if (isAlreadyThere(refusal)) return { type: 'there' }
    if (isBranchGone(refusal)) throw gone(context, head)
    // Those that are there already may be set one by one, and are.
    if (!strict && isLabelRefusal(refusal)) return await open({ ...body, labels: undefined })
    throw error
  }
}

/** Between the look at the branches and the request; which one, is not told. */
function gone({ place }: HostContext, branch: string): Error {
  const problem = `branch ${branch} or its base is gone; push it again`
  return createPullRequestError('BRANCH_NOT_FOUND', problem, place, { branch })
}

async function updateOpen(
  context: HostContext,
  found: HostPullRequest,
  spec: PreparedSpec,
  how: { readonly plan: AgainPlan; readonly resolved: Resolved; readonly strict: boolean },
): Promise<PullRequestResult> {
  const { plan, resolved, strict } = how
  const { pullRequest, proposed } = found
  const { number, url, state, description } = pullRequest
  const changesText = plan.title !== undefined || plan.description !== undefined
  const text = markedDescription({
    description: plan.description ?? description,
    proposed: plan.proposed,
  })
  const body = {
    ...(plan.title !== undefined && { title: plan.title }),
    // What somebody else wrote may leave no room for the marker, and stays as it is.
    ...((changesText || !equalValues(plan.proposed, proposed)) && fits(text) && { description: text }),
  }
  if (Object.keys(body).length > 0) {
    await orIncomplete(pullRequest, atStep(context, 'update'), context.call.signal, readStatus, () =>
      send(context, { method: 'PATCH', url: pullUrl(context, number), body }),
    )
  }
  const wanted = { ...decorationOf(spec, resolved), draft: plan.draft }
  const rest = await decorate(context, found, wanted, { strict })
  return {
    number,
    url,
    state,
    action: changesText || rest.changed ? 'updated' : 'unchanged',
    ignored: [...spec.ignored, ...rest.ignored],
    warnings: [...plan.warnings, ...rest.warnings],
  }
}

function decorationOf(spec: PreparedSpec, resolved: Resolved): Decoration {
  return {
    labels: { add: resolved.labels, remove: [] },
    reviewers: resolved.reviewers,
    removedReviewers: [],
    removedTeams: [],
    draft: spec.draft,
    autoMerge: spec.autoMerge,
  }
}
