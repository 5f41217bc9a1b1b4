import {
  createPullRequestError,
  pullRequestErrors,
  type IgnoredField,
  type PreparedSpec,
  type PullRequestResult,
} from '@lg/pull-request'
import { markedDescription, planAgain, proposedBy } from '@lg/pull-request/hosted'
import { hostWords, orIncomplete, refusalOf, toPortError } from '@lg/pull-request/http'
import { equalValues } from '@lg/runtime'
import { decorate, type Decoration } from './decorate.ts'
import { isAlreadyThere, readBranchRefusal, readStatus } from './failure.ts'
import { atStep, sameName, type HostContext } from './host-context.ts'
import { findOpen } from './read.ts'
import { resolveNames, type Resolved } from './resolve.ts'
import { toPullRequest, type HostPullRequest } from './to-pull-request.ts'

/** Lists may lag behind what was written. */
const lookAgainWaits = [0, 500, 1000, 2000]

/** Opens a pull request, or brings the open one of the same branches up to date. */
export async function createOrUpdate(
  context: HostContext,
  spec: PreparedSpec,
  strict: boolean,
): Promise<PullRequestResult> {
  const branches = branchesOf(spec)
  const open = await findOpen(context, branches)
  const resolved = await resolveNames(context, spec, open?.pullRequest, strict)
  if (open !== undefined) return await updateOpen(context, open, spec, resolved, strict)
  const opened = await openNew(context, spec, strict)
  if (opened.type === 'there') {
    const found = await lookAgain(context, spec)
    return await updateOpen(context, found, spec, resolved, strict)
  }
  const { found, ignored } = opened
  const { number, url, state } = found.pullRequest
  const wanted = decorationOf(spec, resolved)
  // It was opened as a draft, or cannot be one.
  const rest = await decorate(context, found, { ...wanted, draft: undefined }, { created: true, strict })
  const warnings = rest.warnings
  return {
    number,
    url,
    state,
    action: 'created',
    ignored: [...spec.ignored, ...resolved.ignored, ...ignored, ...rest.ignored],
    warnings,
  }
}

type Opened =
  | { readonly type: 'opened'; readonly found: HostPullRequest; readonly ignored: readonly IgnoredField[] }
  /** Another one of the same branches is open. */
  | { readonly type: 'there' }

async function openNew(context: HostContext, spec: PreparedSpec, strict: boolean): Promise<Opened> {
  const { api, target, place, repository, call } = context
  const { head, headRepository, base, title, description = '', draft } = spec
  const from = headRepository ?? repository
  const body = markedDescription({ description, proposed: await proposedBy(spec) })
  const request = {
    ...target,
    title,
    body,
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
    if (call.signal?.aborted) throw error
    const refusal = refusalOf(error)
    if (refusal === undefined || refusal.status >= 500) return await settleUnknown(context, spec, body, error)
    if (refusal.status === 422 && isAlreadyThere(refusal.body)) return { type: 'there' }
    const words = hostWords(refusal.body)
    if (refusal.status === 422 && draft === true && /draft pull requests are not supported/i.test(words)) {
      if (strict) throw createPullRequestError('UNSUPPORTED', words, place, { features: ['draft'] })
      const opened = await openNew(context, { ...spec, draft: undefined }, strict)
      const ignored = [{ field: 'draft', values: [], reason: words } as const]
      return opened.type === 'opened' ? { ...opened, ignored } : opened
    }
    throw readBranchRefusal(refusal, spec, place) ?? error
  }
}

/** A request without an answer may have been served: the pull request is then there, with our marker. */
async function settleUnknown(
  context: HostContext,
  spec: PreparedSpec,
  body: string,
  error: unknown,
): Promise<Opened> {
  const failure = toPortError(error, context.place, readStatus)
  const sent =
    (pullRequestErrors.is(failure, 'NETWORK') || pullRequestErrors.is(failure, 'TIMEOUT')) &&
    failure.details.sent
  if (!sent) throw error
  const found = await findOpen(context, branchesOf(spec)).catch(() => undefined)
  if (found?.body !== body) throw error
  return { type: 'opened', found, ignored: [] }
}

async function lookAgain(context: HostContext, spec: PreparedSpec): Promise<HostPullRequest> {
  for (const wait of lookAgainWaits) {
    if (wait > 0) await context.clock.sleep(wait, context.call)
    const found = await findOpen(context, branchesOf(spec))
    if (found !== undefined) return found
  }
  const problem = 'the host says that one is open for these branches, and shows none; try again'
  throw createPullRequestError('CONFLICT', problem, context.place, {})
}

async function updateOpen(
  context: HostContext,
  found: HostPullRequest,
  spec: PreparedSpec,
  resolved: Resolved,
  strict: boolean,
): Promise<PullRequestResult> {
  const { pullRequest, proposed } = found
  const { number, url, state, title, description, draft, milestone } = pullRequest
  const plan = await planAgain({ title, description, draft, milestone, proposed }, spec)
  const changesText = plan.title !== undefined || plan.description !== undefined
  if (changesText || !equalValues(plan.proposed, proposed)) {
    const body = markedDescription({ description: plan.description ?? description, proposed: plan.proposed })
    const request = { pull_number: number, body, ...(plan.title !== undefined && { title: plan.title }) }
    const place = atStep(context, 'update')
    await orIncomplete(pullRequest, place, context.call.signal, readStatus, () =>
      context.api.rest.pulls.update({ ...context.target, ...request }),
    )
  }
  const wanted = decorationOf(spec, resolved)
  const rest = await decorate(
    context,
    found,
    {
      ...wanted,
      draft: plan.draft,
      milestone: plan.milestone === undefined ? undefined : resolved.milestone,
    },
    { created: false, strict },
  )
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

function branchesOf({
  repository,
  head,
  headRepository,
  base,
}: PreparedSpec): Parameters<typeof findOpen>[1] {
  return { repository, head, headRepository, base }
}
