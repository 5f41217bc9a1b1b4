import { inspect } from 'node:util'
import type { CallOptions } from '@lg/runtime'
import { createWaiters } from './waiters.ts'

/** What was seen so far, in order. */
export interface Recording<Entry> {
  readonly entries: readonly Entry[]
  /** Resolves with the first entry that matches, seen already or to come. */
  waitFor(matches: (entry: Entry) => boolean, options?: CallOptions): Promise<Entry>
  /** Everything as one text, in full depth and length, for searching. */
  text(): string
  /** Forgets the entries seen so far. */
  clear(): void
}

/** A recording together with the side that writes it. */
export interface Recorder<Entry> {
  readonly recording: Recording<Entry>
  add(entry: Entry): void
  /** Tells those who wait that an entry was completed. */
  changed(): void
}

export function createRecorder<Entry>(): Recorder<Entry> {
  const entries: Entry[] = []
  const waiters = createWaiters()
  return {
    recording: {
      entries,
      waitFor: (matches, options) => waiters.until(() => entries.find(matches), options),
      text: () => entries.map(inspectFully).join('\n'),
      clear() {
        entries.length = 0
      },
    },
    add(entry) {
      entries.push(entry)
      waiters.notify()
    },
    changed: waiters.notify,
  }
}

function inspectFully(value: unknown): string {
  return inspect(value, {
    depth: Infinity,
    maxArrayLength: Infinity,
    maxStringLength: Infinity,
    breakLength: Infinity,
    showHidden: true,
    getters: true,
  })
}
