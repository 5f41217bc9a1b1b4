import {
  abortable,
  checkPath,
  formatKey,
  systemClock,
  type CallOptions,
  type Clock,
  type Logger,
  type ObjectKey,
} from '@lg/runtime'
import { createQueue } from './concurrency.ts'
import { contentTypeOf } from './content-type.ts'
import { rawStorageErrors } from './errors.ts'
import type { FileContent, FileTree } from './file-tree.ts'
import type { IndexedDocument } from './indexed-file.ts'
import type { ObjectIndex } from './object-index.ts'
import { planDocumentDelete, planDocumentWrite } from './plan-change.ts'
import type { ContentType } from './location.ts'
import type { MappedRawStorage, RawChange, RawDocument, RawEntry } from './raw-storage.ts'
import type { Recognize } from './recognized.ts'
import { createScanner, type Scanner } from './scanner.ts'

/** Names the file of a new object; `undefined` where it has no place. */
export type Placement = (key: ObjectKey, contentType: ContentType) => string | undefined

export interface IndexedRawStorageOptions {
  readonly files: FileTree
  readonly recognize: Recognize
  readonly place?: Placement | undefined
  /** The only paths where a key can be, for layouts that fix them: then a single object is found without a scan. */
  readonly locate?: ((key: ObjectKey) => readonly string[]) | undefined
  readonly scan?: ScanPolicy | undefined
  /** What is known of the files already. Default: nothing. */
  readonly index?: ObjectIndex | undefined
  /** Keeps the index, where somebody else does. Default: one of its own. */
  readonly scanner?: Scanner | undefined
  readonly multipleDocuments?: boolean | undefined
  readonly clock?: Clock | undefined
  readonly logger?: Logger | undefined
}

/**
 * When the files are looked at again: `always` for each list and for each key that is not known; at most every
 * `maxAge` milliseconds; or `never`, when somebody tells of each file through the mappings.
 */
export type ScanPolicy = 'always' | 'never' | { readonly maxAge: number }

/** How often a write starts over because the file changed under it, before it gives up. */
const attempts = 5

/** Documents of a file tree by key, through an index. A known key costs one read, however many there are. */
export function createIndexedRawStorage(options: IndexedRawStorageOptions): MappedRawStorage {
  const { files, recognize, place, locate, scan = 'always', clock = systemClock, logger } = options
  const scanner = options.scanner ?? createScanner({ files, recognize, index: options.index, logger })
  const writes = createQueue()
  let closed = false
  let scannedAt: number | undefined
  let running: Promise<void> | undefined
  let following: Promise<void> | undefined

  const startScan = (): Promise<void> => {
    const began = clock.now()
    running = scanner
      .scan()
      .then(() => void (scannedAt = began))
      .finally(() => (running = undefined))
    return running
  }
  /** What is on disk at the call is seen, so a scan under way does not do: the next one is shared instead. */
  const rescan = (signal: AbortSignal | undefined): Promise<void> => {
    if (running === undefined) return abortable(startScan(), signal)
    following ??= running
      .catch(() => {})
      .then(() => {
        following = undefined
        return startScan()
      })
    return abortable(following, signal)
  }
  const refreshIfDue = async (signal: AbortSignal | undefined): Promise<void> => {
    if (scan === 'never') return
    if (scan !== 'always' && scannedAt !== undefined && clock.now() - scannedAt < scan.maxAge) return
    await rescan(signal)
  }
  const begin = ({ signal }: CallOptions): void => {
    signal?.throwIfAborted()
    if (closed)
      throw rawStorageErrors.create('CLOSED', `The storage of ${files.name} is closed`, { what: files.name })
  }
  const missing = (key: ObjectKey): Error =>
    rawStorageErrors.create('NOT_FOUND', `No ${formatKey(key)} in ${files.name}`, { key })

  /** Where a key stands; files that may have it are looked at when it is not known. */
  const lookUp = async (
    key: ObjectKey,
    signal: AbortSignal | undefined,
  ): Promise<IndexedDocument | undefined> => {
    if (locate !== undefined) {
      for (const path of locate(key)) await scanner.visit(path, { signal })
      return scanner.index().get(key)
    }
    const known = scanner.index().get(key)
    if (known !== undefined) return known
    await refreshIfDue(signal)
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

  /** A document with the content of its file, both of one state; `undefined` when the key is not stored. */
  const open = async (
    key: ObjectKey,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly document: IndexedDocument; readonly content: FileContent } | undefined> => {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const found = await lookUp(key, signal)
      if (found === undefined) return undefined
      const content = await visit(found.location.path, signal)
      const document = scanner.index().get(key)
      if (content !== undefined && document?.location.path === content.path) return { document, content }
      // The object moved to another file, or went.
      if (document === undefined && scan === 'never') return undefined
    }
    return undefined
  }

  const checkVersion = (
    key: ObjectKey,
    expected: string | null | undefined,
    stored: IndexedDocument | undefined,
  ): void => {
    if (expected === undefined) return
    if (expected === null) {
      if (stored === undefined) return
      const { location } = stored
      throw rawStorageErrors.create(
        'ALREADY_EXISTS',
        `${formatKey(key)} exists already, in ${location.path}`,
        {
          key,
          location,
        },
      )
    }
    if (stored?.version === expected) return
    const state = stored === undefined ? 'it is not stored any more' : 'it has changed since it was read'
    throw rawStorageErrors.create(
      'CONFLICT',
      `${formatKey(key)} is not as expected: ${state}; read it again`,
      {
        key,
        expected,
        actual: stored?.version,
      },
    )
  }
  const requireWritable = (): void => {
    if (files.writable) return
    throw rawStorageErrors.create('READ_ONLY', `${files.name} can only be read`, { reason: files.name })
  }
  const placeNew = (key: ObjectKey, contentType: ContentType, path = place?.(key, contentType)): string => {
    if (path === undefined) {
      throw rawStorageErrors.create(
        'NOT_TRACKED',
        `${formatKey(key)} is in no file of ${files.name}; give the storage a path template, or the write a path`,
        { key },
      )
    }
    checkPath(path)
    if (!files.includes(path)) {
      const reason = 'the include and exclude rules leave this file out, so it would not be found again'
      throw rawStorageErrors.create('INVALID_PATH', `No place for ${formatKey(key)} in ${path}: ${reason}`, {
        path,
        reason,
      })
    }
    return path
  }
  const unsettled = (key: ObjectKey, path: string, expected: string | null | undefined): Error =>
    rawStorageErrors.create(
      'CONFLICT',
      `${path} changed ${attempts} times while ${formatKey(key)} was being written; try again when its other writers rest`,
      { key, expected: expected ?? '', actual: scanner.index().get(key)?.version },
    )
  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    await writes.run(async () => {})
    await files.close()
  }

  return {
    capabilities: {
      write: files.writable,
      create: files.writable && place !== undefined,
      multipleDocuments: options.multipleDocuments ?? true,
    },
    ...(files.exclusive && {
      known(key: ObjectKey): RawEntry | undefined {
        begin({})
        return scanner.index().get(key)
      },
    }),
    async read(key, { signal } = {}) {
      begin({ signal })
      const found = await open(key, signal)
      if (found === undefined) throw missing(key)
      return toDocument(found.document, found.content.bytes)
    },
    async *readMany(keys, { signal } = {}) {
      begin({ signal })
      const wanted = [...keys]
      if (locate === undefined && wanted.some((key) => scanner.index().get(key) === undefined))
        await refreshIfDue(signal)
      for (const batch of await filesOf(wanted, signal)) {
        begin({ signal })
        const documents = await Promise.all(
          batch.map(async ({ path, keys: here }) => {
            try {
              const content = await visit(path, signal)
              // At once: later the index may be of another content.
              return content === undefined ? [] : documentsOf(content, here)
            } catch (error) {
              signal?.throwIfAborted()
              logger?.warn(`${path}: ${(error as Error).message}`, { path })
              return []
            }
          }),
        )
        for (const found of documents) yield* found
      }
    },
    async exists(key, { signal } = {}) {
      begin({ signal })
      return (await open(key, signal)) !== undefined
    },
    async checksum(key, { signal } = {}) {
      begin({ signal })
      const found = await open(key, signal)
      if (found === undefined) throw missing(key)
      return found.document.version
    },
    async contentType(key, { signal } = {}) {
      begin({ signal })
      const found = await lookUp(key, signal)
      if (found !== undefined) return found.contentType
      const path = place?.(key, 'application/yaml')
      return (path && contentTypeOf(path)) || 'application/yaml'
    },
    async keysOf(path, { signal } = {}) {
      begin({ signal })
      checkPath(path)
      await scanner.visit(path, { signal })
      return (
        scanner
          .index()
          .file(path)
          ?.documents.map(({ key }) => key) ?? []
      )
    },
    async list(kind, { signal } = {}) {
      begin({ signal })
      await refreshIfDue(signal)
      return scanner.index().list(kind)
    },
    async problems({ signal } = {}) {
      begin({ signal })
      await refreshIfDue(signal)
      return scanner.problems()
    },
    async write(
      key,
      bytes,
      { expected, contentType = 'application/yaml', path: chosen, dryRun = false, signal } = {},
    ) {
      begin({ signal })
      requireWritable()
      return await writes.run(async () => {
        let path = ''
        for (let attempt = 0; attempt < attempts; attempt++) {
          begin({ signal })
          const found = await open(key, signal)
          checkVersion(key, expected, found?.document)
          path = found?.content.path ?? placeNew(key, contentType, chosen)
          const content = found?.content ?? (await scanner.visit(path, { signal }))
          const planned = planDocumentWrite({ path, bytes: content?.bytes }, key, bytes, recognize)
          if (dryRun || planned.change.file.after === content?.bytes) return planned.change
          if (await apply(planned.change, planned.file, signal)) return planned.change
        }
        throw unsettled(key, path, expected)
      })
    },
    async delete(key, { expected, dryRun = false, signal } = {}) {
      begin({ signal })
      requireWritable()
      return await writes.run(async () => {
        let path = ''
        for (let attempt = 0; attempt < attempts; attempt++) {
          begin({ signal })
          const found = await open(key, signal)
          if (found === undefined) throw missing(key)
          checkVersion(key, expected, found.document)
          path = found.content.path
          const planned = planDocumentDelete(found.content, key, recognize)
          if (dryRun || (await apply(planned.change, planned.file, signal))) return planned.change
        }
        throw unsettled(key, path, expected)
      })
    },
    async addMapping(path, { signal } = {}) {
      begin({ signal })
      checkPath(path)
      await scanner.visit(path, { signal })
    },
    async removeMapping(path, { signal } = {}) {
      begin({ signal })
      scanner.forget([path])
    },
    async setMappings(paths, { signal } = {}) {
      begin({ signal })
      const wanted = new Set(paths)
      for (const path of wanted) checkPath(path)
      scanner.forget([...scanner.index().files()].map(({ path }) => path).filter((path) => !wanted.has(path)))
      for (const path of wanted) await scanner.visit(path, { signal })
    },
    async refresh({ signal } = {}) {
      begin({ signal })
      await rescan(signal)
    },
    close,
    [Symbol.asyncDispose]: close,
  }

  function documentsOf(content: FileContent, keys: readonly ObjectKey[]): RawDocument[] {
    return keys.flatMap((key) => {
      const document = scanner.index().get(key)
      return document?.location.path === content.path ? [toDocument(document, content.bytes)] : []
    })
  }

  async function apply(
    { file: edit }: RawChange,
    file: Parameters<typeof scanner.adopt>[1],
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const stat = await files.replace(edit, { signal })
    if (stat === false) return false
    const stamp = stat === true ? undefined : stat.stamp
    scanner.adopt(edit.path, file && { ...file, stamp }, edit.after)
    return true
  }

  /** Batches of files with the keys wanted from each, in the order of the keys. */
  async function filesOf(
    keys: readonly ObjectKey[],
    signal: AbortSignal | undefined,
  ): Promise<readonly (readonly { readonly path: string; readonly keys: readonly ObjectKey[] }[])[]> {
    const byPath = new Map<string, ObjectKey[]>()
    for (const key of keys) {
      const document = scanner.index().get(key) ?? (locate && (await lookUp(key, signal)))
      if (document === undefined) continue
      const { path } = document.location
      const group = byPath.get(path)
      if (group === undefined) byPath.set(path, [key])
      else group.push(key)
    }
    const all = [...byPath].map(([path, wanted]) => ({ path, keys: wanted }))
    return Array.from({ length: Math.ceil(all.length / readAhead) }, (_, batch) =>
      all.slice(batch * readAhead, (batch + 1) * readAhead),
    )
  }
}

/** Files that {@link MappedRawStorage.readMany} opens at once. */
const readAhead = 64

function toDocument(document: IndexedDocument, bytes: Uint8Array): RawDocument {
  const { key, apiVersion, version, location, line, contentType, start, end } = document
  return { key, apiVersion, version, location, line, contentType, bytes: bytes.subarray(start, end) }
}
