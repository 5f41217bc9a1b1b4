import { defineErrors, type ErrorFamily } from '@lg/runtime'

/** The codes of `@lg/storage-watch`, beside those of the storages that it stands on. */
export interface StorageWatchErrors {
  /** A read or write before `start()`. */
  NOT_STARTED: { readonly dir: string }
  /** There is no such directory at the start, and none could be made. */
  DIRECTORY_MISSING: { readonly dir: string }
  /** The directory went while it was watched; reported by events. All is well again once it is back. */
  DIRECTORY_GONE: { readonly dir: string }
  /** The system watches no more folders; reported by events. `setting` is what raises the limit. */
  WATCH_LIMIT: { readonly dir: string; readonly setting: string }
  /** The system's watching failed; reported by events. */
  WATCH_FAILED: { readonly dir: string; readonly reason: string }
  /** A write to a file whose text is broken: what is served is its last good state. */
  FILE_BROKEN: { readonly path: string; readonly line: number }
  /** A call after `close()`. */
  CLOSED: { readonly dir: string }
}

export type StorageWatchErrorCode = keyof StorageWatchErrors

export const storageWatchErrors: ErrorFamily<StorageWatchErrors> = defineErrors()
