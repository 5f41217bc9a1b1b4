import type { PullRequestLocator, IgnoredField } from './pull-request.ts'
import { createFaults, recordOf, type Faults } from './faults.ts'
import {
  autoMergeOf,
  placeOf,
  refuseIgnored,
  throwFaults,
  unique,
  type ProviderTraits,
} from './prepare-spec.ts'
import { locatorFaults } from './prepare-call.ts'
import type { AutoMerge, PullRequestUpdate } from './spec.ts'
import { splitSupported } from './support.ts'

/** An update that is right in itself and holds only what the host can do; `undefined` stays. */
export interface PreparedUpdate {
  readonly title: string | undefined
  readonly description: string | undefined
  readonly base: string | undefined
  readonly labels: PreparedListChange
  readonly assignees: PreparedListChange
  readonly reviewers: PreparedListChange
  readonly teamReviewers: PreparedListChange
  readonly milestone: string | null | undefined
  readonly draft: boolean | undefined
  readonly autoMerge: AutoMerge | false | undefined
  readonly ignored: readonly IgnoredField[]
}

/** Nothing stands in both lists. */
export interface PreparedListChange {
  readonly add: readonly string[]
  readonly remove: readonly string[]
}

/**
 * Checks an update as `prepareSpec` checks a spec. Pure.
 *
 * @throws {LgError} `VALIDATION`, `UNSUPPORTED`.
 */
export function prepareUpdate(
  locator: PullRequestLocator,
  changes: PullRequestUpdate,
  provider: ProviderTraits,
): PreparedUpdate {
  const { capabilities } = provider
  const place = placeOf(provider, locator.repository, 'validate')
  const faults = createFaults()
  locatorFaults(faults, locator)
  if (changes.title !== undefined) faults.line('title', changes.title, capabilities.titleLimit)
  if (changes.description !== undefined)
    faults.text('description', changes.description, capabilities.descriptionLimit)
  if (changes.base !== undefined) faults.branch('base', changes.base)
  const labels = listChange(faults, changes, 'labels')
  const assignees = listChange(faults, changes, 'assignees')
  const reviewers = listChange(faults, changes, 'reviewers')
  const teamReviewers = listChange(faults, changes, 'teamReviewers')
  if (changes.milestone !== undefined && changes.milestone !== null)
    faults.line('milestone', changes.milestone)
  for (const field of ['draft', 'strict'] as const) {
    if (changes[field] !== undefined) faults.flag(field, changes[field])
  }
  const autoMerge = autoMergeOf(faults, changes.autoMerge)
  throwFaults(faults, place)

  const { supported, ignored } = splitSupported(
    {
      labels: labels.add,
      assignees: assignees.add,
      reviewers: reviewers.add,
      teamReviewers: teamReviewers.add,
      milestone: changes.milestone ?? undefined,
      draft: changes.draft,
      autoMerge: autoMerge || undefined,
    },
    capabilities,
  )
  if (changes.strict) refuseIgnored(ignored, place)
  return {
    title: changes.title,
    description: changes.description,
    base: changes.base,
    labels: { ...labels, add: supported.labels },
    assignees: { ...assignees, add: supported.assignees },
    reviewers: { ...reviewers, add: supported.reviewers },
    teamReviewers: { ...teamReviewers, add: supported.teamReviewers },
    milestone: changes.milestone === null ? null : supported.milestone,
    draft: supported.draft,
    autoMerge: autoMerge === false ? false : supported.autoMerge,
    ignored,
  }
}

type ListField = 'labels' | 'assignees' | 'reviewers' | 'teamReviewers'

function listChange(faults: Faults, changes: PullRequestUpdate, field: ListField): PreparedListChange {
  const change = changes[field]
  if (change === undefined || recordOf(faults, field, change) === undefined) return { add: [], remove: [] }
  const login = field !== 'labels'
  if (change.add !== undefined) faults.names(field, change.add, { login })
  if (change.remove !== undefined) faults.names(field, change.remove, { login })
  const add = unique(change.add)
  return { add, remove: unique(change.remove).filter((name) => !add.includes(name)) }
}
