import type { CallOptions } from '@lg/runtime'

/** Work that several callers wait for together. */
export interface Shared<T> {
  /**
   * Waits for the run that still takes callers, or starts one. A caller whose signal aborts leaves; when the
   * last one leaves, the run itself is aborted and has ended when that caller's promise rejects.
   */
  join(options?: CallOptions): Promise<T>
  /** Aborts every run and waits for their ends; how they ended is for those who joined. */
  cancel(reason: unknown): Promise<void>
}

export interface Run {
  readonly signal: AbortSignal
  /** From here on the run takes no more callers: the next one starts a run of its own. */
  readonly seal: () => void
}

interface Flight<T> extends Run {
  readonly abort: (reason: unknown) => void
  readonly done: Promise<T>
  waiting: number
}

export function createShared<T>(work: (run: Run) => Promise<T>): Shared<T> {
  let joinable: Flight<T> | undefined
  const flights = new Set<Flight<T>>()

  function takeOff(): Flight<T> {
    const controller = new AbortController()
    const { signal } = controller
    const seal = (): void => {
      if (joinable === flight) joinable = undefined
    }
    const abort = (reason: unknown): void => {
      seal()
      controller.abort(reason)
    }
    // The work begins after the current turn, so that all who ask in one turn share it.
    const done = Promise.resolve()
      .then(() => work({ signal, seal }))
      .finally(() => {
        seal()
        flights.delete(flight)
      })
    const flight: Flight<T> = { signal, seal, abort, done, waiting: 0 }
    flights.add(flight)
    return flight
  }

  return {
    join: ({ signal } = {}) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted()
        const flight = (joinable ??= takeOff())
        flight.waiting++
        const leave = (): void => {
          flight.waiting--
          if (flight.waiting === 0) flight.abort(signal?.reason)
          else reject(signal?.reason)
        }
        signal?.addEventListener('abort', leave, { once: true })
        const stay = (): void => signal?.removeEventListener('abort', leave)
        flight.done.finally(stay).then(resolve, reject)
      }),
    async cancel(reason) {
      const ending = [...flights]
      for (const flight of ending) flight.abort(reason)
      await Promise.allSettled(ending.map(({ done }) => done))
    },
  }
}
