import type { ErrorPlace, PullRequestErrors } from '../errors.ts'
import { createPullRequestError } from '../failure.ts'
import { toPortError, type ReadStatus } from './port-error.ts'

/**
 * Runs a step on a pull request that exists.
 *
 * @throws {LgError} `INCOMPLETE` with the pull request and the step of `place`; else the signal's reason.
 */
export async function orIncomplete<Result>(
  pullRequest: PullRequestErrors['INCOMPLETE']['pullRequest'],
  place: ErrorPlace,
  signal: AbortSignal | undefined,
  readStatus: ReadStatus | undefined,
  call: () => Promise<Result>,
): Promise<Result> {
  try {
    return await call()
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    const cause = toPortError(error, place, readStatus)
    const { number, url, state } = pullRequest
    const problem = `pull request ${number} exists (${url}), but this step failed; try again. ${cause.message}`
    const details = { pullRequest: { number, url, state }, failed: place.step }
    throw createPullRequestError('INCOMPLETE', problem, place, details, { cause })
  }
}
