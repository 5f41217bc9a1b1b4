import type { Commit, Oid } from '@lg/git'
import { abortable, type CallOptions } from '@lg/runtime'
import type { ObjectEvent, WatchOptions } from '@lg/storage'
import { filter, firstValueFrom, Subject, tap } from 'rxjs'
import { headAfter } from './head-follower.ts'
import { watchCommits, type WatchTools } from './watch-commits.ts'

/** The readers of a storage's events, and how far each has come. */
export interface Watches {
  watch(options?: WatchOptions): AsyncIterable<ObjectEvent>
  /** Resolves when every reader has all that is on the branch now. */
  delivered(options?: CallOptions): Promise<void>
  /** Ends all readers. */
  close(): void
}

export function createWatches(tools: Omit<WatchTools, 'headAfter' | 'reached'>): Watches {
  const { gitDirectory } = tools
  const readers = new Map<symbol, Oid | undefined>()
  /** Who has all that was on the branch at that moment, or has gone. */
  const progress = new Subject<symbol>()
  const ended = new Subject<void>()
  let closed = false

  async function* watch(options: WatchOptions = {}): AsyncGenerator<ObjectEvent> {
    if (closed) return
    const reader = Symbol('reader')
    readers.set(reader, undefined)
    try {
      yield* watchCommits(
        {
          ...tools,
          headAfter: (seen: Oid | undefined, call: CallOptions): Promise<Commit | undefined> =>
            closed ? Promise.resolve(undefined) : headAfter(gitDirectory, seen, ended, call),
          reached(commit) {
            readers.set(reader, commit)
            progress.next(reader)
          },
        },
        options,
      )
    } catch (error) {
      // What a watch was reading when the storage was closed under it is no failure, but its end.
      if (!closed) throw error
    } finally {
      readers.delete(reader)
      progress.next(reader)
    }
  }

  return {
    watch,
    async delivered({ signal } = {}) {
      const head = gitDirectory.head?.oid
      const behind = new Set([...readers].flatMap(([reader, commit]) => (commit === head ? [] : [reader])))
      if (behind.size === 0) return
      const settled = progress.pipe(
        tap((reader) => behind.delete(reader)),
        filter(() => behind.size === 0),
      )
      await abortable(firstValueFrom(settled, { defaultValue: undefined }), signal)
    },
    close() {
      closed = true
      ended.next()
      progress.complete()
    },
  }
}
