import type {
  AutoMerge,
  IgnoredField,
  OptionalField,
  PreparedListChange,
  PullRequest,
  PullRequestStep,
} from '@lg/pull-request'
import { runSteps, type HostStep, type StepResult } from '@lg/pull-request/hosted'
import { refusalOf } from '@lg/pull-request/http'
import { disableAutoMerge, enableAutoMerge } from './auto-merge.ts'
import { readStatus } from './failure.ts'
import { missingLabels, sameName, type HostContext } from './host-context.ts'
import type { Resolved } from './resolve.ts'
import { hostTitle, toPullRequest, type HostPullRequest, type Person } from './to-pull-request.ts'

/** What a merge request is to get. Names are resolved. */
export interface Decoration {
  readonly labels: PreparedListChange
  readonly newLabels: readonly string[]
  readonly assignees: PeopleChange
  readonly reviewers: PeopleChange
  readonly milestone: Resolved['milestone']
  readonly draft: boolean | undefined
  readonly autoMerge: AutoMerge | false | undefined
}

interface PeopleChange {
  readonly add: readonly Person[]
  readonly remove: readonly string[]
}

/** The text fields of a request that changes a merge request; the description as GitLab is to have it. */
export interface TextChange {
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly base?: string | undefined
}

/**
 * The one request that brings about what is wanted, as far as it is not there; empty when all is. Pure.
 *
 * @param labelsLater labels that have to be made first.
 */
export function requestFor(
  { pullRequest, assignees, reviewers }: HostPullRequest,
  { title = pullRequest.title, description, base }: TextChange,
  wanted: Decoration,
  labelsLater: readonly string[],
): Readonly<Record<string, unknown>> {
  const { draft = pullRequest.draft, milestone } = wanted
  const add = missingLabels([...pullRequest.labels, ...labelsLater], wanted.labels.add)
  const remove = pullRequest.labels.filter((name) => wanted.labels.remove.includes(name))
  const retitled = title !== pullRequest.title || draft !== pullRequest.draft
  return {
    ...(retitled && { title: hostTitle({ title, draft }) }),
    ...(description !== undefined && { description }),
    ...(base !== undefined && { targetBranch: base }),
    ...(add.length > 0 && { addLabels: add.join(',') }),
    ...(remove.length > 0 && { removeLabels: remove.join(',') }),
    ...idsFor('assigneeIds', assignees, wanted.assignees),
    ...idsFor('reviewerIds', reviewers, wanted.reviewers),
    ...((milestone ?? undefined) !== undefined && { milestoneId: milestone?.id }),
    ...(milestone === null && pullRequest.milestone !== undefined && { milestoneId: 0 }),
  }
}

/** GitLab takes the whole list; zero stands for nobody. */
function idsFor(
  field: string,
  present: readonly Person[],
  { add, remove }: PeopleChange,
): Readonly<Record<string, readonly number[]>> {
  const kept = present.filter(({ login }) => !remove.some((other) => sameName(login, other)))
  const added = add.filter(({ id }) => !present.some((person) => person.id === id))
  if (added.length === 0 && kept.length === present.length) return {}
  const ids = [...kept, ...added].map(({ id }) => id)
  return { [field]: ids.length === 0 ? [0] : ids }
}

/**
 * Looks at what has become of a request that set all at once, and does what it could not: labels of a colour, and
 * auto-merge. What the host dropped without a word is `ignored`.
 *
 * @param before as it was before the request; `undefined` when that made it.
 * @throws {LgError} `INCOMPLETE`, as `runSteps`.
 */
export async function decorate(
  context: HostContext,
  { before, after }: { readonly before: HostPullRequest | undefined; readonly after: HostPullRequest },
  wanted: Decoration,
  { strict }: { readonly strict: boolean },
): Promise<Required<StepResult> & { readonly found: HostPullRequest }> {
  let found = after
  const step = (
    name: PullRequestStep & OptionalField,
    run: (at: HostContext) => StepResult | undefined | Promise<StepResult | undefined>,
  ): HostStep<HostContext> => ({ step: name, run: async (at) => await run(at) })
  const people = (field: 'assignees' | 'reviewers'): StepResult => {
    const lost = wanted[field].add.filter(({ id }) => !found[field].some((person) => person.id === id))
    return dropped(field, lost.length > 0, ...lost.map(({ login }) => login))
  }
  const steps = [
    step('labels', async (at) => {
      const labels = await settleLabels(at, found, wanted)
      found = labels.found
      return labels.result
    }),
    step('assignees', () => people('assignees')),
    step('reviewers', () => people('reviewers')),
    step('milestone', () => {
      const { title = found.pullRequest.milestone ?? '' } = wanted.milestone ?? {}
      return dropped('milestone', title !== (found.pullRequest.milestone ?? ''), title)
    }),
    step('draft', () => {
      const { draft = found.pullRequest.draft } = wanted
      return dropped('draft', draft !== found.pullRequest.draft)
    }),
    step('autoMerge', async (at) => {
      const autoMerge = await changeAutoMerge(at, found, wanted.autoMerge)
      found = autoMerge.found
      return autoMerge.result
    }),
  ]
  const rest = await runSteps(context, found.pullRequest, steps, { readStatus, strict })
  const changed = before === undefined || visiblyDiffers(before.pullRequest, found.pullRequest)
  return { ...rest, changed: rest.changed || changed, found }
}

async function settleLabels(
  { api, project, repository, labelColor }: HostContext,
  found: HostPullRequest,
  { labels: { add }, newLabels }: Decoration,
): Promise<{ readonly found: HostPullRequest; readonly result: StepResult | undefined }> {
  let now = found
  const later = labelColor === undefined ? [] : missingLabels(found.pullRequest.labels, newLabels)
  if (later.length > 0) {
    for (const name of later) await makeLabel({ api, project }, name, `#${labelColor}`)
    const { number, headRepository } = found.pullRequest
    const data = await api.mergeRequests.edit(project, number, { addLabels: later.join(',') })
    now = toPullRequest(data, repository, headRepository)
  }
  const lost = missingLabels(now.pullRequest.labels, add)
  const warnings = missingLabels(lost, newLabels).map((name) => {
    return {
      code: 'LABEL_CREATED',
      field: 'labels',
      message: `There was no label ${name}; it was made`,
    } as const
  })
  const { ignored } = dropped('labels', lost.length > 0, ...lost)
  return { found: now, result: { changed: later.length > 0, ignored, warnings } }
}

async function makeLabel(
  { api, project }: Pick<HostContext, 'api' | 'project'>,
  name: string,
  color: string,
): Promise<void> {
  try {
    await api.labels.create(project, name, color)
  } catch (error) {
    // Somebody else was first; or it may not be made here, which shows when it is set.
    const status = refusalOf(error)?.status
    if (status !== 409 && status !== 403 && status !== 404) throw error
  }
}

async function changeAutoMerge(
  context: HostContext,
  found: HostPullRequest,
  wanted: AutoMerge | false | undefined,
): Promise<{ readonly found: HostPullRequest; readonly result: StepResult | undefined }> {
  const { autoMerge, state } = found.pullRequest
  if (wanted === undefined || state !== 'open' || (wanted !== false) === autoMerge)
    return { found, result: undefined }
  if (wanted === false) return { found: await disableAutoMerge(context, found), result: { changed: true } }
  const answer = await enableAutoMerge(context, found, wanted)
  if (answer.type === 'done') return { found: answer.found, result: { changed: true } }
  const ignored: readonly IgnoredField[] = [{ field: 'autoMerge', values: [], reason: answer.reason }]
  return { found, result: { changed: false, ignored } }
}

function dropped(
  field: OptionalField,
  isLost: boolean,
  ...values: readonly string[]
): StepResult & Required<Pick<StepResult, 'ignored'>> {
  const reason =
    'the host has dropped it without a word: the token may not set it, it may not be set here, or the plan has fewer'
  return { changed: false, ignored: isLost ? [{ field, values, reason }] : [] }
}

function visiblyDiffers(before: PullRequest, after: PullRequest): boolean {
  const fields = [
    'title',
    'description',
    'draft',
    'base',
    'milestone',
    'labels',
    'assignees',
    'reviewers',
  ] as const
  const textOf = (pullRequest: PullRequest): string =>
    JSON.stringify(fields.map((field) => normalized(pullRequest[field])))
  return textOf(before) !== textOf(after)
}

/** Hosts trim text; and lists have no order. */
function normalized(value: PullRequest[keyof PullRequest]): unknown {
  if (typeof value === 'string') return value.trim()
  return Array.isArray(value) ? value.toSorted() : value
}
