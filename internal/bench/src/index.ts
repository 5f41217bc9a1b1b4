export { compareMilliseconds } from './compare.ts'
export type { Comparison, ComparisonOptions } from './compare.ts'
export {
  cpuMilliseconds,
  formatMilliseconds,
  median,
  medianCpuMilliseconds,
  medianMilliseconds,
} from './median.ts'
export type { BenchRow } from './row.ts'
