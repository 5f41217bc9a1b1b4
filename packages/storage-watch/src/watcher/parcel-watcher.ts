import { lstat, readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { createQueue } from '@lg/storage-raw'
import type { AsyncSubscription, BackendType, Event } from '@parcel/watcher'
import type { DirectoryWatcher, WatchRequest } from './directory-watcher.ts'
import { requireInotify } from './require-inotify.ts'
import { watchError } from './watch-error.ts'

/**
 * Named, since otherwise each first subscription starts a process that looks for Watchman and leaves a descriptor behind.
 * So nothing has to be kept open between watches, which would keep the process alive.
 */
const backends: Readonly<Partial<Record<NodeJS.Platform, BackendType>>> = {
  darwin: 'fs-events',
  win32: 'windows',
  linux: 'inotify',
}

/**
 * Watches whole trees, through `@parcel/watcher`: the default on macOS and Windows. It serves on Linux too, with less
 * memory for each folder, but leaves more to the next scan: see the README.
 */
export function createParcelWatcher(): DirectoryWatcher {
  return { watch: watchTree }
}

async function watchTree(request: WatchRequest): ReturnType<DirectoryWatcher['watch']> {
  const { dir, enters, changed, ended, signal } = request
  const backend = backends[process.platform]
  /** The root, and on Linux each folder that came since: the library loses sight of those that were moved. */
  const subscriptions = new Map<string, AsyncSubscription>()
  const queue = createQueue()
  let closed = false

  const end = (error?: Error): void => {
    if (closed) return
    closed = true
    void queue.run(() => leave(''))
    ended(error)
  }
  const fail = (error: unknown): void => end(watchError(dir, error))
  const subscribe = async (folder: string): Promise<void> => {
    const parcel = (await import('@parcel/watcher')).default
    const report = (error: Error | null, events: readonly Event[]): void => {
      if (error !== null) return fail(error)
      void queue.run(() => hear(events))
    }
    const options = { ignore: ['**/.git'], ...(backend && { backend }) }
    subscriptions.set(folder, await parcel.subscribe(join(dir, folder), report, options))
  }
  const leave = async (folder: string): Promise<void> => {
    for (const [path, subscription] of subscriptions) {
      if (folder !== '' && path !== folder && !path.startsWith(`${folder}/`)) continue
      subscriptions.delete(path)
      // Where the folder is gone, so is what there was to unsubscribe from.
      await subscription.unsubscribe().catch(() => {})
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
  const isFolder = async (path: string): Promise<boolean> => {
    const stats = await lstat(join(dir, path)).catch(() => undefined)
    return stats?.isDirectory() ?? false
  }
  const enter = async (folder: string): Promise<void> => {
    changed(folder, 'folder')
    if (!enters(folder)) return
    if (backend === 'inotify') {
      await leave(folder)
      try {
        await subscribe(folder)
      } catch (error) {
        // Gone meanwhile: its own folder tells of it.
        if (await isFolder(folder)) throw error
      }
    }
    await reportBelow(folder)
  }
  const heard = async ({ path: absolute, type }: Event): Promise<void> => {
    if (closed) return
    const path = relative(dir, absolute).split(sep).join('/')
    if (path === '') return type === 'delete' ? end() : undefined
    if (type === 'delete') {
      changed(path, 'folder')
      return await leave(path)
    }
    if (await isFolder(path)) await enter(path)
    else changed(path, 'file')
  }
  const hear = async (events: readonly Event[]): Promise<void> => {
    try {
      for (const event of events) await heard(event)
    } catch (error) {
      fail(error)
    }
  }
  const close = async (): Promise<void> => {
    closed = true
    await queue.run(() => leave(''))
  }

  signal?.throwIfAborted()
  try {
    if (backend === 'inotify') await requireInotify({ signal })
    await subscribe('')
    signal?.throwIfAborted()
  } catch (error) {
    await close()
    signal?.throwIfAborted()
    throw watchError(dir, error)
  }
  return { close }
}
