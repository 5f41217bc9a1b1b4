export { storageConformance } from './storage-conformance.ts'
export type { StorageHarness } from './harness.ts'
export { conformanceScheme, Region, region, unknownKind, Widget, widget } from './kinds.ts'
