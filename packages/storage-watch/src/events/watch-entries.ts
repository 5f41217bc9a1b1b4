import type { CallOptions } from '@lg/runtime'
import { storageErrors, type ObjectEvent, type WatchOptions } from '@lg/storage'
import type { IndexedDocument, ObjectIndex } from '@lg/storage-raw'
import { holdDocument, toEvents, type Entry, type ReadState } from './entries.ts'
import type { EventLog } from './event-log.ts'

export interface WatchTools {
  readonly log: EventLog<Entry>
  /** What the entries so far have led to. */
  readonly current: () => { readonly index: ObjectIndex; readonly errors: readonly Error[] }
  readonly serves: (document: IndexedDocument) => boolean
  readonly read: ReadState
}

const defaultBuffer = 1024

/** The events of one reader: what exists, a mark, then what happens, each at its asking. */
export async function* watchEntries(tools: WatchTools, options: WatchOptions): AsyncGenerator<ObjectEvent> {
  const { log, read } = tools
  const { since, buffer = defaultBuffer, overflow = 'relist', signal } = options
  const call: CallOptions = { signal }
  signal?.throwIfAborted()
  let at = since === undefined ? log.end : log.resume(since)
  let unsynced = since === undefined ? undefined : log.end
  const reader = log.open(at, buffer)
  try {
    if (since === undefined) yield* initialEvents(tools, call)
    for (;;) {
      if (unsynced !== undefined && at >= unsynced) {
        unsynced = undefined
        yield { type: 'synced', position: log.position(at - 1) }
      }
      const next = await reader.next(call)
      if (next === undefined) return
      if (next !== 'overflow') {
        yield* await toEvents(next.entry, log.position(next.number), read, call)
        at = next.number + 1
        continue
      }
      if (overflow === 'error') throw overflowed(buffer)
      unsynced = undefined
      yield { type: 'relist', position: log.position(log.end - 1) }
      reader.restart(log.end)
      yield* initialEvents(tools, call)
    }
  } finally {
    reader.close()
  }
}

async function* initialEvents(tools: WatchTools, options: CallOptions): AsyncGenerator<ObjectEvent> {
  const { log, serves, read } = tools
  const { index, errors } = tools.current()
  const position = log.position(log.end - 1)
  // Who stops in the middle has not seen all of it, so this is no place to resume from.
  const within = `${position}-initial`
  for (const document of index.list()) {
    if (!serves(document)) continue
    const state = await read(holdDocument(index, document), options)
    if (state === undefined) continue
    yield 'error' in state ?
      { type: 'error', error: state.error, position: within }
    : { type: 'added', ...state, initial: true, origin: { by: 'other' }, position: within }
  }
  for (const error of errors) yield { type: 'error', error, position: within }
  yield { type: 'synced', position }
}

function overflowed(buffer: number): Error {
  const message = `A reader of events lagged more than ${buffer} events behind; read faster, give it a larger buffer, or let it start over with overflow: 'relist'`
  return storageErrors.create('WATCH_OVERFLOW', message, { buffer })
}
