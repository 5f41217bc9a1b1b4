import { createPullRequestError, type PreparedSpec, type PullRequestResult } from '@lg/pull-request'
import {
  atStep,
  markedDescription,
  propose,
  proposedBy,
  type AgainPlan,
  type Opened,
  type Proposed,
} from '@lg/pull-request/hosted'
import { hostWords, orIncomplete, refusalOf } from '@lg/pull-request/http'
import { equalValues } from '@lg/runtime'
import { decorate, type Decoration } from './decorate.ts'
import { isAlreadyThere, readBranchRefusal, readStatus } from './failure.ts'
import { sameName, type HostContext } from './host-context.ts'
import { findOpen } from './read.ts'
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
    resolve: (open) => resolveNames(context, spec, open?.pullRequest, strict),
    open: (_resolved, proposed) => openNew(context, spec, strict, proposed),
    async finish({ found, ignored }, resolved) {
      const { number, url, state } = found.pullRequest
      // It was opened as a draft, or cannot be one.
      const wanted = { ...decorationOf(spec, resolved), draft: undefined }
      const rest = await decorate(context, found, wanted, { created: true, strict })
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
  strict: boolean,
  proposed: Proposed,
): Promise<Opened<HostPullRequest>> {
  const { api, target, place, repository } = context
  const { head, headRepository, base, title, description = '', draft } = spec
  const from = headRepository ?? repository
  const request = {
    ...target,
    title,
    body: markedDescription({ description, proposed }),
    base,
    // With its owner always: a branch alone means another one when there are forks.
    head: `${from.owner}:${head}`,
    ...(headRepository !== undefined && sameName(from.owner, repository.owner) && { head_repo: from.name }),
    ...(draft === true && { draft }),
  }
  try {
    const { data } = await api.rest.pulls.create(request)
    return { type: 'opened', found: toPullRequest(data, repository), ignored: [] }
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal?.status !== 422) throw error
    if (isAlreadyThere(refusal.body)) return { type: 'there' }
    const words = hostWords(refusal.body)
    if (draft === true && /draft pull requests are not supported/i.test(words)) {
      if (strict) throw createPullRequestError('UNSUPPORTED', words, place, { features: ['draft'] })
      const ready = { ...spec, draft: undefined }
      const opened = await openNew(context, ready, strict, await proposedBy(ready))
      return opened.type === 'opened' ?
          { ...opened, ignored: [{ field: 'draft', values: [], reason: words }] }
        : opened
    }
    throw readBranchRefusal(refusal, spec, place) ?? error
  }
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
  if (changesText || !equalValues(plan.proposed, proposed)) {
    const body = markedDescription({ description: plan.description ?? description, proposed: plan.proposed })
    const request = { pull_number: number, body, ...(plan.title !== undefined && { title: plan.title }) }
    const place = atStep(context, 'update')
    await orIncomplete(pullRequest, place, context.call.signal, readStatus, () =>
      context.api.rest.pulls.update({ ...context.target, ...request }),
    )
  }
  const milestone = plan.milestone === undefined ? undefined : resolved.milestone
  const wanted = { ...decorationOf(spec, resolved), draft: plan.draft, milestone }
  const rest = await decorate(context, found, wanted, { created: false, strict })
  return {
    number,
    url,
    state,
    action: changesText || rest.changed ? 'updated' : 'unchanged',
    ignored: [...spec.ignored, ...resolved.ignored, ...rest.ignored],
    warnings: [...plan.warnings, ...rest.warnings],
  }
}

function decorationOf(spec: PreparedSpec, resolved: Resolved): Decoration {
  const add = (names: readonly string[]): { add: readonly string[]; remove: readonly string[] } => ({
    add: names,
    remove: [],
  })
  return {
    labels: add(resolved.labels),
    newLabels: resolved.newLabels,
    assignees: add(spec.assignees),
    reviewers: add(spec.reviewers),
    teamReviewers: add(spec.teamReviewers),
    milestone: resolved.milestone,
    draft: spec.draft,
    autoMerge: spec.autoMerge,
  }
}
