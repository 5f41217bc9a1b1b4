import type { Clock } from '@lg/runtime'

/** A clock on which nobody waits. */
export interface SkippingClock extends Clock {
  /** Milliseconds of each sleep that was skipped, in order. */
  readonly waits: readonly number[]
}

/**
 * A {@link Clock} whose time jumps to the end of each sleep at once, for tests of what waits between attempts. Sleeps
 * of `longest` milliseconds or more are limits rather than waits: they never end, unless they are aborted.
 *
 * @example
 * ```ts
 * const clock = createSkippingClock()
 * await createGitHubProvider({ token, clock }).list({ repository })
 * expect(clock.waits).toEqual([60_000])
 * ```
 */
export function createSkippingClock({
  now = Date.UTC(2024, 0, 1),
  longest = Infinity,
}: { readonly now?: number; readonly longest?: number } = {}): SkippingClock {
  let time = now
  const waits: number[] = []
  return {
    waits,
    now: () => time,
    sleep: (ms, { signal } = {}) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted()
        if (ms >= longest) {
          signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
          return
        }
        waits.push(ms)
        time += ms
        resolve()
      }),
  }
}
