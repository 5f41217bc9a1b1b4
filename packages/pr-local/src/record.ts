import { isOid, type Oid } from '@lg/git'
import type { PullRequestState } from '@lg/pull-request'
import { isLgError, isRecord, parseJson, stringifyJson } from '@lg/runtime'

/** Name of the one file in the tree of a record's commit. */
export const recordPath = 'pull-request.json'

/** A pull request as it is kept: `git show refs/lg/pulls/3:pull-request.json`. Times are ISO 8601 in UTC. */
export interface PullRequestRecord {
  /** Of this format. */
  readonly version: 1
  readonly number: number
  /** Random, so that two records made at the same moment differ. */
  readonly id: string
  readonly state: PullRequestState
  readonly title: string
  readonly description: string
  readonly draft: boolean
  readonly head: string
  /**
   * Tip of the head when the record was last written. Reachable from the record's commit, as the next ones.
   */
  readonly headCommit: Oid
  readonly base: string
  /** Tip of the base when the pull request was opened for it; once merged, when it was merged. */
  readonly baseCommit: Oid
  readonly author: string
  readonly labels: readonly string[]
  readonly assignees: readonly string[]
  readonly reviewers: readonly string[]
  readonly teamReviewers: readonly string[]
  readonly milestone?: string | undefined
  readonly createdAt: string
  readonly updatedAt: string
  /** When it was closed or merged. */
  readonly closedAt?: string | undefined
  readonly mergeCommit?: Oid | undefined
  /** What `createPullRequest` last set: a field that differs now was changed by somebody else. */
  readonly proposed: Proposed
  /** Oldest first. */
  readonly comments: readonly CommentRecord[]
}

export interface Proposed {
  readonly title: string
  readonly description: string
  readonly draft: boolean
  readonly milestone?: string | undefined
}

export interface CommentRecord {
  readonly id: string
  readonly author: string
  readonly body: string
  readonly topic?: string | undefined
  readonly createdAt: string
  readonly updatedAt: string
}

export type DecodedRecord =
  | { readonly type: 'record'; readonly record: PullRequestRecord }
  | { readonly type: 'unreadable'; readonly reason: string }

export function encodeRecord(record: PullRequestRecord): Uint8Array {
  return new TextEncoder().encode(`${stringifyJson(record, { indent: 2 })}\n`)
}

/** Reads what may have been written by anybody. Pure. */
export function decodeRecord(bytes: Uint8Array, number: number): DecodedRecord {
  const unreadable = (reason: string): DecodedRecord => ({ type: 'unreadable', reason })
  let value: unknown
  try {
    value = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    return unreadable(isLgError(error) ? error.message : 'it is not UTF-8')
  }
  if (!isRecord(value)) return unreadable('it is not a JSON object')
  if (value['version'] !== 1) return unreadable('it is not of version 1; a newer lg may have written it')
  const wrong = firstWrong(value, shape)
  if (wrong !== undefined) return unreadable(`"${wrong}" is missing or not as it should be`)
  if (value['number'] !== number) return unreadable('it is the record of another number')
  return { type: 'record', record: value as unknown as PullRequestRecord }
}

type Shape<T> = { readonly [Field in keyof T]-?: (value: unknown) => boolean }

const isString = (value: unknown): boolean => typeof value === 'string'
const isBoolean = (value: unknown): boolean => typeof value === 'boolean'
const isCommit = (value: unknown): boolean => typeof value === 'string' && isOid(value)
const isTime = (value: unknown): boolean => typeof value === 'string' && Number.isFinite(Date.parse(value))
const isStrings = (value: unknown): boolean => Array.isArray(value) && value.every(isString)
const optional =
  (check: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || check(value)
const shaped =
  <T>(inner: Shape<T>) =>
  (value: unknown): boolean =>
    isRecord(value) && firstWrong(value, inner) === undefined

const commentShape: Shape<CommentRecord> = {
  id: isString,
  author: isString,
  body: isString,
  topic: optional(isString),
  createdAt: isTime,
  updatedAt: isTime,
}

const shape: Shape<PullRequestRecord> = {
  version: () => true,
  number: (value) => typeof value === 'number',
  id: isString,
  state: (value) => value === 'open' || value === 'closed' || value === 'merged',
  title: isString,
  description: isString,
  draft: isBoolean,
  head: isString,
  headCommit: isCommit,
  base: isString,
  baseCommit: isCommit,
  author: isString,
  labels: isStrings,
  assignees: isStrings,
  reviewers: isStrings,
  teamReviewers: isStrings,
  milestone: optional(isString),
  createdAt: isTime,
  updatedAt: isTime,
  closedAt: optional(isTime),
  mergeCommit: optional(isCommit),
  proposed: shaped<Proposed>({
    title: isString,
    description: isString,
    draft: isBoolean,
    milestone: optional(isString),
  }),
  comments: (value) => Array.isArray(value) && value.every(shaped(commentShape)),
}

function firstWrong<T>(value: Record<string, unknown>, expected: Shape<T>): string | undefined {
  return Object.entries<(field: unknown) => boolean>(expected).find(
    ([field, check]) => !check(value[field]),
  )?.[0]
}
