import {
  type AutoMerge,
  type IgnoredField,
  type OptionalField,
  type PreparedListChange,
  type PullRequestStep,
} from '@lg/pull-request'
import { runSteps, type HostStep, type StepResult } from '@lg/pull-request/hosted'
import { hostWords, readAnswer, readAnswers, refusalOf } from '@lg/pull-request/http'
import { readStatus } from './failure.ts'
import { disableAutoMerge, enableAutoMerge, setDraft } from './graphql.ts'
import { missingFrom, sameName, type HostContext } from './host-context.ts'
import { requestReviewers } from './reviewers.ts'
import type { Resolved } from './resolve.ts'
import type { HostPullRequest } from './to-pull-request.ts'

/** What a pull request that exists is to get. Names are resolved. */
export interface Decoration {
  readonly labels: PreparedListChange
  readonly newLabels: readonly string[]
  readonly assignees: PreparedListChange
  readonly reviewers: PreparedListChange
  readonly teamReviewers: PreparedListChange
  readonly milestone: Resolved['milestone']
  readonly draft: boolean | undefined
  readonly autoMerge: AutoMerge | false | undefined
}

/** Just after it was made, a pull request is not known yet to all of GitHub. */
const settlingWaits = [500, 1000, 2000]

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
  { created, strict }: { readonly created: boolean; readonly strict: boolean },
): Promise<Required<StepResult>> {
  const step = (
    name: PullRequestStep,
    field: OptionalField,
    run: (at: HostContext) => Promise<StepResult | undefined>,
  ): HostStep<HostContext> => ({
    step: name,
    run: (at) => orIgnored(field, () => (created ? settled(at, () => run(at)) : run(at))),
  })
  const steps = [
    step('labels', 'labels', (at) => setLabels(at, found, wanted)),
    step('assignees', 'assignees', (at) => setAssignees(at, found, wanted.assignees)),
    step('reviewers', 'reviewers', (at) => requestReviewers(at, found, wanted, created)),
    step('milestone', 'milestone', (at) => setMilestone(at, found, wanted.milestone)),
    step('draft', 'draft', (at) => changeDraft(at, found, wanted.draft)),
    step('autoMerge', 'autoMerge', (at) => changeAutoMerge(at, found, wanted.autoMerge)),
  ]
  return await runSteps(context, found.pullRequest, steps, { readStatus, strict })
}

/** Issues that are switched off take labels, assignees and milestones with them. */
async function orIgnored(
  field: OptionalField,
  run: () => Promise<StepResult | undefined>,
): Promise<StepResult | undefined> {
  try {
    return await run()
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal?.status !== 410) throw error
    return { changed: false, ignored: [{ field, values: [], reason: hostWords(refusal.body) }] }
  }
}

async function settled<Result>({ clock, call }: HostContext, run: () => Promise<Result>): Promise<Result> {
  for (const wait of settlingWaits) {
    try {
      return await run()
    } catch (error) {
      const { status, body } = refusalOf(error) ?? {}
      if (status !== 404 && !(status === 422 && /could not resolve to a node/i.test(hostWords(body))))
        throw error
      await clock.sleep(wait, call)
    }
  }
  return await run()
}

async function setLabels(
  { api, target, labelColor }: HostContext,
  { pullRequest }: HostPullRequest,
  { labels: { add, remove }, newLabels }: Decoration,
): Promise<StepResult | undefined> {
  const { number, labels: before } = pullRequest
  const wanted = missingFrom(before, add)
  const unwanted = before.filter((name) => remove.some((other) => sameName(name, other)))
  if (wanted.length === 0 && unwanted.length === 0) return undefined
  const issue = { ...target, issue_number: number }
  if (labelColor !== undefined) {
    for (const name of newLabels) await makeLabel({ api, target }, name, labelColor)
  }
  let after = before
  if (wanted.length > 0) {
    // One request takes all, and leaves those of others alone.
    const { data } = await api.rest.issues.addLabels({ ...issue, labels: [...wanted] })
    after = readAnswers(data, 'label').map((label) => label.text('name'))
  }
  for (const name of unwanted) {
    const { data } = await api.rest.issues.removeLabel({ ...issue, name })
    after = readAnswers(data, 'label').map((label) => label.text('name'))
  }
  const dropped = missingFrom(after, wanted)
  return {
    changed: missingFrom(before, after).length > 0 || missingFrom(after, before).length > 0,
    ignored: dropped.length === 0 ? [] : [{ field: 'labels', values: dropped, reason: noRight('labels') }],
    warnings: missingFrom(dropped, newLabels).map((name) => {
      return { code: 'LABEL_CREATED', field: 'labels', message: `There was no label ${name}; it was made` }
    }),
  }
}

async function makeLabel(
  { api, target }: Pick<HostContext, 'api' | 'target'>,
  name: string,
  color: string,
): Promise<void> {
  try {
    await api.rest.issues.createLabel({ ...target, name, color })
  } catch (error) {
    // Somebody else was first; or it may not be made here, which shows when it is set.
    const status = refusalOf(error)?.status
    if (status !== 422 && status !== 403 && status !== 404) throw error
  }
}

async function setAssignees(
  { api, target }: HostContext,
  { pullRequest }: HostPullRequest,
  { add, remove }: PreparedListChange,
): Promise<StepResult | undefined> {
  const { number, assignees: before } = pullRequest
  const wanted = missingFrom(before, add)
  const unwanted = before.filter((login) => remove.some((other) => sameName(login, other)))
  if (wanted.length === 0 && unwanted.length === 0) return undefined
  const issue = { ...target, issue_number: number }
  const loginsOf = (data: unknown): readonly string[] =>
    readAnswer(data, 'issue')
      .list('assignees')
      .map((user) => user.text('login'))
  let after = before
  if (unwanted.length > 0)
    after = loginsOf((await api.rest.issues.removeAssignees({ ...issue, assignees: unwanted })).data)
  if (wanted.length > 0)
    after = loginsOf((await api.rest.issues.addAssignees({ ...issue, assignees: [...wanted] })).data)
  const dropped = missingFrom(after, wanted)
  return {
    changed: missingFrom(before, after).length > 0 || missingFrom(after, before).length > 0,
    ignored:
      dropped.length === 0 ? [] : [{ field: 'assignees', values: dropped, reason: noRight('assignees') }],
  }
}

async function setMilestone(
  { api, target }: HostContext,
  { pullRequest }: HostPullRequest,
  milestone: Decoration['milestone'],
): Promise<StepResult | undefined> {
  if (milestone === undefined || (milestone === null && pullRequest.milestone === undefined)) return undefined
  const request = { ...target, issue_number: pullRequest.number, milestone: milestone?.number ?? null }
  const { data } = await api.rest.issues.update(request)
  const now = readAnswer(data, 'issue').optionalRecord('milestone')?.text('title')
  const ignored =
    now === milestone?.title ?
      []
    : [{ field: 'milestone', values: [milestone?.title ?? ''], reason: noRight('milestone') } as const]
  return { changed: now !== pullRequest.milestone, ignored }
}

async function changeDraft(
  context: HostContext,
  { pullRequest, nodeId }: HostPullRequest,
  draft: boolean | undefined,
): Promise<StepResult | undefined> {
  if (draft === undefined || draft === pullRequest.draft) return undefined
  const result = await setDraft(context, nodeId, draft)
  if (result.type === 'done') return { changed: true }
  return { changed: false, ignored: [{ field: 'draft', values: [], reason: result.reason }] }
}

async function changeAutoMerge(
  context: HostContext,
  { pullRequest, nodeId }: HostPullRequest,
  wanted: AutoMerge | false | undefined,
): Promise<StepResult | undefined> {
  if (wanted === undefined || (wanted !== false) === pullRequest.autoMerge) return undefined
  const ignored = (reason: string): readonly IgnoredField[] => [{ field: 'autoMerge', values: [], reason }]
  if (wanted === false) {
    const result = await disableAutoMerge(context, nodeId)
    return result.type === 'done' ? { changed: true } : { changed: false, ignored: ignored(result.reason) }
  }
  const methods = wanted.method === undefined ? context.traits.capabilities.mergeMethods : [wanted.method]
  let reason = ''
  for (const method of methods) {
    const result = await enableAutoMerge(context, nodeId, { method })
    if (result.type === 'done') {
      const kept = 'whether the branch is deleted after the merge is a setting of the repository here'
      return { changed: true, ignored: wanted.deleteBranch ? ignored(kept) : [] }
    }
    reason = result.reason
    if (!/(?:merge commits|squash|rebase).* not allowed/i.test(reason)) break
  }
  return { changed: false, ignored: ignored(reason) }
}

function noRight(field: string): string {
  return `the host has dropped it without a word: the token may not set ${field}, or they may not be set here`
}
