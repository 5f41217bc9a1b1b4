export { runCases } from './case.ts'
export type { Case, Waiver } from './case.ts'
export { rawStorageConformance } from './raw-storage-conformance.ts'
export type { RawStorageCase, RawStorageHarness } from './raw-storage-conformance.ts'
