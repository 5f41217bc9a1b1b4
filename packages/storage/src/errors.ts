import {
  defineErrors,
  type ErrorFamily,
  type GroupKind,
  type GroupVersionKind,
  type ObjectKey,
} from '@lg/runtime'
import type { FileProblem, Location } from '@lg/storage-raw'
import type { TargetStatus } from './target-status.ts'

/** The codes of `@lg/storage`. Those of the raw storage (`NOT_FOUND`, `CONFLICT`, ...) pass through unchanged. */
export interface StorageErrors {
  /** `find` matched nothing. */
  NOT_FOUND: { readonly kind: GroupKind }
  /** `find` matched several objects. */
  AMBIGUOUS_FIND: {
    readonly kind: GroupKind
    readonly matches: readonly { readonly key: ObjectKey; readonly location: Location }[]
  }
  /** Type and metadata alone cannot be stored: the rest would be lost. */
  PARTIAL_OBJECT: { readonly key: ObjectKey }
  /** A validator refused the write. */
  REJECTED: { readonly key: ObjectKey; readonly validator: string; readonly reason: string }
  /** The file of one key holds the object of another. */
  KEY_MISMATCH: { readonly key: ObjectKey; readonly stated: ObjectKey; readonly location: Location }
  /** An object for a client of another kind, or of another version. */
  WRONG_KIND: { readonly expected: GroupVersionKind; readonly actual: GroupVersionKind }
  /** A patch would give the object another key. */
  KEY_CHANGED: { readonly key: ObjectKey; readonly changed: ObjectKey }
  /** The storage has no secondary index of this name. */
  UNKNOWN_INDEX: { readonly name: string; readonly known: readonly string[] }
  /** The function of a secondary index threw for an object, or gave no list. */
  INDEX_FAILED: { readonly index: string; readonly key: ObjectKey }
  /** Not a continue token of this list. */
  INVALID_CONTINUE: { readonly token: string; readonly reason: string }
  /** What is listed changed since the page before; list again from the start. */
  CONTINUE_EXPIRED: { readonly kind: GroupKind }
  /** A file that cannot be served; reported by events, never thrown. */
  FILE_PROBLEM: { readonly problem: FileProblem }
  /** Targets of a sync storage are not equal to its source; each error is that of one object. */
  SYNC_FAILED: { readonly targets: readonly TargetStatus[] }
  /** An object is kept in a target of a sync storage: the source has files that cannot be read, and may hold it. */
  DELETION_HELD: { readonly key: ObjectKey; readonly problems: readonly FileProblem[] }
  /** The position is not known any more; watch again from the start. */
  EXPIRED: { readonly position: string }
  /** A call after `close()`. */
  CLOSED: { readonly what: string }
  /** A reader of events lagged further behind than its buffer. */
  WATCH_OVERFLOW: { readonly buffer: number }
}

export type StorageErrorCode = keyof StorageErrors

export const storageErrors: ErrorFamily<StorageErrors> = defineErrors()
