import type { AutoMerge, IgnoredField, PreparedListChange } from '@lg/pull-request'
import { runSteps, type HostStep, type StepResult } from '@lg/pull-request/hosted'
import { hostWords, refusalOf } from '@lg/pull-request/http'
import { disableAutoMerge, enableAutoMerge } from './auto-merge.ts'
import { isLabelRefusal, readStatus } from './failure.ts'
import { sameName, send, type HostContext } from './host-context.ts'
import { pullUrl } from './read.ts'
import { requestReviewers } from './reviewers.ts'
import type { HostPullRequest, Reviewer } from './to-pull-request.ts'

/** What a pull request that exists is to get. Names are resolved. */
export interface Decoration {
  readonly labels: PreparedListChange
  readonly reviewers: readonly Reviewer[]
  readonly removedReviewers: readonly string[]
  readonly removedTeams: readonly string[]
  readonly draft: boolean | undefined
  readonly autoMerge: AutoMerge | false | undefined
}

/**
 * Sets what is asked for, one step after the other; steps that change nothing send nothing.
 *
 * @throws {LgError} `INCOMPLETE`, as `runSteps`.
 */
export async function decorate(
  context: HostContext,
  found: HostPullRequest,
  wanted: Decoration,
  { strict }: { readonly strict: boolean },
): Promise<Required<StepResult>> {
  const { reviewers: add, removedReviewers: people, removedTeams: teams } = wanted
  const steps: readonly HostStep<HostContext>[] = [
    { step: 'labels', run: (at) => setLabels(at, found, wanted.labels) },
    { step: 'reviewers', run: (at) => requestReviewers(at, found, { add, people, teams }) },
    { step: 'draft', run: (at) => changeDraft(at, found, wanted.draft) },
    { step: 'autoMerge', run: (at) => changeAutoMerge(at, found, wanted.autoMerge) },
  ]
  return await runSteps(context, found.pullRequest, steps, { readStatus, strict })
}

async function setLabels(
  context: HostContext,
  { pullRequest, labels }: HostPullRequest,
  { add, remove }: PreparedListChange,
): Promise<StepResult | undefined> {
  const url = `${context.target.gitUrl}/pullRequests/${pullRequest.number}/labels`
  const wanted = add.filter((name) => !labels.some((label) => sameName(label.name, name)))
  const unwanted = labels.filter((label) => remove.some((name) => sameName(label.name, name)))
  if (wanted.length + unwanted.length === 0) return undefined
  const dropped: string[] = []
  let reason = ''
  for (const name of wanted) {
    try {
      await send(context, { method: 'POST', url, body: { name } })
    } catch (error) {
      const refusal = refusalOf(error)
      if (!isLabelRefusal(refusal)) throw error
      dropped.push(name)
      reason = hostWords(refusal?.body)
    }
  }
  // A name may have a slash, which the server takes for a part of the path however it is written.
  for (const { id } of unwanted) await send(context, { method: 'DELETE', url: `${url}/${id}` })
  const ignored: readonly IgnoredField[] =
    dropped.length === 0 ? [] : [{ field: 'labels', values: dropped, reason }]
  return { changed: dropped.length < wanted.length || unwanted.length > 0, ignored }
}

async function changeDraft(
  context: HostContext,
  { pullRequest }: HostPullRequest,
  draft: boolean | undefined,
): Promise<StepResult | undefined> {
  if (draft === undefined || draft === pullRequest.draft) return undefined
  const url = pullUrl(context, pullRequest.number)
  await send(context, { method: 'PATCH', url, body: { isDraft: draft } })
  return { changed: true }
}

async function changeAutoMerge(
  context: HostContext,
  found: HostPullRequest,
  wanted: AutoMerge | false | undefined,
): Promise<StepResult | undefined> {
  const { number, autoMerge } = found.pullRequest
  if (wanted === undefined || (wanted !== false) === autoMerge) return undefined
  if (wanted === false) {
    await disableAutoMerge(context, number)
    return { changed: true }
  }
  try {
    await enableAutoMerge(context, found, wanted)
    return { changed: true }
  } catch (error) {
    const words = hostWords(refusalOf(error)?.body)
    if (!/merge strategy/i.test(words)) throw error
    return { changed: false, ignored: [{ field: 'autoMerge', values: [], reason: words }] }
  }
}
