import { pullRequestErrors, type PullRequestErrorCode } from '@lg/pull-request'

/** The details of what a call must fail with. */
export async function failure(call: Promise<unknown>, code: PullRequestErrorCode): Promise<unknown> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!pullRequestErrors.is(error, code)) throw error
  return error.details
}
