import { abortable, type CallOptions } from '@lg/runtime'
import { storageErrors } from '@lg/storage'
import { filter, firstValueFrom, startWith, Subject } from 'rxjs'

/** What happened, in order, for readers that each go at their own pace. */
export interface EventLog<Entry> {
  /** The number of the next entry. */
  readonly end: number
  /** Adds what happened at once; all readers that are up hear of it. */
  append(entries: readonly Entry[]): void
  /** The place behind an entry, for {@link resume}. */
  position(entry: number): string
  /**
   * The number of the first entry after a position.
   *
   * @throws {LgError} `EXPIRED`.
   */
  resume(position: string): number
  /** A reader that begins at an entry. */
  open(from: number, buffer: number): LogReader<Entry>
  /** Resolves when every reader has asked for what comes after the entries that there are now. */
  delivered(options?: CallOptions): Promise<void>
  /** Ends all readers. */
  close(): void
}

interface LogReader<Entry> {
  /** The next entry: `overflow` when the reader lagged too far behind, `undefined` when the log ended. */
  next(
    options: CallOptions,
  ): Promise<{ readonly number: number; readonly entry: Entry } | 'overflow' | undefined>
  /** Goes on from an entry, after an overflow. */
  restart(from: number): void
  close(): void
}

interface Cursor {
  next: number
  /** The entries before this one have been dealt with. */
  done: number
  readonly buffer: number
  overflowed: boolean
}

/**
 * @param options.name tells the positions of this log from those of others.
 * @param options.history entries that are kept for readers that come back.
 */
export function createEventLog<Entry>(options: {
  readonly name: string
  readonly history: number
}): EventLog<Entry> {
  const { name, history } = options
  let entries: Entry[] = []
  /** The number of the first entry that is kept. */
  let first = 0
  const cursors = new Set<Cursor>()
  const progress = new Subject<void>()
  let closed = false

  const end = (): number => first + entries.length
  const trim = (): void => {
    let needed = end() - history
    for (const { next, overflowed } of cursors) if (!overflowed) needed = Math.min(needed, next)
    // Seldom, since each time copies what stays.
    if (needed - first <= entries.length / 2) return
    entries = entries.slice(needed - first)
    first = needed
  }
  const until = async (isDone: () => boolean, { signal }: CallOptions): Promise<void> => {
    if (isDone()) return signal?.throwIfAborted()
    const done = progress.pipe(startWith(undefined), filter(isDone))
    await abortable(firstValueFrom(done, { defaultValue: undefined }), signal)
  }

  return {
    get end() {
      return end()
    },
    append(added) {
      // A reader that is up gets all of it, however much it is: that is held once for everybody.
      for (const cursor of cursors) if (end() - cursor.next > cursor.buffer) cursor.overflowed = true
      for (const entry of added) entries.push(entry)
      trim()
      progress.next()
    },
    position: (entry) => `${name}-${entry + 1}`,
    resume(position) {
      const [of, count = ''] = position.split(/-(?=\d+$)/)
      const entry = Number(count)
      if (of === name && count !== '' && entry >= first && entry <= end()) return entry
      const reason = 'it is too old, or of another process'
      const message = `The position ${position.slice(0, 80)} cannot be resumed from: ${reason}; watch again from the start`
      throw storageErrors.create('EXPIRED', message, { position })
    },
    open(from, buffer) {
      const cursor: Cursor = { next: from, done: 0, buffer, overflowed: false }
      cursors.add(cursor)
      return {
        async next({ signal }) {
          signal?.throwIfAborted()
          cursor.done = cursor.next
          progress.next()
          await until(() => closed || cursor.overflowed || cursor.next < end(), { signal })
          if (closed) return undefined
          if (cursor.overflowed) return 'overflow'
          const number = cursor.next++
          return { number, entry: entries[number - first] as Entry }
        },
        restart(number) {
          cursor.next = number
          cursor.overflowed = false
        },
        close() {
          cursors.delete(cursor)
          progress.next()
        },
      }
    },
    async delivered(call = {}) {
      const wanted = end()
      const waiting = [...cursors]
      const isUp = (cursor: Cursor): boolean => !cursors.has(cursor) || cursor.done >= wanted
      await until(() => closed || waiting.every(isUp), call)
    },
    close() {
      closed = true
      progress.next()
    },
  }
}
