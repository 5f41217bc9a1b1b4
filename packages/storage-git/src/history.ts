import { type Commit, type Oid, type Person } from '@lg/git'
import {
  equalValues,
  formatKey,
  isLgError,
  type CallOptions,
  type KubernetesObject,
  type ObjectKey,
} from '@lg/runtime'
import type { Decoder } from '@lg/serializer'
import { rawStorageErrors } from '@lg/storage-raw'
import type { DocumentState } from './document-state.ts'
import type { DocumentChange, DocumentText } from './document-history.ts'
import { fieldAt, fieldChanges, type FieldChange, type FieldPath } from './field-changes.ts'

/** What one commit did to an object. */
export interface HistoryEntry {
  readonly key: ObjectKey
  /** `textChanged`: only the form or the file is another one. */
  readonly type: 'added' | 'modified' | 'deleted' | 'textChanged'
  readonly commit: Oid
  readonly author: Person
  /** When the author made the change; milliseconds since the epoch. */
  readonly time: number
  readonly message: string
  /** The document before and after the commit. */
  readonly before?: DocumentState | undefined
  readonly after?: DocumentState | undefined
  readonly fields: readonly FieldChange[]
}

/** Who gave a field its value. */
export interface FieldBlame {
  readonly path: FieldPath
  readonly value: unknown
  readonly commit: Oid
  readonly author: Person
  readonly time: number
  readonly message: string
}

/** The objects of a document's history. */
export async function* objectHistory(
  changes: AsyncIterable<DocumentChange>,
  key: ObjectKey,
  decoder: Decoder,
  options: CallOptions = {},
): AsyncGenerator<HistoryEntry> {
  for await (const { commit, before: was, after: is } of changes) {
    const before = was && (await stateOf(was, decoder, options))
    const after = is && (await stateOf(is, decoder, options))
    yield {
      key,
      type: typeOf(before, after),
      ...authorship(commit),
      before,
      after,
      fields: before && after ? fieldChanges(before.object, after.object) : [],
    }
  }
}

/**
 * Who gave each field below `path` the value that it has, in the order of the object: one entry for every scalar, empty
 * map, and list.
 *
 * @throws {LgError} `NOT_FOUND` when the object, or the field, is not there; `HISTORY_INCOMPLETE`.
 */
export async function blameFields(
  history: AsyncIterable<HistoryEntry>,
  key: ObjectKey,
  path: FieldPath,
): Promise<readonly FieldBlame[]> {
  let open: Map<FieldPath, unknown> | undefined
  let all: readonly FieldPath[] = []
  const found = new Map<FieldPath, FieldBlame>()
  for await (const entry of history) {
    if (open === undefined) {
      const value = fieldAt(entry.after?.object, path)
      if (value === undefined) break
      open = new Map(leavesOf(value, path))
      all = [...open.keys()]
    }
    const { commit, author, time, message } = entry
    for (const [field, value] of open) {
      if (equalValues(fieldAt(entry.before?.object, field), value)) continue
      found.set(field, { path: field, value, commit, author, time, message })
      open.delete(field)
    }
    if (open.size === 0) break
  }
  if (all.length === 0) {
    const what = path.length === 0 ? '' : ` with ${path.join('.')}`
    throw rawStorageErrors.create('NOT_FOUND', `No ${formatKey(key)}${what} is stored`, { key })
  }
  return all.flatMap((field) => found.get(field) ?? [])
}

function* leavesOf(value: unknown, path: FieldPath): Iterable<[FieldPath, unknown]> {
  const entries =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []
  if (entries.length === 0) yield [path, value]
  for (const [key, item] of entries) yield* leavesOf(item, [...path, key])
}

const authorship = ({
  oid,
  author: { name, email, time },
  message,
}: Commit): Pick<HistoryEntry, 'commit' | 'author' | 'time' | 'message'> => ({
  commit: oid,
  author: { name, email },
  time,
  message,
})

function typeOf(before: DocumentState | undefined, after: DocumentState | undefined): HistoryEntry['type'] {
  if (before === undefined) return 'added'
  if (after === undefined) return 'deleted'
  const isSame = after.object !== undefined && equalValues(before.object, after.object)
  return isSame ? 'textChanged' : 'modified'
}

async function stateOf(
  { bytes, version, location, line, contentType }: DocumentText,
  decoder: Decoder,
  options: CallOptions,
): Promise<DocumentState> {
  const text = Buffer.from(bytes).toString('utf8')
  return {
    object: await decode(decoder, text, { contentType, path: location.path, line, ...options }),
    text,
    version,
    location,
  }
}

async function decode(
  decoder: Decoder,
  text: string,
  options: Parameters<Decoder['decodeDocument']>[1] = {},
): Promise<KubernetesObject | undefined> {
  try {
    return await decoder.decodeDocument(text, options)
  } catch (error) {
    options.signal?.throwIfAborted()
    if (isLgError(error)) return undefined
    throw error
  }
}
