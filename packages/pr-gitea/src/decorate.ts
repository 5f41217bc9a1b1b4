import type {
  AutoMerge,
  IgnoredField,
  OptionalField,
  PreparedListChange,
  PullRequestStep,
} from '@lg/pull-request'
import { runSteps, type HostStep, type StepResult } from '@lg/pull-request/hosted'
import { hostWords, readAnswer, refusalOf } from '@lg/pull-request/http'
import { dataOf, listOf } from './api.ts'
import { cancelMerge, deletesAfterwards, mergeIfReady, scheduleMerge, styleOf } from './auto-merge.ts'
import { deleteHead } from './delete-head.ts'
import { otherPrefix } from './draft-titles.ts'
import { edit } from './edit.ts'
import { readStatus } from './failure.ts'
import { missingFrom, paramsOf, sameName, type HostContext } from './host-context.ts'
import { read } from './read.ts'
import type { Resolved } from './resolve.ts'
import { requestReviewers } from './reviewers.ts'
import type { HostPullRequest } from './to-pull-request.ts'

/** What a pull request that exists is to get. Names are resolved. */
export interface Decoration {
  readonly labels: PreparedListChange
  readonly labelIds: ReadonlyMap<string, number>
  readonly newLabels: readonly string[]
  readonly assignees: PreparedListChange
  readonly reviewers: PreparedListChange
  readonly teamReviewers: PreparedListChange
  readonly milestone: Resolved['milestone']
  readonly draft: boolean | undefined
  readonly autoMerge: AutoMerge | false | undefined
}

/**
 * Sets what is asked for, one step after the other; steps that change nothing send nothing. What the host drops
 * without a word is `ignored`.
 *
 * @throws {LgError} `INCOMPLETE`, as `runSteps`.
 */
export async function decorate(
  context: HostContext,
  found: HostPullRequest,
  wanted: Decoration,
  strict: boolean,
): Promise<Required<StepResult>> {
  const step = (
    name: PullRequestStep,
    run: (at: HostContext) => Promise<StepResult | undefined>,
  ): HostStep<HostContext> => ({ step: name, run })
  const steps = [
    step('labels', (at) => setLabels(at, found, wanted)),
    step('assignees', (at) => setAssignees(at, found, wanted.assignees)),
    step('reviewers', (at) => requestReviewers(at, found, wanted)),
    step('milestone', (at) => setMilestone(at, found, wanted.milestone)),
    step('draft', (at) => changeDraft(at, found, wanted.draft)),
    step('autoMerge', (at) => changeAutoMerge(at, found, wanted.autoMerge)),
  ]
  return await runSteps(context, found.pullRequest, steps, { readStatus, strict })
}

async function setLabels(
  context: HostContext,
  { pullRequest, labelIds: idsThere }: HostPullRequest,
  { labels: { add, remove }, labelIds, newLabels }: Decoration,
): Promise<StepResult | undefined> {
  const { api, target, call } = context
  const { number, labels: before } = pullRequest
  const wanted = add.filter((name) => !before.includes(name))
  const unwanted = before.filter((name) => remove.includes(name))
  if (wanted.length === 0 && unwanted.length === 0) return undefined
  const made = new Map<string, number>()
  for (const name of wanted.filter((label) => newLabels.includes(label))) {
    const id = await makeLabel(context, name)
    if (id !== undefined) made.set(name, id)
  }
  const ids = wanted.flatMap((name) => labelIds.get(name) ?? made.get(name) ?? [])
  let after = before
  if (ids.length > 0) {
    // By number: names that are not known are passed over without a word, and older versions take none.
    const answer = await api.repos.issueAddLabel(...target, number, { labels: ids }, paramsOf(call))
    after = listOf(answer).map((label) => readAnswer(label, 'label').text('name'))
  }
  for (const name of unwanted) {
    await api.repos.issueRemoveLabel(...target, number, idsThere.get(name) ?? 0, paramsOf(call))
    after = after.filter((label) => label !== name)
  }
  const dropped = wanted.filter((name) => !after.includes(name))
  return {
    changed: before.length !== after.length || before.some((name) => !after.includes(name)),
    ignored: droppedFields('labels', dropped),
    warnings: [...made.keys()].map((name) => {
      return { code: 'LABEL_CREATED', field: 'labels', message: `There was no label ${name}; it was made` }
    }),
  }
}

/** Its number; `undefined` when the token may not make any. */
async function makeLabel(
  { api, target, call, labelColor }: HostContext,
  name: string,
): Promise<number | undefined> {
  try {
    const label = { name, color: `#${labelColor}` }
    const answer = await api.repos.issueCreateLabel(...target, label, paramsOf(call))
    return readAnswer(dataOf(answer), 'label').number('id')
  } catch (error) {
    const status = refusalOf(error)?.status
    if (status !== 403 && status !== 404) throw error
    return undefined
  }
}

async function setAssignees(
  context: HostContext,
  { pullRequest }: HostPullRequest,
  { add, remove }: PreparedListChange,
): Promise<StepResult | undefined> {
  const { number, assignees: before } = pullRequest
  const wanted = missingFrom(before, add)
  const kept = before.filter((login) => !remove.some((other) => sameName(login, other)))
  if (wanted.length === 0 && kept.length === before.length) return undefined
  const { assignees: after } = (await edit(context, number, { assignees: [...kept, ...wanted] })).pullRequest
  return {
    changed: missingFrom(before, after).length > 0 || missingFrom(after, before).length > 0,
    ignored: droppedFields('assignees', missingFrom(after, wanted)),
  }
}

async function setMilestone(
  { api, target, call }: HostContext,
  { pullRequest }: HostPullRequest,
  milestone: Decoration['milestone'],
): Promise<StepResult | undefined> {
  const { number, milestone: before } = pullRequest
  if (milestone === undefined || milestone?.title === before) return undefined
  if (milestone === null && before === undefined) return undefined
  // As an issue: on a pull request, 0 leaves the milestone as it is.
  const request = { milestone: milestone?.id ?? 0 }
  const answer = await api.repos.issueEditIssue(...target, number, request, paramsOf(call))
  const now = readAnswer(dataOf(answer), 'issue').optionalRecord('milestone')?.text('title')
  const dropped = now === milestone?.title ? [] : [milestone?.title ?? '']
  return { changed: now !== before, ignored: droppedFields('milestone', dropped) }
}

async function changeDraft(
  context: HostContext,
  { pullRequest, hostTitle }: HostPullRequest,
  draft: boolean | undefined,
): Promise<StepResult | undefined> {
  if (draft === undefined || draft === pullRequest.draft) return undefined
  const { draftTitles } = context
  const { number } = pullRequest
  const bare = draftTitles.without(hostTitle)
  const title = draftTitles.titleFor(bare, draft)
  const now = title === hostTitle ? pullRequest : (await edit(context, number, { title })).pullRequest
  if (now.draft === draft) return { changed: true }
  // The prefix says nothing here, and would only stand in the way.
  if (draft) await edit(context, number, { title: bare })
  return { changed: false, ignored: [{ field: 'draft', values: [], reason: otherPrefix }] }
}

async function changeAutoMerge(
  context: HostContext,
  found: HostPullRequest,
  wanted: AutoMerge | false | undefined,
): Promise<StepResult | undefined> {
  if (wanted === undefined) return undefined
  if (wanted === false) return { changed: await cancelMerge(context, found.pullRequest.number) }
  const ignored = (reason: string): readonly IgnoredField[] => [{ field: 'autoMerge', values: [], reason }]
  const { number } = found.pullRequest
  const { deleteBranch = false, method } = wanted
  const order = { style: styleOf(context, found, method) }
  try {
    if (await mergeIfReady(context, number, order)) {
      if (deleteBranch) await deleteHead(context, await read(context, number))
      return { changed: true }
    }
    const deletes = deleteBranch && (await deletesAfterwards(context))
    const kept = 'this version of the server does not delete the branch after a scheduled merge'
    return {
      changed: await scheduleMerge(context, number, { ...order, deleteBranch: deletes }),
      ignored: deleteBranch && !deletes ? ignored(kept) : [],
    }
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal?.status !== 405) throw error
    return { changed: false, ignored: ignored(hostWords(refusal.body) || 'the host does not say why') }
  }
}

function droppedFields(field: OptionalField, values: readonly string[]): readonly IgnoredField[] {
  const reason = `the host has dropped it without a word: the token may not set ${field}, or they may not be set here`
  return values.length === 0 ? [] : [{ field, values, reason }]
}
