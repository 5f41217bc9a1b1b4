import { createPullRequestError } from '../failure.ts'
import type { PullRequest, PullRequestResult } from '../pull-request.ts'
import type { HostedContext } from './hosted-context.ts'

type At = Pick<HostedContext, 'place'>

/** The answer of a call that changed a pull request, or found it as it was to be. */
export function resultOf({ number, url, state }: PullRequest, changed: boolean): PullRequestResult {
  return { number, url, state, action: changed ? 'updated' : 'unchanged', ignored: [], warnings: [] }
}

/** Whether a text is asked for that is another one than there is; hosts trim texts. */
export function differs(wanted: string | undefined, now: string): wanted is string {
  return wanted !== undefined && wanted.trim() !== now.trim()
}

/** @throws {LgError} `CONFLICT` when it is merged. */
export function refuseMerged({ place }: At, { number, state }: PullRequest): void {
  if (state === 'merged') throw createPullRequestError('CONFLICT', 'it is merged', place, { number, state })
}

/** @throws {LgError} `CONFLICT` unless it is open: the base of others stays. */
export function requireOpenForBase({ place }: At, { number, state }: PullRequest): void {
  if (state === 'open') return
  throw createPullRequestError('CONFLICT', `it is ${state}, and its base stays`, place, { number, state })
}

/**
 * `ALREADY_EXISTS`.
 *
 * @param other the one that is open, as far as it is known.
 */
export function anotherOpen(
  { place }: At,
  { head }: PullRequest,
  base: string,
  other: { readonly number: number; readonly url?: string } | undefined,
): Error {
  const problem = `another pull request of ${head} for ${base} is open`
  const { number, url } = other ?? {}
  const details = { ...(number !== undefined && { number }), ...(url !== undefined && { url }) }
  return createPullRequestError('ALREADY_EXISTS', problem, place, details)
}
