import { pullRequestErrors, type PullRequestErrorCode, type PullRequestErrors } from '@lg/pull-request'

/** The details of what a call fails with; anything but this code is thrown. */
export async function failure<Code extends PullRequestErrorCode>(
  call: Promise<unknown>,
  code: Code,
): Promise<PullRequestErrors[Code]> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!pullRequestErrors.is(error, code)) throw error ?? new Error(`Expected ${code}`)
  return error.details
}
