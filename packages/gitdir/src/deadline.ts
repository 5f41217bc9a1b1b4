import { gitErrors } from '@lg/git'
import type { CallOptions, Clock } from '@lg/runtime'
import type { CountBytes, GitDirectoryMetric, Measure } from './metric.ts'

/** Runs one git operation within the time that is allowed for it. */
export type Operate = <T>(
  /** For the measure, and for the message: `Fetching main from https://...`. */
  operation: readonly [GitDirectoryMetric['operation'], string],
  work: (signal: AbortSignal, count: CountBytes) => Promise<T>,
  options?: CallOptions,
) => Promise<T>

export interface DeadlineOptions {
  readonly clock: Clock
  readonly timeout: number
  readonly measure: Measure
}

/**
 * @throws {LgError} `TIMEOUT` after `timeout` milliseconds. The work is aborted and waited for.
 */
export function createDeadline({ clock, timeout, measure }: DeadlineOptions): Operate {
  return async ([name, operation], work, { signal } = {}) => {
    signal?.throwIfAborted()
    const running = new AbortController()
    const forward = (): void => running.abort(signal?.reason)
    signal?.addEventListener('abort', forward, { once: true })

    const waiting = new AbortController()
    const expire = (): void => {
      const message = `${operation} took longer than ${timeout} ms; raise the option timeout if it needs that long`
      running.abort(gitErrors.create('TIMEOUT', message, { operation, timeout }))
    }
    // Rejects when the work was faster (then nobody listens any more), or when the clock itself fails.
    clock.sleep(timeout, { signal: waiting.signal }).then(expire, (error: unknown) => running.abort(error))

    try {
      return await measure(name, signal, (count) => work(running.signal, count))
    } finally {
      waiting.abort()
      signal?.removeEventListener('abort', forward)
    }
  }
}
