import type { Clock, Random } from '@lg/runtime'

/** One moment ahead at which something is due. */
export interface Timer {
  /** When it is due, in milliseconds since the epoch; for showing, not for deciding. */
  readonly due: number
  /** Replaces the moment that was planned before. */
  plan(delay: number): void
  stop(): void
}

export function createTimer(clock: Clock, onDue: () => void): Timer {
  let planned: AbortController | undefined
  let due = 0
  const stop = (): void => planned?.abort()

  async function wait(delay: number, signal: AbortSignal): Promise<void> {
    try {
      await clock.sleep(delay, { signal })
    } catch (error) {
      if (signal.aborted) return
      throw error
    }
    if (!signal.aborted) onDue()
  }

  return {
    get due() {
      return due
    },
    plan(delay) {
      stop()
      planned = new AbortController()
      due = clock.now() + delay
      void wait(delay, planned.signal)
    },
    stop,
  }
}

const firstRetry = 1_000
const lastRetry = 5 * 60_000

/**
 * How long to wait after the given number of failures in a row: doubling from one second (or the interval,
 * when that is shorter) to five minutes (or the interval, when that is longer), less up to half of it by
 * chance, so that many clients of one remote do not come back at the same time.
 */
export function retryDelay(
  failures: number,
  { interval, random }: { interval: number; random: Random },
): number {
  const first = Math.min(firstRetry, interval)
  const ceiling = Math.min(first * 2 ** (failures - 1), Math.max(lastRetry, interval))
  return Math.ceil(ceiling * (1 - random.fraction() / 2))
}
