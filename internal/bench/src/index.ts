export { compareMilliseconds } from './compare.ts'
export type { Comparison, ComparisonOptions } from './compare.ts'
export { formatMilliseconds, median, medianMilliseconds } from './median.ts'
export type { BenchRow } from './row.ts'
