import { defineErrors, type ErrorFamily, type ObjectKey } from '@lg/runtime'
import type { Location } from './location.ts'

/** The codes of the raw storages; every adapter maps its medium's failures to these. */
export interface RawStorageErrors {
  /** Nothing is stored under this key. */
  NOT_FOUND: { readonly key: ObjectKey }
  /** A new key was expected, but it is stored already. */
  ALREADY_EXISTS: { readonly key: ObjectKey; readonly location: Location }
  /** The stored version is another than the caller expects. `actual` is absent when nothing is stored. */
  CONFLICT: { readonly key: ObjectKey; readonly expected: string; readonly actual: string | undefined }
  /** A new key, and neither a path nor a template says where its file goes. */
  NOT_TRACKED: { readonly key: ObjectKey }
  /** The bytes to write are not exactly one document of this key. */
  DOCUMENT_MISMATCH: { readonly key: ObjectKey; readonly path: string; readonly reason: string }
  /** A path that lg never hands to a file system or to Git. */
  INVALID_PATH: { readonly path: string; readonly reason: string }
  /** A file is where a folder is needed, or names differ only in case on a disk that does not tell them apart. */
  PATH_COLLISION: { readonly path: string; readonly existing: string }
  /** A path template that cannot be read back. */
  INVALID_TEMPLATE: { readonly template: string; readonly reason: string }
  /** The storage, or this kind of place in it, cannot be written. */
  READ_ONLY: { readonly reason: string }
  /** The medium failed: `reason` is the system's code, such as `ENOSPC` or `EACCES`. What was stored is still there. */
  IO_FAILED: { readonly path: string; readonly operation: string; readonly reason: string }
  /** A file larger than the limit of the storage; nothing of it was read. Both in bytes. */
  TOO_LARGE: { readonly path: string; readonly size: number; readonly limit: number }
  /** A call after `close()`. */
  CLOSED: { readonly what: string }
}

export type RawStorageErrorCode = keyof RawStorageErrors

export const rawStorageErrors: ErrorFamily<RawStorageErrors> = defineErrors()
