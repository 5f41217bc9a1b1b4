import type { Clock } from '@lg/runtime'
import { createDiskTree } from './directory/disk-tree.ts'
import { createLayoutRawStorage, type LayoutOptions } from './template-layout.ts'
import type { RawStorage } from './raw-storage.ts'

export interface DirectoryRawStorageOptions extends LayoutOptions {
  /** The root. It may be missing, then it is made with the first file. */
  readonly dir: string
  /** Whether a write waits until it would survive a loss of power. Default true. */
  readonly fsync?: boolean | undefined
  readonly clock?: Clock | undefined
}

/**
 * A directory with one object in each file, at a path that follows from its key. Deleting the last object of a folder
 * removes the folder.
 *
 * @throws {LgError} `INVALID_TEMPLATE`.
 * @example
 * ```ts
 * const raw = createDirectoryRawStorage({ dir: 'data' }) // data/Car.example.org/default/foo/metadata.yaml
 * ```
 */
export function createDirectoryRawStorage(options: DirectoryRawStorageOptions): RawStorage {
  const { dir, fsync, clock } = options
  return createLayoutRawStorage(createDiskTree({ dir, fsync, clock, pruneFolders: true }), options)
}
