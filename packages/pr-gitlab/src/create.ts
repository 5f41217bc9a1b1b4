import type { PreparedSpec, PullRequestResult } from '@lg/pull-request'
import {
  atStep,
  markedDescription,
  propose,
  type AgainPlan,
  type Opened,
  type Proposed,
} from '@lg/pull-request/hosted'
import { orIncomplete } from '@lg/pull-request/http'
import { equalValues } from '@lg/runtime'
import { checkChanges, onceHeadIsKnown, sidesOf } from './branches.ts'
import { decorate, requestFor, type Decoration } from './decorate.ts'
import { otherOpen, readStatus } from './failure.ts'
import { missingLabels, type HostContext } from './host-context.ts'
import { escapeQuickActions } from './quick-actions.ts'
import { findOpen } from './read.ts'
import { resolveNames, type Resolved } from './resolve.ts'
import { hostTitle, toPullRequest, type HostPullRequest } from './to-pull-request.ts'

/** Opens a merge request, or brings the open one of the same branches up to date. */
export async function create(
  context: HostContext,
  spec: PreparedSpec,
  strict: boolean,
): Promise<PullRequestResult> {
  const { repository, head, headRepository, base } = spec
  return await propose<HostPullRequest, Resolved>(context, spec, {
    readStatus,
    findOpen: () => findOpen(context, { repository, head, headRepository, base }),
    resolve: (open) => resolveNames(context, spec, open?.pullRequest, strict),
    open: (resolved, proposed) => openNew(context, spec, resolved, proposed),
    async finish({ found: after, ignored }, resolved) {
      const wanted = decorationOf(spec, resolved)
      const { found, ...rest } = await decorate(context, { before: undefined, after }, wanted, { strict })
      const { number, url, state } = found.pullRequest
      return {
        number,
        url,
        state,
        action: 'created',
        ignored: [...spec.ignored, ...resolved.ignored, ...ignored, ...rest.ignored],
        warnings: rest.warnings,
      }
    },
    again: (found, plan, resolved) => updateOpen(context, found, spec, { plan, resolved, strict }),
  })
}

async function openNew(
  context: HostContext,
  spec: PreparedSpec,
  resolved: Resolved,
  proposed: Proposed,
): Promise<Opened<HostPullRequest>> {
  const { api, repository } = context
  const { head, headRepository, base, title, description = '', draft = false } = spec
  const sides = await sidesOf(context, spec)
  await checkChanges(context, spec, sides)
  const labels = missingLabels(labelsLater(context, resolved), resolved.labels)
  const request = {
    description: markedDescription({ description: escapeQuickActions(description), proposed }),
    ...(sides.target !== undefined && { targetProjectId: sides.target }),
    ...(labels.length > 0 && { labels: labels.join(',') }),
    ...(resolved.assignees.length > 0 && { assigneeIds: resolved.assignees.map(({ id }) => id) }),
    ...(resolved.reviewers.length > 0 && { reviewerIds: resolved.reviewers.map(({ id }) => id) }),
    ...(resolved.milestone && { milestoneId: resolved.milestone.id }),
  }
  try {
    const data = await onceHeadIsKnown(context, head, () =>
      api.mergeRequests.create(sides.source, head, base, hostTitle({ title, draft }), request),
    )
    return { type: 'opened', found: toPullRequest(data, repository, headRepository), ignored: [] }
  } catch (error) {
    if (otherOpen(error) === undefined) throw error
    return { type: 'there' }
  }
}

async function updateOpen(
  context: HostContext,
  before: HostPullRequest,
  spec: PreparedSpec,
  how: { readonly plan: AgainPlan; readonly resolved: Resolved; readonly strict: boolean },
): Promise<PullRequestResult> {
  const { plan, resolved, strict } = how
  const { api, project, repository, call } = context
  const { pullRequest, proposed } = before
  const milestone = plan.milestone === undefined ? undefined : resolved.milestone
  const wanted = { ...decorationOf(spec, resolved), draft: plan.draft, milestone }
  const marks = plan.description !== undefined || !equalValues(plan.proposed, proposed)
  const description = escapeQuickActions(plan.description ?? pullRequest.description)
  const text = {
    title: plan.title,
    ...(marks && { description: markedDescription({ description, proposed: plan.proposed }) }),
  }
  const request = requestFor(before, text, wanted, labelsLater(context, resolved))
  let after = before
  if (Object.keys(request).length > 0) {
    const { number, headRepository } = pullRequest
    after = await orIncomplete(pullRequest, atStep(context, 'update'), call.signal, readStatus, async () =>
      toPullRequest(await api.mergeRequests.edit(project, number, request), repository, headRepository),
    )
  }
  const { found, ...rest } = await decorate(context, { before, after }, wanted, { strict })
  const { number, url, state } = found.pullRequest
  return {
    number,
    url,
    state,
    action: rest.changed ? 'updated' : 'unchanged',
    ignored: [...spec.ignored, ...resolved.ignored, ...rest.ignored],
    warnings: [...plan.warnings, ...rest.warnings],
  }
}

/** GitLab makes labels in a colour of its own, so those of another one are made apart. */
function labelsLater({ labelColor }: HostContext, { newLabels }: Resolved): readonly string[] {
  return labelColor === undefined ? [] : newLabels
}

function decorationOf(spec: PreparedSpec, resolved: Resolved): Decoration {
  return {
    labels: { add: resolved.labels, remove: [] },
    newLabels: resolved.newLabels,
    assignees: { add: resolved.assignees, remove: [] },
    reviewers: { add: resolved.reviewers, remove: [] },
    milestone: resolved.milestone,
    draft: spec.draft,
    autoMerge: spec.autoMerge,
  }
}
