import { watch as watchFolder, type FSWatcher } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { DirectoryWatcher, WatchRequest } from './directory-watcher.ts'
import { watchError } from './watch-error.ts'

/**
 * Watches each folder by itself, for systems that watch no trees (Linux). A folder is watched before it is listed, so
 * that nothing comes in between; one that appears, by whatever way, is watched anew with all below it.
 */
export function createFolderWatcher(): DirectoryWatcher {
  return { watch: watchTree }
}

async function watchTree(request: WatchRequest): ReturnType<DirectoryWatcher['watch']> {
  const { dir, enters, changed, missed, ended, signal } = request
  const folders = new Map<string, FSWatcher>()
  /** Folders that may not be listed, until their permissions change. */
  const locked = new Set<string>()
  const toLookAt = new Set<string>()
  let looking = false
  let closed = false
  signal?.throwIfAborted()

  const close = (): void => {
    closed = true
    for (const watcher of folders.values()) watcher.close()
    folders.clear()
  }
  const end = (error?: Error): void => {
    if (closed) return
    close()
    ended(error)
  }
  const fail = (error: unknown): void => end(watchError(dir, error))

  const leave = (folder: string): void => {
    locked.delete(folder)
    if (!folders.has(folder)) return
    for (const [path, watcher] of folders) {
      if (path !== folder && !path.startsWith(`${folder}/`)) continue
      watcher.close()
      folders.delete(path)
    }
  }
  const enter = async (folder: string, isNew: boolean): Promise<void> => {
    if (closed) return
    try {
      const watcher = watchFolder(join(dir, folder))
      watcher.on('change', (type, name) => heard(folder, type, name as string | null))
      watcher.on('error', fail)
      folders.get(folder)?.close()
      folders.set(folder, watcher)
      const entries = await readdir(join(dir, folder), { withFileTypes: true })
      const inside: string[] = []
      for (const entry of entries) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`
        if (entry.isDirectory()) inside.push(path)
        else if (isNew) changed(path, 'file')
      }
      await Promise.all(inside.filter(enters).map((path) => enter(path, isNew)))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EACCES' || code === 'EPERM') locked.add(folder)
      // Gone meanwhile, or replaced by a file: its own folder tells of it.
      else if (folder === '' || (code !== 'ENOENT' && code !== 'ENOTDIR')) throw error
    }
  }

  const heard = (folder: string, type: string, name: string | null): void => {
    if (closed) return
    // A name that is not UTF-8 does not say where.
    if (name === null || name.includes('\ufffd')) return missed()
    // What becomes of a watched folder itself comes with its own name. For the root nobody else tells of it, and an
    // entry of that name is rare enough to watch anew for.
    if (folder === '' && type === 'rename' && name === basename(dir)) return end()
    const path = folder === '' ? name : `${folder}/${name}`
    changed(path, folders.has(path) ? 'folder' : 'file')
    if (type === 'rename' || locked.has(path)) lookAt(path)
  }
  const lookAt = (path: string): void => {
    toLookAt.add(path)
    if (looking) return
    looking = true
    void lookAtAll().catch(fail)
  }
  const lookAtAll = async (): Promise<void> => {
    try {
      for (const path of toLookAt) {
        toLookAt.delete(path)
        if (closed) return
        const stats = await lstat(join(dir, path)).catch(() => undefined)
        leave(path)
        if (!stats?.isDirectory() || !enters(path)) continue
        changed(path, 'folder')
        await enter(path, true)
      }
    } finally {
      looking = false
    }
  }

  try {
    await enter('', false)
    signal?.throwIfAborted()
  } catch (error) {
    close()
    signal?.throwIfAborted()
    throw watchError(dir, error)
  }
  return {
    async close() {
      close()
    },
  }
}
