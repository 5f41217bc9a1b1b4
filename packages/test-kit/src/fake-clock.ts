import type { CallOptions, Clock } from '@lg/runtime'
import { createWaiters } from './waiters.ts'

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  /**
   * Moves the time forward. Sleepers wake in the order in which they are due, each at its own time; what a
   * wake sets off through promises, new sleeps included, has run before the next one wakes.
   * Work that needs the outside world (files, sockets, processes) is not waited for.
   */
  advance(ms: number): Promise<void>
  /** How many sleep. */
  pending(): number
  /** For each sleeper how many milliseconds it has left, shortest first. */
  remaining(): number[]
  /** Resolves as soon as at least `count` sleep. */
  waitForSleepers(count: number, options?: CallOptions): Promise<void>
}

interface Sleeper {
  readonly due: number
  readonly wake: () => void
}

/**
 * A {@link Clock} for tests, so that they need no sleeps of their own.
 *
 * `now` is where it starts, in milliseconds since the epoch; 2024-01-01T00:00:00Z by default. A sleep of no
 * time ends at once. Calls of `advance` run one after the other.
 *
 * @example
 * ```ts
 * const clock = createFakeClock()
 * const directory = createGitDirectory({ git, repository, clock, interval: 30_000 })
 * await clock.waitForSleepers(1)
 * await clock.advance(30_000)
 * ```
 */
export function createFakeClock({ now = Date.UTC(2024, 0, 1) }: { readonly now?: number } = {}): FakeClock {
  let time = now
  let sleepers: readonly Sleeper[] = []
  let advanced: Promise<void> = Promise.resolve()
  const waiters = createWaiters()

  const remove = (sleeper: Sleeper): void => {
    sleepers = sleepers.filter((other) => other !== sleeper)
  }

  const moveTo = async (target: number): Promise<void> => {
    await settle()
    for (let next = sleepers[0]; next !== undefined && next.due <= target; next = sleepers[0]) {
      time = next.due
      next.wake()
      await settle()
    }
    time = target
  }

  return {
    now: () => time,
    sleep: (ms, { signal } = {}) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted()
        if (!(ms > 0)) return resolve()
        const abort = (): void => {
          remove(sleeper)
          reject(signal?.reason)
        }
        const sleeper: Sleeper = {
          due: time + ms,
          wake() {
            remove(sleeper)
            signal?.removeEventListener('abort', abort)
            resolve()
          },
        }
        signal?.addEventListener('abort', abort)
        // The sort is stable: those due at the same time wake in the order in which they fell asleep.
        sleepers = [...sleepers, sleeper].sort((a, b) => a.due - b.due)
        waiters.notify()
      }),
    advance(ms) {
      if (!(ms >= 0)) return Promise.reject(new RangeError(`A clock cannot be advanced by ${ms} ms`))
      advanced = advanced.then(() => moveTo(time + ms))
      return advanced
    },
    pending: () => sleepers.length,
    remaining: () => sleepers.map((sleeper) => sleeper.due - time),
    async waitForSleepers(count, options) {
      await waiters.until(() => sleepers.length >= count || undefined, options)
    },
  }
}

/** The next turn of the event loop begins only when no promise is left to continue. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
