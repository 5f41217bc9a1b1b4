/**
 * The median duration of `work`, in milliseconds, after one run that does not count.
 *
 * @param times how often it runs; 5 unless told otherwise
 */
export async function medianMilliseconds(work: () => unknown, times = 5): Promise<number> {
  await work()
  const durations: number[] = []
  for (let run = 0; run < times; run++) {
    const start = performance.now()
    await work()
    durations.push(performance.now() - start)
  }
  return median(durations)
}

/** The middle one of some durations. */
export function median(durations: readonly number[]): number {
  return durations.toSorted((a, b) => a - b)[Math.floor(durations.length / 2)] ?? Number.NaN
}

/**
 * As {@link medianMilliseconds}, of the time that this process was computing: what else runs on the machine has less
 * part in it. For work that waits for nothing.
 */
export async function medianCpuMilliseconds(work: () => unknown, times = 5): Promise<number> {
  await work()
  const durations: number[] = []
  for (let run = 0; run < times; run++) {
    durations.push(await cpuMilliseconds(work))
  }
  return median(durations)
}

/** What one run of `work` has the process compute, in all its threads. */
export async function cpuMilliseconds(work: () => unknown): Promise<number> {
  const start = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

/** A duration with as many digits as mean something: `0.042 ms`, `4.1 ms`, `1,210 ms`. */
export function formatMilliseconds(duration: number): string {
  return `${duration.toLocaleString('en', { maximumSignificantDigits: duration < 100 ? 2 : 4 })} ms`
}
