import { runCases, type Waiver } from '@lg/storage-raw/testing'
import type { StorageHarness } from './harness.ts'
import { readCases } from './read-cases.ts'
import { writeCases } from './write-cases.ts'

/**
 * The contract of `Storage`, for vitest: run it in a test file of the adapter.
 *
 * @example
 * ```ts
 * storageConformance({
 *   name: 'memory',
 *   create: async () => {
 *     const serializer = createSerializer({ scheme: conformanceScheme() })
 *     const storage = createStorage({ raw: createMemoryRawStorage(), serializer })
 *     return { storage, close: () => storage.close() }
 *   },
 * })
 * ```
 */
export function storageConformance(subject: {
  readonly name: string
  /** A storage with nothing in it, that serves the kinds of `conformanceScheme`. */
  create(): Promise<StorageHarness>
  readonly waive?: readonly Waiver[]
}): void {
  runCases(
    `storage: ${subject.name}`,
    { ...readCases, ...writeCases },
    {
      create: () => subject.create(),
      waive: subject.waive,
    },
  )
}
