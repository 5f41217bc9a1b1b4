import type { RepositoryReference } from '@lg/git'
import type { PullRequestCapabilities } from './capabilities.ts'
import { formatRepository, type ErrorPlace } from './errors.ts'
import { createPullRequestError } from './failure.ts'
import { createFaults, recordOf, type Faults } from './faults.ts'
import type { MergeMethod } from './merge.ts'
import type { IgnoredField } from './pull-request.ts'
import { isSameRepository } from './same-repository.ts'
import type { AutoMerge, PullRequestSpec } from './spec.ts'
import { splitSupported, type Decorations } from './support.ts'

/** A spec that is right in itself and holds only what the host can do; lists are without duplicates. */
export interface PreparedSpec extends Decorations {
  readonly repository: RepositoryReference
  readonly head: string
  /** Only when it is another one than `repository`. */
  readonly headRepository: RepositoryReference | undefined
  readonly base: string
  readonly title: string
  /** `undefined`: not given. */
  readonly description: string | undefined
  readonly ignored: readonly IgnoredField[]
}

/** What of a provider decides on a request: any provider will do. */
export interface ProviderTraits {
  readonly name: string
  readonly capabilities: PullRequestCapabilities
}

/**
 * Checks a spec against itself and a provider's capabilities, before anything is sent; every provider begins
 * with it, and a caller that pushes a branch first can call it before. Pure.
 *
 * @throws {LgError} `VALIDATION` with every fault; `UNSUPPORTED` for a fork where there are none, and for a
 *   strict spec that asks for more than the host has.
 */
export function prepareSpec(spec: PullRequestSpec, provider: ProviderTraits): PreparedSpec {
  const { capabilities } = provider
  const place = placeOf(provider, spec.repository, 'validate')
  const faults = createFaults()
  faults.line('title', spec.title, capabilities.titleLimit)
  if (spec.description !== undefined)
    faults.text('description', spec.description, capabilities.descriptionLimit)
  faults.branch('head', spec.head)
  faults.branch('base', spec.base)
  if (spec.labels !== undefined) faults.names('labels', spec.labels)
  for (const field of ['assignees', 'reviewers', 'teamReviewers'] as const) {
    if (spec[field] !== undefined) faults.names(field, spec[field], { login: true })
  }
  if (spec.milestone !== undefined) faults.line('milestone', spec.milestone)
  for (const field of ['draft', 'strict'] as const) {
    if (spec[field] !== undefined) faults.flag(field, spec[field])
  }
  const autoMerge = autoMergeOf(faults, spec.autoMerge)
  const headRepository = forkOf(spec)
  if (headRepository === undefined && spec.head === spec.base)
    faults.add('head', 'it is the base branch itself')
  throwFaults(faults, place)
  if (headRepository !== undefined) requireFeature(capabilities.forks, 'forks', place)

  const wanted: Decorations = {
    labels: unique(spec.labels),
    assignees: unique(spec.assignees),
    reviewers: unique(spec.reviewers),
    teamReviewers: unique(spec.teamReviewers),
    milestone: spec.milestone,
    draft: spec.draft,
    autoMerge: autoMerge || undefined,
  }
  const { supported, ignored } = splitSupported(wanted, capabilities)
  if (spec.strict) refuseIgnored(ignored, place)
  const { repository, head, base, title, description } = spec
  return { repository, head, headRepository, base, title, description, ...supported, ignored }
}

export function placeOf(
  provider: Pick<ProviderTraits, 'name'>,
  repository: RepositoryReference,
  step: ErrorPlace['step'],
): ErrorPlace {
  return { provider: provider.name, repository: formatRepository(repository), step }
}

export function throwFaults({ found }: Faults, place: ErrorPlace): void {
  if (found.length === 0) return
  const problem = found.map(({ field, reason }) => `${field}: ${reason}`).join('; ')
  throw createPullRequestError('VALIDATION', problem, place, { faults: found })
}

/** @throws {LgError} `UNSUPPORTED` unless the provider has the feature. */
export function requireFeature(has: boolean, feature: string, place: ErrorPlace): void {
  if (!has) {
    throw createPullRequestError('UNSUPPORTED', `this host has no ${feature}`, place, { features: [feature] })
  }
}

export function refuseIgnored(ignored: readonly IgnoredField[], place: ErrorPlace): void {
  if (ignored.length === 0) return
  const problem = ignored.map(({ field, reason }) => `${field}: ${reason}`).join('; ')
  const features = ignored.map(({ field }) => field)
  throw createPullRequestError('UNSUPPORTED', `${problem}; leave it out, or do without "strict"`, place, {
    features,
  })
}

/** The repository of the head when it is a fork. */
export function forkOf(
  branches: Pick<PullRequestSpec, 'repository' | 'headRepository'>,
): RepositoryReference | undefined {
  const { repository, headRepository } = branches
  return headRepository === undefined || isSameRepository(repository, headRepository) ?
      undefined
    : headRepository
}

export const mergeMethods: readonly MergeMethod[] = ['merge', 'squash', 'rebase', 'fast-forward']

/** `false` when it is to be off, `undefined` when nothing is said. */
export function autoMergeOf(faults: Faults, given: unknown): AutoMerge | false | undefined {
  if (given === undefined || given === false) return given
  if (given === true) return {}
  const { method, deleteBranch } = recordOf(faults, 'autoMerge', given) ?? {}
  if (method !== undefined) checkMethod(faults, 'autoMerge', method)
  if (deleteBranch !== undefined) faults.flag('autoMerge', deleteBranch)
  return given as AutoMerge
}

export function checkMethod(faults: Faults, field: 'autoMerge' | 'method', method: unknown): void {
  if (!(mergeMethods as readonly unknown[]).includes(method)) {
    faults.add(field, `a merge method is one of ${mergeMethods.join(', ')}`)
  }
}

export function unique(values: readonly string[] | undefined): readonly string[] {
  return [...new Set(values)]
}
