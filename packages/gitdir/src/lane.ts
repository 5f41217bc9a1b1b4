import type { CallOptions } from '@lg/runtime'

/** One piece of work after the other, in the order asked for. */
export interface Lane {
  run<T>(work: () => Promise<T>): Promise<T>
  /** Resolves when all that was asked for before the call has ended, well or not. */
  idle(options?: CallOptions): Promise<void>
}

export function createLane(): Lane {
  let last: Promise<void> = Promise.resolve()
  return {
    run(work) {
      const result = last.then(work)
      // How it ended is for its own caller; the next one only needs to know that it ended.
      last = result.then(ignore, ignore)
      return result
    },
    idle: ({ signal } = {}) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted()
        const abort = (): void => reject(signal?.reason)
        signal?.addEventListener('abort', abort, { once: true })
        last.finally(() => signal?.removeEventListener('abort', abort)).then(resolve, reject)
      }),
  }
}

function ignore(): void {}
