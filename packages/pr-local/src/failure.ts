import { gitErrors } from '@lg/git'
import { createPullRequestError, type ErrorPlace } from '@lg/pull-request'
import { isLgError } from '@lg/runtime'

/** Runs a call of the provider; a failure of Git leaves it as an error of the port. */
export async function atPlace<Result>(
  place: ErrorPlace,
  signal: AbortSignal | undefined,
  call: () => Promise<Result>,
): Promise<Result> {
  try {
    signal?.throwIfAborted()
    return await call()
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    throw portError(error, place)
  }
}

/** The port's error for one of Git's; anything else as it is. Pure. */
export function portError(error: unknown, place: ErrorPlace): unknown {
  if (!isLgError(error) || 'provider' in error.details) return error
  const cause = { cause: error }
  const { message } = error
  if (gitErrors.is(error, 'AUTHENTICATION_FAILED') || gitErrors.is(error, 'INVALID_CREDENTIALS')) {
    return createPullRequestError('UNAUTHENTICATED', message, place, {}, cause)
  }
  if (gitErrors.is(error, 'PERMISSION_DENIED'))
    return createPullRequestError('FORBIDDEN', message, place, {}, cause)
  if (gitErrors.is(error, 'PUSH_REJECTED')) {
    return createPullRequestError('FORBIDDEN', message, place, { reason: error.details.reason }, cause)
  }
  if (gitErrors.is(error, 'REPOSITORY_NOT_FOUND'))
    return createPullRequestError('NOT_FOUND', message, place, {}, cause)
  if (gitErrors.is(error, 'REMOTE_UNAVAILABLE')) {
    return createPullRequestError('NETWORK', message, place, { sent: error.details.sent }, cause)
  }
  if (untrusted.some((code) => gitErrors.is(error, code))) {
    return createPullRequestError('NETWORK', message, place, { sent: false }, cause)
  }
  if (gitErrors.is(error, 'TIMEOUT')) {
    const { operation, timeout } = error.details
    return createPullRequestError('TIMEOUT', message, place, { timeout, sent: operation === 'push' }, cause)
  }
  if (gitErrors.is(error, 'REF_CHANGED')) return createPullRequestError('CONFLICT', message, place, {}, cause)
  if (gitErrors.is(error, 'UNSUPPORTED')) {
    return createPullRequestError('UNSUPPORTED', message, place, { features: [error.details.feature] }, cause)
  }
  return createPullRequestError('BAD_RESPONSE', message, place, { reason: error.code }, cause)
}

/** The other side is not the one that was meant, so nothing was said to it. */
const untrusted = ['HOST_KEY_UNKNOWN', 'HOST_KEY_CHANGED', 'REDIRECTED'] as const
