import type { Logger, ObjectKey } from '@lg/runtime'
import type { FileContent } from '../file-tree.ts'
import type { IndexedDocument } from '../indexed-file.ts'
import type { RawDocument } from '../raw-storage.ts'
import type { Scanner } from '../scanner.ts'
import type { Refresher } from './refresher.ts'

/** How often a call starts over because a file changed under it, before it gives up. */
export const attempts = 5
/** Files that many documents are read from at once. */
const readAhead = 64

/** A document with the content of its file, both of one state. */
export interface OpenDocument {
  readonly document: IndexedDocument
  readonly content: FileContent
}

/** Finds documents by key in files that may change at any time. */
export interface DocumentReader {
  /** Where a key stands; files that may have it are looked at when it is not known. */
  lookUp(key: ObjectKey, signal: AbortSignal | undefined): Promise<IndexedDocument | undefined>
  /** `undefined` when the key is not stored. */
  open(key: ObjectKey, signal: AbortSignal | undefined): Promise<OpenDocument | undefined>
  /** Each file is opened once; what is gone, or cannot be read, is left out. */
  openMany(keys: readonly ObjectKey[], signal: AbortSignal | undefined): AsyncIterable<OpenDocument>
}

export interface DocumentReaderOptions {
  readonly scanner: Scanner
  readonly refresher: Refresher
  /** The only paths where a key can be. Default: anywhere. */
  readonly locate?: ((key: ObjectKey) => readonly string[]) | undefined
  readonly logger: Logger
}

export function createDocumentReader(options: DocumentReaderOptions): DocumentReader {
  const { scanner, refresher, locate, logger } = options

  const lookUp: DocumentReader['lookUp'] = async (key, signal) => {
    if (locate !== undefined) {
      for (const path of locate(key)) await scanner.visit(path, { signal })
      return scanner.index().get(key)
    }
    const known = scanner.index().get(key)
    if (known !== undefined) return known
    await refresher.refreshIfDue(signal)
    return scanner.index().get(key)
  }
  /** The content that the index is of: a scan may move it at any time. */
  const visit = async (path: string, signal: AbortSignal | undefined): Promise<FileContent | undefined> => {
    for (;;) {
      const content = await scanner.visit(path, { signal })
      const held = scanner.index().file(path)?.content
      if (content === undefined || held === undefined || held === content.bytes) return content
    }
  }
  /** The documents of the keys in a file, as it is now. */
  const openFile = async (
    path: string,
    keys: readonly ObjectKey[],
    signal: AbortSignal | undefined,
  ): Promise<readonly OpenDocument[]> => {
    try {
      const content = await visit(path, signal)
      if (content === undefined) return []
      return keys.flatMap((key) => {
        const document = scanner.index().get(key)
        return document?.location.path === path ? [{ document, content }] : []
      })
    } catch (error) {
      signal?.throwIfAborted()
      logger.warn(`${path}: ${(error as Error).message}`, { path })
      return []
    }
  }
  /** Files with the keys wanted from each, in the order of the keys. */
  const filesOf = async (
    keys: readonly ObjectKey[],
    signal: AbortSignal | undefined,
  ): Promise<readonly (readonly [path: string, keys: readonly ObjectKey[]])[]> => {
    const files = new Map<string, ObjectKey[]>()
    for (const key of keys) {
      const document = scanner.index().get(key) ?? (locate && (await lookUp(key, signal)))
      if (document === undefined) continue
      const { path } = document.location
      const here = files.get(path)
      if (here === undefined) files.set(path, [key])
      else here.push(key)
    }
    return [...files]
  }

  return {
    lookUp,
    async open(key, signal) {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const found = await lookUp(key, signal)
        if (found === undefined) return undefined
        const content = await visit(found.location.path, signal)
        const document = scanner.index().get(key)
        if (content !== undefined && document?.location.path === content.path) return { document, content }
        // The object moved to another file, or went.
      }
      return undefined
    },
    async *openMany(keys, signal) {
      const isUnknown = (key: ObjectKey): boolean => scanner.index().get(key) === undefined
      if (locate === undefined && keys.some(isUnknown)) await refresher.refreshIfDue(signal)
      const files = await filesOf(keys, signal)
      for (let at = 0; at < files.length; at += readAhead) {
        const batch = files.slice(at, at + readAhead)
        const opened = await Promise.all(batch.map(([path, here]) => openFile(path, here, signal)))
        for (const documents of opened) yield* documents
      }
    },
  }
}

export function toRawDocument({ document, content }: OpenDocument): RawDocument {
  const { key, apiVersion, version, location, line, contentType, start, end } = document
  return { key, apiVersion, version, location, line, contentType, bytes: content.bytes.subarray(start, end) }
}
