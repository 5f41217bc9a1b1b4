import type { CallOptions, GroupKind, ObjectKey } from '@lg/runtime'
import type { ContentType, Location } from './location.ts'
import type { FileProblem } from './recognized.ts'

/**
 * Knows how to keep documents by the key of the object that each holds.
 *
 * A document is a range of bytes of one file; a file may hold several. Reading gives exactly one document,
 * writing replaces exactly one and leaves every other byte of its file as it was.
 *
 * Any number of calls may run at once; writes of one storage take effect one after the other. Every call rejects
 * with the reason of its signal when that is aborted, and with `CLOSED` after `close()`.
 * Implementations must pass `rawStorageConformance` of `@lg/storage-raw/testing`.
 */
export interface RawStorage {
  readonly capabilities: RawCapabilities
  /**
   * One document, with its version and place, from one state of its file.
   *
   * @throws {LgError} `NOT_FOUND` with the key; `IO_FAILED` when the medium fails, which is never reported as missing.
   */
  read(key: ObjectKey, options?: CallOptions): Promise<RawDocument>
  /**
   * What {@link read} would say of a document beside its bytes, where that is known for certain without looking at the
   * medium: for those who have what they need of the bytes already. Absent where nothing ever is.
   */
  known?(key: ObjectKey): RawEntry | undefined
  /**
   * The documents of many keys, each file opened once and read ahead within a bound. In the order of `keys` as far as
   * files allow; a key whose document has gone in the meantime is left out.
   */
  readMany(keys: Iterable<ObjectKey>, options?: CallOptions): AsyncIterable<RawDocument>
  exists(key: ObjectKey, options?: CallOptions): Promise<boolean>
  /**
   * Puts one document in place: into its file when the key is stored already, else into the file that the storage's
   * path template names, at its end. The bytes must hold exactly one document, of this key.
   * A reader sees the file as it was before or as it is after, also when the process is killed meanwhile.
   * Bytes equal to the stored ones change nothing.
   *
   * @throws {LgError} `CONFLICT` when the stored version is not `expected`; `ALREADY_EXISTS` for `expected: null`;
   *   `NOT_TRACKED` for a new key without a template; `DOCUMENT_MISMATCH`, `INVALID_PATH`, `PATH_COLLISION`,
   *   `READ_ONLY`, `IO_FAILED`.
   */
  write(key: ObjectKey, bytes: Uint8Array, options?: RawWriteOptions): Promise<RawChange>
  /**
   * Takes one document out of its file; the file goes with its last document.
   *
   * @throws {LgError} `NOT_FOUND`, `CONFLICT`, `READ_ONLY`, `IO_FAILED`.
   */
  delete(key: ObjectKey, options?: RawDeleteOptions): Promise<RawChange>
  /**
   * What is stored, of one kind (in any version) or of all, ordered by `compareKeys` of `@lg/runtime`. Nothing stored, also no
   * directory at all, is an empty list. Of an object in two files the first by path is listed, the other is one of
   * {@link problems}. While nothing changed it may be the same list again, so it is frozen.
   */
  list(kind?: GroupKind, options?: CallOptions): Promise<readonly RawEntry[]>
  /** The version of a document, without its bytes. Throws as {@link read}. */
  checksum(key: ObjectKey, options?: CallOptions): Promise<string>
  /** The media type of a stored document, or the one that a new document of this key would get. */
  contentType(key: ObjectKey, options?: CallOptions): Promise<ContentType>
  /** The keys that a file holds, in its order; none for a file that is not there or holds no objects. */
  keysOf(path: string, options?: CallOptions): Promise<readonly ObjectKey[]>
  /**
   * What stands in the way of an object being served: files that do not parse, documents that are no objects, the
   * same object in two files. Ordered by path and document. Such files never stop the others.
   */
  problems(options?: CallOptions): Promise<readonly FileProblem[]>
  /** Frees what the storage holds; idempotent. Nothing that was written is lost. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** A raw storage that finds documents wherever they lie, and can be told where they lie. */
export interface MappedRawStorage extends RawStorage {
  /**
   * Files that this storage is told about, beside or instead of those that it finds: the files are read now.
   * With `scan: 'never'` these are the only ones.
   */
  addMapping(path: string, options?: CallOptions): Promise<void>
  /** Forgets a file and its documents, without touching it. A later scan finds it again. */
  removeMapping(path: string, options?: CallOptions): Promise<void>
  /** Forgets all and reads exactly these files. */
  setMappings(paths: Iterable<string>, options?: CallOptions): Promise<void>
  /** Compares with the files as they are now, and reads those that changed. */
  refresh(options?: CallOptions): Promise<void>
}

/** What a raw storage can do; the rest is refused with a code. */
export interface RawCapabilities {
  /** Writes and deletes; without it they are `READ_ONLY`. */
  readonly write: boolean
  /** A new key gets a file; without it writing one is `NOT_TRACKED`. */
  readonly create: boolean
  /** A file may hold several documents. */
  readonly multipleDocuments: boolean
}

/** A document that is stored, without its bytes. */
export interface RawEntry {
  readonly key: ObjectKey
  /** As the document states it, `example.org/v1`; absent where only the path was looked at. */
  readonly apiVersion: string | undefined
  /** A token of the document's content, equal exactly when the bytes are. Compare it, do not read it. */
  readonly version: string
  readonly location: Location
  /** The line of its file that it begins on, from 1. */
  readonly line: number
  readonly contentType: ContentType
}

export interface RawDocument extends RawEntry {
  readonly bytes: Uint8Array
}

export interface RawWriteOptions extends CallOptions {
  /** The version that must be stored now; `null`: the key must not be stored. Default: whatever is stored. */
  readonly expected?: string | null | undefined
  /** Media type of a new document; chooses the extension of its file. Default `application/yaml`. */
  readonly contentType?: ContentType | undefined
  /** The file for a new document, instead of the one that the template names. Ignored for a stored key. */
  readonly path?: string | undefined
  /** Only plan: every check is made, nothing is written. Default false. */
  readonly dryRun?: boolean | undefined
}

export interface RawDeleteOptions extends CallOptions {
  readonly expected?: string | undefined
  readonly dryRun?: boolean | undefined
}

/** What a write did, or with `dryRun` would do: which bytes of which file. */
export interface RawChange {
  readonly key: ObjectKey
  /** The version after a write; `undefined` after a deletion. */
  readonly version: string | undefined
  readonly location: Location
  readonly file: FileEdit
}

/** One file before and after; `undefined` where there is no file. Equal bytes mean that nothing changed. */
export interface FileEdit {
  readonly path: string
  readonly before: Uint8Array | undefined
  readonly after: Uint8Array | undefined
}
