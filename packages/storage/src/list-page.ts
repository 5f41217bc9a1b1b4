import { createHash } from 'node:crypto'
import { formatGroupKind, isRecord, keyId, parseJson, type GroupKind } from '@lg/runtime'
import type { RawEntry } from '@lg/storage-raw'
import { storageErrors } from './errors.ts'
import type { Page, Paged } from './storage.ts'

/** The name of what a list is made from: equal exactly when keys and versions are. */
export function listState(entries: readonly RawEntry[]): string {
  const hash = createHash('sha1')
  for (const { key, version } of entries) hash.update(`${keyId(key)}\0${version}\n`)
  return hash.digest('base64url')
}

/**
 * The part of a list that a page shows.
 *
 * @throws {LgError} `INVALID_CONTINUE`, `CONTINUE_EXPIRED`.
 */
export function takePage<Item>(
  items: readonly Item[],
  paged: Paged,
  list: { readonly kind: GroupKind; readonly state: string },
): Page<Item> {
  const { limit } = paged
  if (!Number.isInteger(limit) || limit < 1)
    throw invalid(String(limit), 'the limit is not a positive integer')
  const offset = paged.continue === undefined ? 0 : offsetOf(paged.continue, list)
  const end = Math.min(offset + limit, items.length)
  const remaining = items.length - end
  const page = { items: items.slice(offset, end), remaining }
  return remaining === 0 ? page : { ...page, continue: format({ offset: end, state: list.state }) }
}

function offsetOf(
  token: string,
  { kind, state }: { readonly kind: GroupKind; readonly state: string },
): number {
  const found = parse(token)
  if (found.state !== state) {
    throw storageErrors.create(
      'CONTINUE_EXPIRED',
      `The ${formatGroupKind(kind)} objects have changed since the page before; list again from the start`,
      { kind: { group: kind.group, kind: kind.kind } },
    )
  }
  return found.offset
}

interface Token {
  readonly offset: number
  readonly state: string
}

const format = (token: Token): string => Buffer.from(JSON.stringify(token)).toString('base64url')

function parse(token: string): Token {
  let value: unknown
  try {
    value = parseJson(Buffer.from(token, 'base64url').toString('utf8'))
  } catch (cause) {
    throw invalid(token, 'it does not read as one', cause)
  }
  if (!isRecord(value)) throw invalid(token, 'it does not read as one')
  const { offset, state } = value
  if (typeof offset !== 'number' || !Number.isInteger(offset) || offset < 0 || typeof state !== 'string') {
    throw invalid(token, 'it does not read as one')
  }
  return { offset, state }
}

function invalid(token: string, reason: string, cause?: unknown): Error {
  const shown = token.length > 80 ? `${token.slice(0, 80)}...` : token
  return storageErrors.create(
    'INVALID_CONTINUE',
    `Not a page of a list: ${JSON.stringify(shown)}: ${reason}`,
    {
      token,
      reason,
    },
    { cause },
  )
}
