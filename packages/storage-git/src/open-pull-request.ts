import type { PullRequestProvider, PullRequestResult } from '@lg/pull-request'
import type { CallOptions } from '@lg/runtime'
import { storageGitErrors, type PullRequestFailure } from './errors.ts'

/** Opens the pull request of a branch that is on the remote; running again does no harm. */
export async function openPullRequest(
  provider: PullRequestProvider | undefined,
  request: PullRequestFailure,
  options: CallOptions = {},
): Promise<PullRequestResult> {
  const { branch, spec } = request
  if (provider === undefined) {
    throw storageGitErrors.create(
      'NO_PULL_REQUEST_PROVIDER',
      'The storage has no provider of pull requests; pass pullRequests',
      { transaction: branch },
    )
  }
  try {
    return await provider.createPullRequest(spec, options)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw storageGitErrors.create(
      'PULL_REQUEST_FAILED',
      `The branch ${branch} is pushed, but its pull request was not opened: ${reason}. resumePullRequest(error.details) does it`,
      request,
      { cause },
    )
  }
}
