import { isLgError, type Clock } from '@lg/runtime'
import { createQueue } from '@lg/storage-raw'
import { storageWatchErrors } from './errors.ts'
import { createBatches, type Batch } from './files/batches.ts'
import type { Trust } from './files/settle.ts'
import { identifyDirectory } from './root-directory.ts'
import type { DirectoryWatcher, WatchedDirectory } from './watcher/directory-watcher.ts'
import { watchError } from './watcher/watch-error.ts'

/** Which files to compare with what is known; `all` for every file there is. */
export interface Look {
  readonly paths: 'all' | Iterable<string>
  readonly trust: Trust
}

export interface FollowerOptions {
  /** Absolute. */
  readonly dir: string
  readonly watcher: DirectoryWatcher
  readonly enters: (folder: string) => boolean
  readonly look: (look: Look) => Promise<void>
  /** The paths of known files below folders. */
  readonly below: (folders: ReadonlySet<string>) => Iterable<string>
  readonly report: (error: Error) => void
  readonly clock: Clock
  readonly quiet: number
  readonly maxWait: number
  /** Milliseconds between scans beside the watching; `false`: none. */
  readonly rescanInterval: number | false
  /** Milliseconds between scans while nothing can be watched. */
  readonly pollInterval: number
  /** Ends it all. */
  readonly signal: AbortSignal
}

/** A watching that failed is tried again with every so-manieth scan: at 10,000 folders a try takes a while. */
const triesApart = 30
const never = Number.MAX_SAFE_INTEGER

/** Keeps what is known of a directory in step with it. */
export interface Follower {
  /** Watches, and then looks at all files: what happens meanwhile is not missed. */
  start(): Promise<void>
  look(look: Look): Promise<void>
  /** What keeps it from watching, for those who ask later. */
  failures(): readonly Error[]
  close(): Promise<void>
}

export function createFollower(options: FollowerOptions): Follower {
  const { dir, watcher, enters, below, report, clock, rescanInterval, pollInterval, signal } = options
  const queue = createQueue()
  let watched: WatchedDirectory | undefined
  let root: string | undefined
  let wake = new AbortController()
  let following: Promise<void> = Promise.resolve()

  /** Why nothing is watched, and how often that was found since. */
  let failure: Error | undefined
  let tries = 0
  const fail = (error: unknown): void => {
    const reason = isLgError(error) ? error : watchError(dir, error)
    if (failure === undefined) report(reason)
    failure = reason
  }

  const look = (request: Look): Promise<void> => queue.run(() => options.look(request))
  const orReport = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!signal.aborted) report(error as Error)
    }
  }
  const lookOrReport = (request: Look): Promise<void> => orReport(() => look(request))
  const batches = createBatches({
    ...options,
    preview: (files) => lookOrReport({ paths: files, trust: 'evident' }),
    handle: async ({ files, folders, isBurst }: Batch) => {
      const known = folders.size === 0 ? [] : below(folders)
      await lookOrReport({ paths: isBurst ? 'all' : [...files, ...known], trust: 'likely' })
    },
  })

  const beginWatching = async (): Promise<void> => {
    root = await identifyDirectory(dir)
    if (root === undefined) return
    try {
      watched = await watcher.watch({
        dir,
        enters,
        signal,
        changed: batches.changed,
        missed: batches.missed,
        ended(error) {
          watched = undefined
          if (error !== undefined) fail(error)
          wake.abort()
        },
      })
      failure = undefined
      tries = 0
    } catch (error) {
      signal.throwIfAborted()
      fail(error)
      tries++
    }
  }
  const stopWatching = async (): Promise<void> => {
    await watched?.close()
    watched = undefined
  }

  /** Sees to it that the directory that is there is the one that is watched. */
  const attend = async (): Promise<void> => {
    const now = await identifyDirectory(dir)
    if (now === undefined && root !== undefined) {
      const text = `${dir} is gone; its objects are too, until it is back`
      report(storageWatchErrors.create('DIRECTORY_GONE', text, { dir }))
    }
    if (now !== root) await stopWatching()
    root = now
    const isDue = tries % triesApart === 0
    if (!isDue) tries++
    else if (watched === undefined && now !== undefined) await beginWatching()
  }

  const pause = async (): Promise<void> => {
    const interval = watched === undefined ? pollInterval : rescanInterval || never
    const woken = AbortSignal.any([signal, wake.signal])
    await clock.sleep(interval, { signal: woken }).catch((error: unknown) => {
      if (signal.aborted || !wake.signal.aborted) throw error
      wake = new AbortController()
    })
  }
  const follow = async (): Promise<void> => {
    for (;;) {
      await pause()
      await orReport(attend)
      await lookOrReport({ paths: 'all', trust: 'likely' })
    }
  }

  return {
    async start() {
      await beginWatching()
      try {
        await look({ paths: 'all', trust: 'any' })
      } catch (error) {
        await stopWatching()
        throw error
      }
      following = follow().catch((error: unknown) => {
        if (!signal.aborted) throw error
      })
    },
    look,
    failures: () => (failure === undefined ? [] : [failure]),
    async close() {
      await stopWatching()
      await following
      await queue.run(async () => {})
    },
  }
}
