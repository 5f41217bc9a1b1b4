import { lstat, readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { AsyncSubscription, BackendType, Event } from '@parcel/watcher'
import type { DirectoryWatcher, WatchRequest } from './directory-watcher.ts'
import { watchError } from './watch-error.ts'

/** Named, since otherwise each first subscription starts a process that looks for Watchman, and leaves it behind. */
const backends: Readonly<Partial<Record<NodeJS.Platform, BackendType>>> = {
  darwin: 'fs-events',
  win32: 'windows',
  linux: 'inotify',
}

/** Watches whole trees where the system can: macOS and Windows. */
export function createParcelWatcher(): DirectoryWatcher {
  return { watch: watchTree }
}

async function watchTree(request: WatchRequest): ReturnType<DirectoryWatcher['watch']> {
  const { dir, enters, changed, ended, signal } = request
  let closed = false
  let subscription: AsyncSubscription | undefined

  const end = (error?: Error): void => {
    if (closed) return
    closed = true
    void unsubscribe()
    ended(error)
  }
  const unsubscribe = async (): Promise<void> => {
    try {
      await subscription?.unsubscribe()
    } catch {
      // The root is gone, and with it what there was to unsubscribe from.
    }
  }
  /** The system tells of a folder that was moved in, not of what is in it. */
  const reportBelow = async (folder: string): Promise<void> => {
    const entries = await readdir(join(dir, folder), { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const path = `${folder}/${entry.name}`
      if (!entry.isDirectory()) changed(path, 'file')
      else if (enters(path)) await reportBelow(path)
    }
  }
  const heard = async ({ path: absolute, type }: Event): Promise<void> => {
    const path = relative(dir, absolute).split(sep).join('/')
    if (path === '') return type === 'delete' ? end() : undefined
    if (type !== 'create') return changed(path, type === 'delete' ? 'folder' : 'file')
    const stats = await lstat(absolute).catch(() => undefined)
    if (closed) return
    const isFolder = stats?.isDirectory() ?? false
    changed(path, isFolder ? 'folder' : 'file')
    if (isFolder && enters(path)) await reportBelow(path)
  }

  signal?.throwIfAborted()
  try {
    const { subscribe } = (await import('@parcel/watcher')).default
    const backend = backends[process.platform]
    const report = (error: Error | null, events: readonly Event[]): void => {
      if (closed) return
      if (error !== null) return end(watchError(dir, error))
      for (const event of events) void heard(event)
    }
    subscription = await subscribe(dir, report, { ignore: ['**/.git'], ...(backend && { backend }) })
  } catch (error) {
    throw watchError(dir, error)
  }
  return {
    async close() {
      if (closed) return
      closed = true
      await unsubscribe()
    },
  }
}
