import type { CallOptions, ObjectKey } from '@lg/runtime'
import { describeChange, type EventOrigin, type ObjectEvent, type ObjectState } from '@lg/storage'
import type { IndexedDocument, ObjectIndex, RawDocument } from '@lg/storage-raw'

/** What the log holds. Objects are decoded when a reader comes to them, and only then. */
export type Entry =
  | {
      readonly type: 'change'
      readonly key: ObjectKey
      readonly before: RawDocument | undefined
      readonly after: RawDocument | undefined
      readonly origin: EventOrigin
    }
  | { readonly type: 'error'; readonly error: Error }
  | { readonly type: 'synced' }

/** Gives the state of the object that a document holds, the caller's own. */
export type ReadState = (document: RawDocument | undefined, options: CallOptions) => Promise<ObjectState>

/** A document with the bytes that the index holds of it. */
export function holdDocument(index: ObjectIndex, document: IndexedDocument): RawDocument {
  return cutDocument(index.file(document.location.path)?.content, document)
}

/** A document with its bytes of its file's content. */
export function cutDocument(
  content: Uint8Array | undefined,
  { start, end, ...entry }: IndexedDocument,
): RawDocument {
  return { ...entry, bytes: (content ?? new Uint8Array()).subarray(start, end) }
}

/** The events of an entry: one, but none where nobody could tell, and two where an object can be served no more. */
export async function toEvents(
  entry: Entry,
  position: string,
  read: ReadState,
  options: CallOptions,
): Promise<readonly ObjectEvent[]> {
  if (entry.type === 'synced') return [{ type: 'synced', position }]
  if (entry.type === 'error') return [{ type: 'error', error: entry.error, position }]
  const before = await read(entry.before, options)
  const after = await read(entry.after, options)
  const change = { origin: entry.origin, position }
  const event = describeChange(before, after, change)
  if (event === undefined) return []
  if (event.type !== 'error') return [event]
  const gone = describeChange(before, undefined, change)
  return gone === undefined ? [event] : [gone, event]
}
