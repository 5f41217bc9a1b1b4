import { createMemoryTree } from './memory-tree.ts'
import type { RawStorage } from './raw-storage.ts'
import { createLayoutRawStorage, type LayoutOptions } from './template-layout.ts'

/**
 * Documents that live as long as the process, laid out as in a directory. For tests and for programs that need no disk.
 *
 * @throws {LgError} `INVALID_TEMPLATE`.
 */
export function createMemoryRawStorage(options: LayoutOptions = {}): RawStorage {
  return createLayoutRawStorage(createMemoryTree(), options)
}
