import { createPullRequestError } from '../failure.ts'
import type { MergeRequest, MergeResult } from '../merge.ts'
import type { PullRequest } from '../pull-request.ts'
import type { HostedContext } from './hosted-context.ts'

/**
 * Compares the head with the one that a merge expects, as far as both are known.
 *
 * @throws {LgError} `CONFLICT` with both.
 */
export function checkHead(
  { place }: Pick<HostedContext, 'place'>,
  { number, state, headCommit: actualHead }: PullRequest,
  { expectedHead }: MergeRequest,
): void {
  if (expectedHead === undefined || actualHead === undefined || expectedHead === actualHead) return
  const problem = `the head of pull request ${number} is ${actualHead}, not ${expectedHead}; look at it again`
  throw createPullRequestError('CONFLICT', problem, place, { number, state, expectedHead, actualHead })
}

/** The answer for a pull request that is merged. */
export function mergedAs({ mergeCommit }: PullRequest): MergeResult {
  return { outcome: 'merged', ...(mergeCommit !== undefined && { commit: mergeCommit }) }
}
