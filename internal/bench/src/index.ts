export { formatMilliseconds, medianMilliseconds } from './median.ts'
export type { BenchRow } from './row.ts'
