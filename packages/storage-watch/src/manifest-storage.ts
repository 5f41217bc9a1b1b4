import type { Clock, Logger, Random } from '@lg/runtime'
import type { EventStorage, Storage, StorageOptions } from '@lg/storage'
import type { PathRuleOptions, Placement } from '@lg/storage-raw'
import type { DirectoryWatcher } from './watcher/directory-watcher.ts'

/**
 * The objects in a directory, and what becomes of them whoever does it. Reads show what has been taken over from the
 * disk: the same that the events lead to. `sync()` brings both up to what is on disk.
 *
 * A file that breaks keeps its last good objects until it is mended. Every write goes to the disk at once and is
 * refused when the file is not as it was read.
 */
export interface ManifestStorage extends Storage, EventStorage {}

export interface ManifestStorageOptions extends Omit<StorageOptions, 'raw'>, PathRuleOptions {
  /** The root of the tree. It may be a symbolic link; links below it are never followed. */
  readonly dir: string
  /** Make the directory when it is missing, instead of `DIRECTORY_MISSING`. Default false. */
  readonly createDirectory?: boolean | undefined
  /** Where files of new objects go: a template such as `{kind}/{namespace}/{name}.yaml`, or a function. Default: nowhere. */
  readonly template?: string | Placement | undefined
  /** Milliseconds without a change after which changes are taken over; a tenth for evident edits. Default 50. */
  readonly quiet?: number | undefined
  /** Milliseconds after which they are taken over although there are more. Default 500. */
  readonly maxWait?: number | undefined
  /**
   * Milliseconds that a file which may be half written must stay as it is: one that is broken, got shorter, misses an
   * object, or ends within a line or behind a key. Default 500.
   */
  readonly settle?: number | undefined
  /** Milliseconds between scans that find what the system did not report; `false`: none. Default 60,000. */
  readonly rescanInterval?: number | false | undefined
  /** Milliseconds between scans while the system reports nothing: at its limits, or without a directory. Default 2,000. */
  readonly pollInterval?: number | undefined
  /** Events that are kept for watches that resume. Default 1024. */
  readonly history?: number | undefined
  /** Larger files, in bytes, are reported and not read. Default 16 MiB. */
  readonly maxFileSize?: number | undefined
  /** Whether a write waits until it would survive a loss of power. Default true. */
  readonly fsync?: boolean | undefined
  /** How changes are noticed. Default: what suits the system. */
  readonly watcher?: DirectoryWatcher | undefined
  readonly clock?: Clock | undefined
  readonly random?: Random | undefined
  readonly logger?: Logger | undefined
}
