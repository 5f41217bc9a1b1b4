export { runCases } from './case.ts'
export type { Cases, Waiver } from './case.ts'
export { rawStorageConformance } from './raw-storage-conformance.ts'
export type { OutsideFiles, RawStorageHarness } from './raw-storage-conformance.ts'
