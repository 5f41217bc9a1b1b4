import type { CallOptions, KubernetesObject, ObjectKey } from '@lg/runtime'
import type { Encoder, LedgerEntry } from '@lg/serializer'
import type { ContentType, FileEdit } from '@lg/storage-raw'

/** Which bytes of which files a write changes: a plain value that can be shown, stored and applied. */
export interface WritePlan {
  readonly operation: 'create' | 'update' | 'delete'
  readonly key: ObjectKey
  /** The object as it was; absent for a new one, and where the stored text does not decode. */
  readonly before: KubernetesObject | undefined
  /** The object as it will be; absent for a deletion. */
  readonly after: KubernetesObject | undefined
  /** Files with their content before and after. */
  readonly files: readonly FileEdit[]
  /** What could not be kept as it stood, such as a comment of a removed field. Empty for most writes. */
  readonly ledger: readonly LedgerEntry[]
}

/** A document before and after: the stored text with its value made equal to the object's. */
export interface DocumentPlan {
  /** `undefined` for a new document. */
  readonly before: Uint8Array | undefined
  readonly after: Uint8Array
  readonly ledger: readonly LedgerEntry[]
}

/**
 * Plans what becomes of one document, without effects: the same stored text and object give the same bytes.
 *
 * @param options.stored the document's bytes and the object that they were decoded to; absent for a new document.
 * @throws {LgError} what encoding throws: the schema refuses the object, or the text cannot be edited.
 */
export async function planWrite(
  encoder: Encoder,
  object: KubernetesObject,
  options: CallOptions & {
    readonly contentType: ContentType
    readonly stored?: { readonly bytes: Uint8Array; readonly object: KubernetesObject } | undefined
  },
): Promise<DocumentPlan> {
  const { stored, contentType, signal } = options
  const source = stored === undefined ? { source: null } : { source: stored.bytes, from: stored.object }
  const encoded = await encoder.encodeDocument(object, { ...source, contentType, signal })
  // A new object has no text to lose.
  const ledger = encoded.ledger.filter(({ code }) => stored !== undefined || code !== 'SOURCE_UNKNOWN')
  const after = encoded.changed || stored === undefined ? Buffer.from(encoded.text, 'utf8') : stored.bytes
  return { before: stored?.bytes, after, ledger }
}
