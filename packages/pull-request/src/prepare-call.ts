import { isOid } from '@lg/git'
import type { NewComment } from './comment.ts'
import { createFaults, type Faults } from './faults.ts'
import type { MergeRequest } from './merge.ts'
import {
  checkMethod,
  forkOf,
  placeOf,
  requireFeature,
  throwFaults,
  type ProviderTraits,
} from './prepare-spec.ts'
import type { PullRequestLocator, PullRequestQuery } from './pull-request.ts'
import type { PullRequestBranches } from './provider.ts'

/** @throws {LgError} `VALIDATION` when the number is not a positive integer. */
export function checkLocator(locator: PullRequestLocator, provider: ProviderTraits): void {
  const faults = createFaults()
  locatorFaults(faults, locator)
  throwFaults(faults, placeOf(provider, locator.repository, 'validate'))
}

/** @throws {LgError} `VALIDATION`; `UNSUPPORTED` for a fork where there are none. */
export function checkBranches(branches: PullRequestBranches, provider: ProviderTraits): void {
  const faults = createFaults()
  faults.branch('head', branches.head)
  faults.branch('base', branches.base)
  const place = placeOf(provider, branches.repository, 'validate')
  throwFaults(faults, place)
  if (forkOf(branches) !== undefined) requireFeature(provider.capabilities.forks, 'forks', place)
}

/** @throws {LgError} `VALIDATION`; `UNSUPPORTED` for a fork where there are none. */
export function checkQuery(query: PullRequestQuery, provider: ProviderTraits): void {
  const faults = createFaults()
  if (query.head !== undefined) faults.branch('head', query.head)
  if (query.base !== undefined) faults.branch('base', query.base)
  const { limit } = query
  if (limit !== undefined && limit !== Infinity && !(Number.isSafeInteger(limit) && limit > 0)) {
    faults.add('limit', 'it is not a positive integer')
  }
  const place = placeOf(provider, query.repository, 'validate')
  throwFaults(faults, place)
  if (forkOf(query) !== undefined) requireFeature(provider.capabilities.forks, 'forks', place)
}

/** @throws {LgError} `VALIDATION`; `UNSUPPORTED` for a method or a wait that the host does not have. */
export function checkMergeRequest(
  locator: PullRequestLocator,
  request: MergeRequest,
  provider: ProviderTraits,
): void {
  const { capabilities } = provider
  const { method, expectedHead, title, message, whenChecksPass } = request
  const faults = createFaults()
  locatorFaults(faults, locator)
  if (method !== undefined) checkMethod(faults, 'method', method)
  if (expectedHead !== undefined && !isOid(expectedHead))
    faults.add('expectedHead', 'it is not a full commit name')
  if (title !== undefined) faults.line('title', title)
  if (message !== undefined) faults.text('message', message)
  const place = placeOf(provider, locator.repository, 'validate')
  throwFaults(faults, place)
  if (method !== undefined)
    requireFeature(capabilities.mergeMethods.includes(method), `merge method ${method}`, place)
  if (whenChecksPass) requireFeature(capabilities.autoMerge, 'auto-merge', place)
}

/** @throws {LgError} `VALIDATION`; `UNSUPPORTED` where there are no comments. */
export function checkComment(
  locator: PullRequestLocator,
  comment: NewComment,
  provider: ProviderTraits,
): void {
  const { descriptionLimit, commentLimit = descriptionLimit } = provider.capabilities
  const faults = createFaults()
  locatorFaults(faults, locator)
  faults.text('body', comment.body, commentLimit)
  if (typeof comment.body === 'string' && comment.body.trim() === '') faults.add('body', 'it is empty')
  if (comment.topic !== undefined) faults.line('topic', comment.topic)
  const place = placeOf(provider, locator.repository, 'validate')
  throwFaults(faults, place)
  requireFeature(provider.capabilities.comments, 'comments', place)
}

export function locatorFaults(faults: Faults, { number }: PullRequestLocator): void {
  if (!Number.isSafeInteger(number) || number < 1) faults.add('number', 'it is not a positive integer')
}
