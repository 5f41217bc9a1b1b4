import { Observable } from 'rxjs'
import type { ObjectEvent, WatchOptions } from './events.ts'

/**
 * A watch as an Observable. Each subscription is a reader of its own; unsubscribing ends it. The watch is asked for
 * the next event when the subscriber has returned from the one before.
 *
 * @example
 * ```ts
 * events: (options) => observeEvents(watch, options),
 * ```
 */
export function observeEvents(
  watch: (options: WatchOptions) => AsyncIterable<ObjectEvent>,
  options: WatchOptions = {},
): Observable<ObjectEvent> {
  return new Observable((subscriber) => {
    const unsubscribed = new AbortController()
    const { signal } = options
    const signals =
      signal === undefined ? unsubscribed.signal : AbortSignal.any([signal, unsubscribed.signal])
    const deliver = async (): Promise<void> => {
      for await (const event of watch({ ...options, signal: signals })) subscriber.next(event)
    }
    deliver().then(
      () => subscriber.complete(),
      (error: unknown) => {
        // An ended subscription is not a failure; an aborted signal of the caller is the end that it asked for.
        if (signals.aborted) subscriber.complete()
        else subscriber.error(error)
      },
    )
    return () => unsubscribed.abort()
  })
}
