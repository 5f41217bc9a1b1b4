import type { CallOptions } from '@lg/runtime'

/**
 * Knows when something happens below a directory. It may report too much, too often and late; what it misses is found
 * by the next scan.
 */
export interface DirectoryWatcher {
  /**
   * Begins to watch. What happens after it resolved is reported, also in folders that come later.
   *
   * @throws {LgError} `WATCH_LIMIT`, `WATCH_FAILED`.
   */
  watch(request: WatchRequest): Promise<WatchedDirectory>
}

export interface WatchRequest extends CallOptions {
  /** Absolute. */
  readonly dir: string
  /** False for a folder (its path from the root, with `/`) that need not be watched. */
  readonly enters: (folder: string) => boolean
  /** Told the path, from the root, of what may have come, changed or gone: a file, or a folder with all below it. */
  readonly changed: (path: string, type: 'file' | 'folder') => void
  /** Told that something happened, but not where. */
  readonly missed: () => void
  /** Told, once, that nothing will be reported any more: the root is another one or gone, or watching failed. */
  readonly ended: (error?: Error) => void
}

export interface WatchedDirectory {
  /** Frees all that is held, and reports nothing any more. */
  close(): Promise<void>
}
