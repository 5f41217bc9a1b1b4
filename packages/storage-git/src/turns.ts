import { abortable, type CallOptions, type Clock } from '@lg/runtime'

/** The right to bring a commit to the base, one transaction after the other. */
export interface Turns {
  /** Waits until all who asked before are done. */
  take(options?: CallOptions): Promise<Turn>
}

export interface Turn {
  /** Idempotent. */
  end(): void
}

/**
 * A turn is kept while a callback runs again, so that a transaction that lost once is not overtaken by its own
 * neighbours for ever. One that takes longer than `patience` milliseconds loses its turn, not its right to go on:
 * its callback may be waiting for one of those behind it.
 */
export function createTurns(clock: Clock, patience: number): Turns {
  let last: Promise<void> = Promise.resolve()
  return {
    async take({ signal } = {}) {
      const ended = new AbortController()
      const end = (): void => ended.abort()
      const before = last
      last = before.then(() => clock.sleep(patience, { signal: ended.signal }).catch(() => {}))
      try {
        await abortable(before, signal)
      } catch (error) {
        end()
        throw error
      }
      return { end }
    },
  }
}
