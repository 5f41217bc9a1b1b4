import { isUtf8 } from 'node:buffer'
import { formatKey, keyId, type ObjectKey } from '@lg/runtime'
import { contentVersion, equalBytes } from './content-version.ts'
import { rawStorageErrors } from './errors.ts'
import { indexFile, type IndexedDocument, type IndexedFile } from './indexed-file.ts'
import type { RawChange } from './raw-storage.ts'
import type { Recognize, RecognizedDocument } from './recognized.ts'
import { spliceDocument } from './splice-document.ts'

/** A change of one file, and what an index will know of the file then; `undefined` when the file goes. */
export interface PlannedChange {
  readonly change: RawChange
  readonly file: IndexedFile | undefined
}

interface FileState {
  readonly path: string
  /** `undefined` when there is no file yet. */
  readonly bytes: Uint8Array | undefined
}

/**
 * Plans to put one document into a file: in place of the one with its key, else as a new one. Pure.
 *
 * @throws {LgError} `DOCUMENT_MISMATCH` when the bytes are not exactly one document of this key, or when they would
 *   change what the file's other documents are.
 */
export function planDocumentWrite(
  file: FileState,
  key: ObjectKey,
  bytes: Uint8Array,
  recognize: Recognize,
): PlannedChange {
  const { path } = file
  const refuse = (reason: string): never => {
    throw rawStorageErrors.create(
      'DOCUMENT_MISMATCH',
      `Cannot write ${formatKey(key)} to ${path}: ${reason}`,
      {
        key,
        path,
        reason,
      },
    )
  }
  const own = recognize(path, bytes).documents.filter((document) => !isEmpty(document, bytes))
  const [document] = own
  if (document === undefined) return refuse('the bytes hold no document')
  if (own.length > 1) return refuse(`the bytes hold ${own.length} documents`)
  if (document.problem !== undefined)
    return refuse(`line ${document.problem.line}: ${document.problem.message}`)
  if (document.key === undefined || keyId(document.key) !== keyId(key)) {
    return refuse(`the bytes hold ${document.key === undefined ? 'no object' : formatKey(document.key)}`)
  }

  const before = file.bytes
  if (before === undefined) return planned(key, path, before, Buffer.from(bytes), recognize)
  const documents = recognize(path, before).documents
  const content = bytes.subarray(document.start, document.end)
  const found = documents.findIndex(holds(key))
  const stored = documents[found]
  if (stored !== undefined && equalBytes(before.subarray(stored.start, stored.end), content)) {
    return planned(key, path, before, before, recognize)
  }
  // Text of two encodings in one file is text in none.
  if (stored === undefined && (!isUtf8(before) || before.includes(0)))
    return refuse('the file there is no UTF-8 text')
  const after = spliceDocument({ path, bytes: before, documents }, stored ? found : documents.length, content)
  const others = documents.filter((_, index) => index !== found)
  const unchanged = sameDocuments(others, before, without(recognize(path, after).documents, key), after)
  if (!unchanged) return refuse('the result would change other documents of that file')
  return planned(key, path, before, after, recognize)
}

/** Plans to take one document out of its file; the file goes when nothing else is left in it. Pure. */
export function planDocumentDelete(
  file: { readonly path: string; readonly bytes: Uint8Array },
  key: ObjectKey,
  recognize: Recognize,
): PlannedChange {
  const { path, bytes } = file
  const documents = recognize(path, bytes).documents
  const index = documents.findIndex(holds(key))
  if (index < 0) throw rawStorageErrors.create('NOT_FOUND', `No ${formatKey(key)} in ${path}`, { key })
  const location = { path, document: index }
  const others = documents.filter((_, at) => at !== index)
  if (others.every((document) => isEmpty(document, bytes))) {
    return {
      change: { key, version: undefined, location, file: { path, before: bytes, after: undefined } },
      file: undefined,
    }
  }
  const after = spliceDocument({ path, bytes, documents }, index, null)
  if (!sameDocuments(others, bytes, recognize(path, after).documents, after)) {
    const reason = 'the result would change other documents of that file'
    throw rawStorageErrors.create(
      'DOCUMENT_MISMATCH',
      `Cannot delete ${formatKey(key)} from ${path}: ${reason}`,
      {
        key,
        path,
        reason,
      },
    )
  }
  return {
    change: { key, version: undefined, location, file: { path, before: bytes, after } },
    file: indexFile(path, after, recognize),
  }
}

function planned(
  key: ObjectKey,
  path: string,
  before: Uint8Array | undefined,
  after: Uint8Array,
  recognize: Recognize,
): PlannedChange {
  const file = indexFile(path, after, recognize)
  const { version, location } = file.documents.find((document) => holds(key)(document)) as IndexedDocument
  return { change: { key, version, location, file: { path, before, after } }, file }
}

const holds =
  (key: ObjectKey) =>
  (document: { readonly key?: ObjectKey | undefined; readonly problem?: unknown }): boolean =>
    document.problem === undefined && document.key !== undefined && keyId(document.key) === keyId(key)

/** The documents without the first one of `key`. */
function without(documents: readonly RecognizedDocument[], key: ObjectKey): readonly RecognizedDocument[] {
  const found = documents.findIndex(holds(key))
  return documents.filter((_, index) => index !== found)
}

function sameDocuments(
  left: readonly RecognizedDocument[],
  leftBytes: Uint8Array,
  right: readonly RecognizedDocument[],
  rightBytes: Uint8Array,
): boolean {
  const content = (documents: readonly RecognizedDocument[], bytes: Uint8Array): string[] =>
    documents.map(({ start, end }) => contentVersion(bytes.subarray(start, end)))
  const expected = content(left, leftBytes)
  const actual = content(right, rightBytes)
  return expected.length === actual.length && expected.every((version, index) => version === actual[index])
}

/** Nothing but white space and comments. */
function isEmpty({ type, key, problem, start, end }: RecognizedDocument, bytes: Uint8Array): boolean {
  if (type !== undefined) return type === 'empty'
  if (key !== undefined || problem !== undefined) return false
  const text = Buffer.from(bytes.subarray(start, end)).toString('utf8')
  return text.split('\n').every((line) => /^\s*(?:#.*)?$/.test(line))
}
