import { median } from './median.ts'

export interface Comparison {
  /** Median milliseconds. */
  readonly ours: number
  readonly theirs: number
}

export interface ComparisonOptions {
  /** How often each counts. Default 5. */
  readonly times?: number
  /** Rounds before that, which do not count: the compiler needs some. Default 1. */
  readonly warmUps?: number
  /** Awaited before each round, and not counted. */
  readonly before?: (round: number) => unknown
}

type Work = (round: number) => unknown

/** Two pieces of work that take turns, and turns at being first: whatever else the machine does meets both alike. */
export async function compareMilliseconds(
  ours: Work,
  theirs: Work,
  { times = 5, warmUps = 1, before }: ComparisonOptions = {},
): Promise<Comparison> {
  const durations = new Map<Work, number[]>([
    [ours, []],
    [theirs, []],
  ])
  for (let round = 0; round < warmUps + times; round++) {
    await before?.(round)
    for (const work of round % 2 === 0 ? [ours, theirs] : [theirs, ours]) {
      const start = performance.now()
      await work(round)
      if (round >= warmUps) durations.get(work)?.push(performance.now() - start)
    }
  }
  return { ours: median(durations.get(ours) ?? []), theirs: median(durations.get(theirs) ?? []) }
}
