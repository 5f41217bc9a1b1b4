import { redact } from '@lg/git'
import { isLgError, isRecord, type LgError } from '@lg/runtime'
import type { ErrorPlace } from '../errors.ts'
import { createPullRequestError } from '../failure.ts'
import { httpErrors, type HttpErrors } from './errors.ts'
import { hostWords } from './judge.ts'

/** Reads what one host means by an answer; `undefined`: what all hosts mean by it. */
export type ReadStatus = (refusal: HttpErrors['STATUS'], place: ErrorPlace, cause: Error) => Error | undefined

/**
 * Runs a call of a provider; whatever fails in it leaves as an error of the port, or as the signal's reason.
 *
 * @param readStatus what this host means by its answers.
 */
export async function atPlace<Result>(
  place: ErrorPlace,
  signal: AbortSignal | undefined,
  readStatus: ReadStatus | undefined,
  call: () => Promise<Result>,
): Promise<Result> {
  try {
    signal?.throwIfAborted()
    return await call()
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    throw toPortError(error, place, readStatus)
  }
}

/**
 * The port's error for whatever was thrown: by the HTTP layer, also when a client library wrapped it, or by the
 * library itself. An error of the port stays. Pure.
 */
export function toPortError(error: unknown, place: ErrorPlace, readStatus?: ReadStatus): Error {
  const inner = innermostOfLg(error)
  if (inner === undefined) {
    // Not as the cause: a library's error may hold the request, and with it the token.
    const reason = redact(
      error instanceof Error ? `${error.name}: ${error.message}` : 'something that is no error',
    )
    return createPullRequestError('BAD_RESPONSE', `the answer could not be read (${reason})`, place, {
      reason,
    })
  }
  if ('provider' in inner.details) return inner
  const { message } = inner
  const cause = { cause: inner }
  if (httpErrors.is(inner, 'STATUS')) {
    return readStatus?.(inner.details, place, inner) ?? statusError(inner.details, place, inner)
  }
  if (httpErrors.is(inner, 'RATE_LIMITED')) {
    return createPullRequestError('RATE_LIMITED', message, place, { retryAt: inner.details.retryAt }, cause)
  }
  if (httpErrors.is(inner, 'NETWORK')) {
    return createPullRequestError('NETWORK', message, place, { sent: inner.details.sent }, cause)
  }
  if (httpErrors.is(inner, 'TIMEOUT')) {
    const { timeout, sent } = inner.details
    return createPullRequestError('TIMEOUT', message, place, { timeout, sent }, cause)
  }
  if (httpErrors.is(inner, 'INVALID_OPTION'))
    return createPullRequestError('UNAUTHENTICATED', message, place, {}, cause)
  const reason = httpErrors.is(inner, 'BAD_ANSWER') ? inner.details.reason : message
  return createPullRequestError('BAD_RESPONSE', message, place, { reason }, cause)
}

/** The details of an answer that is no success, if that is what was thrown. */
export function refusalOf(error: unknown): HttpErrors['STATUS'] | undefined {
  const inner = innermostOfLg(error)
  return inner !== undefined && httpErrors.is(inner, 'STATUS') ? inner.details : undefined
}

function statusError(refusal: HttpErrors['STATUS'], place: ErrorPlace, error: Error): Error {
  const { status, body, method } = refusal
  const words = hostWords(body)
  const said = words === '' ? `status ${status}` : words
  const cause = { cause: error }
  if (status === 401) {
    return createPullRequestError(
      'UNAUTHENTICATED',
      `the host does not accept the token (${said})`,
      place,
      {},
      cause,
    )
  }
  if (status === 403 || status === 423) {
    const problem = `it is not allowed (${said}); look at the rights of the token and at the repository's settings`
    return createPullRequestError('FORBIDDEN', problem, place, { reason: said }, cause)
  }
  if (status === 404) {
    const problem = `it is not there, or not visible for this token (${said})`
    return createPullRequestError('NOT_FOUND', problem, place, {}, cause)
  }
  if (status === 409) return createPullRequestError('CONFLICT', said, place, {}, cause)
  if (status === 502 || status === 503 || status === 504) {
    const sent = method !== 'GET'
    return createPullRequestError('NETWORK', `the host is not available (${said})`, place, { sent }, cause)
  }
  const reason = `${status} ${words}`.trim()
  return createPullRequestError('BAD_RESPONSE', `the host refused with ${reason}`, place, { reason }, cause)
}

/** The error of lg that is, or is behind, an error. */
function innermostOfLg(error: unknown): LgError | undefined {
  for (let inner = error, depth = 0; depth < 5; depth++) {
    if (isLgError(inner)) return inner
    if (!isRecord(inner) && !(inner instanceof Error)) return undefined
    inner = inner.cause
  }
  return undefined
}
