import type { CallOptions } from '@lg/runtime'

/** Promises that wait for a state, settled by the change itself and not by polling. */
export interface Waiters {
  /** Resolves with the first value that `check` gives: now, or at one of the next notifications. */
  until<T>(check: () => T | undefined, options?: CallOptions): Promise<T>
  /** Looks at every waiting check again. */
  notify(): void
}

export function createWaiters(): Waiters {
  const waiting = new Set<() => void>()
  return {
    until: <T>(check: () => T | undefined, { signal }: CallOptions = {}) =>
      new Promise<T>((resolve, reject) => {
        signal?.throwIfAborted()
        const settle = (): boolean => {
          const value = check()
          if (value === undefined) return false
          resolve(value)
          return true
        }
        if (settle()) return
        const stop = (): void => {
          waiting.delete(look)
          signal?.removeEventListener('abort', abort)
        }
        const abort = (): void => {
          stop()
          reject(signal?.reason)
        }
        const look = (): void => {
          try {
            if (settle()) stop()
          } catch (error) {
            stop()
            reject(error)
          }
        }
        waiting.add(look)
        signal?.addEventListener('abort', abort)
      }),
    notify() {
      for (const look of waiting) look()
    },
  }
}
