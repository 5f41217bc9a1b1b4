import { readAnswer, type AnswerReader } from '@lg/pull-request/http'
import { pagesOf } from './api.ts'
import { refOf, send, type HostContext } from './host-context.ts'
import type { HostPullRequest } from './to-pull-request.ts'

/** The words of Azure DevOps. `rebaseMerge`: rebased, and brought in by a merge commit. */
export type Strategy = 'noFastForward' | 'squash' | 'rebase' | 'rebaseMerge'

/** Kinds of policies have fixed GUIDs. */
const kinds: Readonly<Record<string, Policy['kind']>> = {
  '0609b952-1397-4640-95ec-e00a01b2c241': 'build',
  'cbdc66da-9728-4af8-aada-9a5a32e4a226': 'status',
  'fa4e907d-c16b-4a4c-9dfa-4906e5d171dd': 'approvals',
  'fd2167ab-b0be-447a-8ec8-39368250530e': 'approvals',
}
const mergeStrategyKind = 'fa4e907d-c16b-4a4c-9dfa-4916e5d171ab'

/** A policy of the base branch, and what it says of a pull request. */
export interface Policy {
  readonly kind: 'build' | 'status' | 'approvals' | 'strategy' | 'other'
  readonly name: string
  /** It keeps the pull request from being merged unless it approves. */
  readonly blocking: boolean
  /** `queued`, `running`, `approved`, `rejected`, `notApplicable`, `broken`. */
  readonly status: string
}

export async function policiesOf(
  context: HostContext,
  { pullRequest, projectId }: HostPullRequest,
): Promise<readonly Policy[]> {
  const request = {
    url: `${context.target.projectUrl}/policy/evaluations`,
    query: { artifactId: `vstfs:///CodeReview/CodeReviewId/${projectId}/${pullRequest.number}` },
    preview: true,
  }
  const policies: Policy[] = []
  const items = pagesOf((one) => send(context, one), request, 'list of policies')
  for await (const evaluation of items) {
    const configuration = evaluation.record('configuration')
    if (configuration.value['isEnabled'] === false || configuration.value['isDeleted'] === true) continue
    policies.push({ ...describe(configuration), status: evaluation.text('status') })
  }
  return policies
}

function describe(configuration: AnswerReader): Omit<Policy, 'status'> {
  const type = configuration.record('type')
  const id = type.text('id').toLowerCase()
  const settings = configuration.optionalRecord('settings')
  const read = (name: string): string => settings?.optionalText(name) ?? ''
  const status = [read('statusGenre'), read('statusName')].filter((part) => part !== '').join('/')
  return {
    kind: id === mergeStrategyKind ? 'strategy' : (kinds[id] ?? 'other'),
    name:
      status || read('displayName') || read('defaultDisplayName') || type.optionalText('displayName') || id,
    blocking: configuration.value['isBlocking'] === true,
  }
}

const settingOf = {
  noFastForward: 'allowNoFastForward',
  squash: 'allowSquash',
  rebase: 'allowRebase',
  rebaseMerge: 'allowRebaseMerge',
} as const satisfies Record<Strategy, string>
const all: readonly Strategy[] = ['noFastForward', 'squash', 'rebase', 'rebaseMerge']

/** In the order of preference. */
export async function allowedStrategies(
  context: HostContext,
  { pullRequest, repositoryId }: HostPullRequest,
): Promise<readonly Strategy[]> {
  const url = `${context.target.projectUrl}/git/policy/configurations`
  const query = { repositoryId, refName: refOf(pullRequest.base), policyType: mergeStrategyKind }
  const answer = readAnswer(await send(context, { url, query }), 'list of policies')
  let allowed = all
  for (const configuration of answer.list('value')) {
    const { value } = configuration
    if (value['isEnabled'] === false || value['isDeleted'] === true) continue
    const settings = configuration.optionalRecord('settings')?.value ?? {}
    // Before there was a choice, squashing could be asked for.
    const squashOnly = settings['useSquashMerge'] === true
    allowed = allowed.filter(
      (strategy) => settings[settingOf[strategy]] === true || (squashOnly && strategy === 'squash'),
    )
  }
  return allowed
}
