import { isLgError } from '@lg/runtime'

const codesByStatus: Readonly<Record<number, readonly string[]>> = {
  400: [
    'INVALID_KEY',
    'INVALID_OBJECT',
    'INVALID_JSON',
    'STRICT_DECODING',
    'VALIDATION',
    'INVALID_FILTER',
    'BAD_PAYLOAD',
  ],
  401: ['UNVERIFIED'],
  403: ['READ_ONLY'],
  404: ['NOT_FOUND', 'REF_NOT_FOUND'],
  409: [
    'AMBIGUOUS_FIND',
    'ALREADY_EXISTS',
    'CONFLICT',
    'NOT_MERGEABLE',
    'BRANCH_NOT_FOUND',
    'TOO_MANY_ATTEMPTS',
    'FILE_BROKEN',
  ],
  413: ['TOO_LARGE'],
  415: ['UNSUPPORTED_MEDIA_TYPE'],
  502: [
    'REMOTE_UNAVAILABLE',
    'PUSH_REJECTED',
    'PUSH_OUTCOME_UNKNOWN',
    'AUTHENTICATION_FAILED',
    'PERMISSION_DENIED',
    'HOST_KEY_UNKNOWN',
    'HOST_KEY_CHANGED',
    'REPOSITORY_NOT_FOUND',
    'REDIRECTED',
    'PULL_REQUEST_FAILED',
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'NETWORK',
    'BAD_RESPONSE',
    'INCOMPLETE',
  ],
  503: ['NOT_READY', 'REPOSITORY_EMPTY', 'RATE_LIMITED', 'CLOSED'],
  504: ['TIMEOUT'],
}

const statuses = new Map(
  Object.entries(codesByStatus).flatMap(([status, codes]) =>
    codes.map((code) => [code, Number(status)] as const),
  ),
)

/** The HTTP status of a failure: 4xx for the caller's, 5xx for the remote's and ours. */
export function statusOfError(error: unknown): number {
  return isLgError(error) ? (statuses.get(error.code) ?? 500) : 500
}
