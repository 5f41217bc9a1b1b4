import { isLgError } from '@lg/runtime'

const statuses: Readonly<Record<string, number>> = {
  NOT_FOUND: 404,
  REF_NOT_FOUND: 404,
  PULL_REQUEST_NOT_FOUND: 404,
  AMBIGUOUS_FIND: 409,
  ALREADY_EXISTS: 409,
  CONFLICT: 409,
  MERGE_CONFLICT: 409,
  NOT_MERGEABLE: 409,
  INVALID_KEY: 400,
  INVALID_OBJECT: 400,
  INVALID_JSON: 400,
  STRICT_DECODING: 400,
  READ_ONLY: 403,
  NOT_READY: 503,
  REMOTE_UNAVAILABLE: 502,
  PUSH_REJECTED: 502,
  AUTHENTICATION_FAILED: 502,
  PERMISSION_DENIED: 502,
  REPOSITORY_NOT_FOUND: 502,
  REDIRECTED: 502,
  PULL_REQUEST_FAILED: 502,
  TIMEOUT: 504,
}

/** The HTTP status of a failure: 4xx for the caller's, 5xx for the remote's and ours. */
export function statusOfError(error: unknown): number {
  return isLgError(error) ? (statuses[error.code] ?? 500) : 500
}
