import {
  checkPath,
  silentLogger,
  systemClock,
  type CallOptions,
  type Clock,
  type Logger,
  type ObjectKey,
} from '@lg/runtime'
import { contentTypeOf } from './content-type.ts'
import { rawStorageErrors } from './errors.ts'
import type { FileTree } from './file-tree.ts'
import { createDocumentReader, toRawDocument } from './indexed/document-reader.ts'
import { createDocumentWriter, notFound, type Placement } from './indexed/document-writer.ts'
import { createRefresher, type ScanPolicy } from './indexed/refresher.ts'
import type { ObjectIndex } from './object-index.ts'
import type { MappedRawStorage, RawEntry } from './raw-storage.ts'
import type { Recognize } from './recognized.ts'
import { createScanner, type Scanner } from './scanner.ts'

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

/** Documents of a file tree by key, through an index. A known key costs one read, however many there are. */
export function createIndexedRawStorage(options: IndexedRawStorageOptions): MappedRawStorage {
  const { files, recognize, place, locate, scan = 'always' } = options
  const { clock = systemClock, logger = silentLogger } = options
  const scanner = options.scanner ?? createScanner({ files, recognize, index: options.index, logger })
  const refresher = createRefresher(scanner, scan, clock)
  const reader = createDocumentReader({ scanner, refresher, locate, logger })
  let closed = false

  const begin = (signal: AbortSignal | undefined): void => {
    signal?.throwIfAborted()
    if (closed)
      throw rawStorageErrors.create('CLOSED', `The storage of ${files.name} is closed`, { what: files.name })
  }
  const writer = createDocumentWriter({ files, recognize, place, scanner, reader, begin })
  const beginWrite = ({ signal }: CallOptions): void => {
    begin(signal)
    if (files.writable) return
    throw rawStorageErrors.create('READ_ONLY', `${files.name} can only be read`, { reason: files.name })
  }
  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    await writer.settled()
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
        begin(undefined)
        return scanner.index().get(key)
      },
    }),
    async read(key, { signal } = {}) {
      begin(signal)
      const found = await reader.open(key, signal)
      if (found === undefined) throw notFound(key, files.name)
      return toRawDocument(found)
    },
    async *readMany(keys, { signal } = {}) {
      begin(signal)
      for await (const found of reader.openMany([...keys], signal)) {
        begin(signal)
        yield toRawDocument(found)
      }
    },
    async exists(key, { signal } = {}) {
      begin(signal)
      return (await reader.open(key, signal)) !== undefined
    },
    async checksum(key, { signal } = {}) {
      begin(signal)
      const found = await reader.open(key, signal)
      if (found === undefined) throw notFound(key, files.name)
      return found.document.version
    },
    async contentType(key, { signal } = {}) {
      begin(signal)
      const found = await reader.lookUp(key, signal)
      if (found !== undefined) return found.contentType
      const path = place?.(key, 'application/yaml')
      return (path && contentTypeOf(path)) || 'application/yaml'
    },
    async keysOf(path, { signal } = {}) {
      begin(signal)
      checkPath(path)
      await scanner.visit(path, { signal })
      return (scanner.index().file(path)?.documents ?? []).map(({ key }) => key)
    },
    async list(kind, { signal } = {}) {
      begin(signal)
      await refresher.refreshIfDue(signal)
      return scanner.index().list(kind)
    },
    async problems({ signal } = {}) {
      begin(signal)
      await refresher.refreshIfDue(signal)
      return scanner.problems()
    },
    async write(key, bytes, call = {}) {
      beginWrite(call)
      return await writer.write(key, bytes, call)
    },
    async delete(key, call = {}) {
      beginWrite(call)
      return await writer.delete(key, call)
    },
    async addMapping(path, { signal } = {}) {
      begin(signal)
      checkPath(path)
      await scanner.visit(path, { signal })
    },
    async removeMapping(path, { signal } = {}) {
      begin(signal)
      scanner.forget([path])
    },
    async setMappings(paths, { signal } = {}) {
      begin(signal)
      const wanted = new Set(paths)
      for (const path of wanted) checkPath(path)
      const known = [...scanner.index().files()].map(({ path }) => path)
      scanner.forget(known.filter((path) => !wanted.has(path)))
      for (const path of wanted) await scanner.visit(path, { signal })
    },
    async refresh({ signal } = {}) {
      begin(signal)
      await refresher.refresh(signal)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
