import { runCases, type Waiver } from './case.ts'
import type { RawStorageHarness } from './harness.ts'
import { outsideCases } from './outside-cases.ts'
import { readCases } from './read-cases.ts'
import { severalDocumentsCases } from './several-documents-cases.ts'
import { writeCases } from './write-cases.ts'

/**
 * The contract of `RawStorage`, for vitest: run it in a test file of the adapter.
 *
 * @example
 * ```ts
 * rawStorageConformance({ name: 'memory', create: async () => ({ storage: createMemoryRawStorage(), close: async () => {} }) })
 * ```
 */
export function rawStorageConformance(subject: {
  readonly name: string
  /** A storage with nothing in it, that gives a file to each new key. */
  create(): Promise<RawStorageHarness>
  /** Files may hold several documents: the cases for that run too, and `outside` is needed. Default false. */
  readonly multipleDocuments?: boolean
  readonly waive?: readonly Waiver[]
}): void {
  const { name, multipleDocuments = false } = subject
  const cases = { ...readCases, ...writeCases, ...outsideCases }
  runCases(`raw storage: ${name}`, multipleDocuments ? { ...cases, ...severalDocumentsCases } : cases, {
    create: () => subject.create(),
    waive: subject.waive,
  })
}
