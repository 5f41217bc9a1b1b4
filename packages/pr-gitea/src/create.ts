import {
  createPullRequestError,
  requireFeature,
  type PreparedSpec,
  type PullRequestResult,
} from '@lg/pull-request'
import {
  atStep,
  markedDescription,
  propose,
  proposedBy,
  type AgainPlan,
  type Opened,
  type Proposed,
} from '@lg/pull-request/hosted'
import { orIncomplete, refusalOf } from '@lg/pull-request/http'
import { equalValues } from '@lg/runtime'
import { dataOf } from './api.ts'
import { checkBranches } from './branches.ts'
import { decorate, type Decoration } from './decorate.ts'
import { otherPrefix, readTitle } from './draft-titles.ts'
import { changeText, edit } from './edit.ts'
import { numberThere, readStatus } from './failure.ts'
import { fullNameOf, paramsOf, sameName, type HostContext } from './host-context.ts'
import { findOpen, read } from './read.ts'
import { resolveNames, type Resolved } from './resolve.ts'
import { toPullRequest, type HostPullRequest } from './to-pull-request.ts'

/** Opens a pull request, or brings the open one of the same branches up to date. */
export async function create(
  context: HostContext,
  given: PreparedSpec,
  strict: boolean,
): Promise<PullRequestResult> {
  const { place, draftTitles } = context
  const spec = readTitle(given, draftTitles, place)
  const { headRepository, repository } = spec
  // Its owner is all that Gitea knows a fork by.
  const sameOwner = headRepository !== undefined && sameName(headRepository.owner, repository.owner)
  requireFeature(!sameOwner, 'head in another repository of the same owner', place)
  let there: number | undefined
  return await propose<HostPullRequest, Resolved>(context, spec, {
    readStatus,
    // A refusal names the one that is there; lists may lag behind.
    findOpen: () => (there === undefined ? findOpen(context, spec) : read(context, there)),
    async resolve(open) {
      const resolved = await resolveNames(context, spec, open?.pullRequest, strict)
      if (open === undefined) await checkBranches(context, spec)
      return resolved
    },
    async open(resolved, proposed) {
      const opened = await openNew(context, spec, resolved, proposed)
      if (opened.type === 'there') there = opened.number
      const isReady = opened.type === 'opened' && !opened.found.pullRequest.draft
      return spec.draft === true && isReady ? await withoutDraft(context, spec, opened.found, strict) : opened
    },
    async finish({ found, ignored }, resolved) {
      // It was opened as a draft, or cannot be one.
      const wanted = { ...decorationOf(spec, resolved), draft: undefined }
      const rest = await decorate(context, found, wanted, strict)
      // With nothing to wait for, it may be merged already.
      const now = spec.autoMerge && rest.changed ? await read(context, found.pullRequest.number) : found
      const { number, url, state } = now.pullRequest
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

type OpenedOrThere =
  | Extract<Opened<HostPullRequest>, { type: 'opened' }>
  | { readonly type: 'there'; readonly number: number | undefined }

/** One request sets all that every version of Gitea and Forgejo takes with it. */
async function openNew(
  context: HostContext,
  spec: PreparedSpec,
  { labelIds, milestone }: Resolved,
  proposed: Proposed,
): Promise<OpenedOrThere> {
  const { api, target, call, draftTitles, serverPath } = context
  const { head, headRepository, base, title, description = '', draft = false, assignees } = spec
  const [owner] = headRepository === undefined ? [] : fullNameOf(headRepository, serverPath).split('/')
  const request = {
    title: draftTitles.titleFor(title, draft),
    body: markedDescription({ description, proposed }),
    base,
    head: owner === undefined ? head : `${owner}:${head}`,
    ...(assignees.length > 0 && { assignees: [...assignees] }),
    ...(labelIds.size > 0 && { labels: [...labelIds.values()] }),
    ...(milestone && { milestone: milestone.id }),
  }
  try {
    const answer = await api.repos.repoCreatePullRequest(...target, request, paramsOf(call))
    return { type: 'opened', found: toPullRequest(dataOf(answer), context), ignored: [] }
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal?.status === 409) return { type: 'there', number: numberThere(refusal.body) }
    // Something has gone since it was looked at.
    if (refusal?.status === 404) await checkBranches(context, spec)
    throw error
  }
}

/** The prefix means nothing to this server, and only stands in the way. */
async function withoutDraft(
  context: HostContext,
  spec: PreparedSpec,
  { pullRequest }: HostPullRequest,
  strict: boolean,
): Promise<OpenedOrThere> {
  const place = atStep(context, 'draft')
  const { title, description = '' } = spec
  return await orIncomplete(pullRequest, place, context.call.signal, readStatus, async () => {
    const body = markedDescription({ description, proposed: await proposedBy({ ...spec, draft: undefined }) })
    const found = await edit(context, pullRequest.number, { title, body })
    if (strict) throw createPullRequestError('UNSUPPORTED', otherPrefix, place, { features: ['draft'] })
    return { type: 'opened', found, ignored: [{ field: 'draft', values: [], reason: otherPrefix }] }
  })
}

async function updateOpen(
  context: HostContext,
  given: HostPullRequest,
  spec: PreparedSpec,
  how: { readonly plan: AgainPlan; readonly resolved: Resolved; readonly strict: boolean },
): Promise<PullRequestResult> {
  const { plan, resolved, strict } = how
  const { pullRequest, proposed } = given
  const changesText = plan.title !== undefined || plan.description !== undefined
  let found = given
  if (changesText || !equalValues(plan.proposed, proposed)) {
    const description = plan.description ?? pullRequest.description
    const body = markedDescription({ description, proposed: plan.proposed })
    found = await orIncomplete(pullRequest, atStep(context, 'update'), context.call.signal, readStatus, () =>
      changeText(context, given, { title: plan.title, body }),
    )
  }
  const milestone = plan.milestone === undefined ? undefined : resolved.milestone
  const wanted = { ...decorationOf(spec, resolved), draft: plan.draft, milestone }
  const rest = await decorate(context, found, wanted, strict)
  const { number, url, state } = pullRequest
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
    labelIds: resolved.labelIds,
    newLabels: resolved.newLabels,
    assignees: add(spec.assignees),
    reviewers: add(spec.reviewers),
    teamReviewers: add(spec.teamReviewers),
    milestone: resolved.milestone,
    draft: spec.draft,
    autoMerge: spec.autoMerge,
  }
}
