import type { Commit, Oid } from '@lg/git'
import { abortable, type CallOptions } from '@lg/runtime'
import type { ObjectEvent, WatchOptions } from '@lg/storage'
import { filter, firstValueFrom, startWith, Subject } from 'rxjs'
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
  const progress = new Subject<void>()
  const ended = new Subject<void>()
  let closed = false

  const isDelivered = (): boolean =>
    [...readers.values()].every((commit) => commit === gitDirectory.head?.oid)

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
            progress.next()
          },
        },
        options,
      )
    } catch (error) {
      // What a watch was reading when the storage was closed under it is no failure, but its end.
      if (!closed) throw error
    } finally {
      readers.delete(reader)
      progress.next()
    }
  }

  return {
    watch,
    async delivered({ signal } = {}) {
      const settled = progress.pipe(startWith(undefined), filter(isDelivered))
      await abortable(firstValueFrom(settled, { defaultValue: undefined }), signal)
    },
    close() {
      closed = true
      ended.next()
      progress.complete()
    },
  }
}
