import type { Stats } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { checkPath, systemClock, type CallOptions, type Clock } from '@lg/runtime'
import { inParallel } from '../concurrency.ts'
import { equalBytes } from '../content-version.ts'
import { rawStorageErrors } from '../errors.ts'
import type { FileStat, FileTree, TreeEdit, TreeScan } from '../file-tree.ts'
import { createPathRules, type PathRules } from '../path-rules.ts'
import { systemDisk, type Disk } from './disk.ts'
import { isMissing, systemCode, withCodes } from './disk-errors.ts'
import { isLock, withFileLock } from './file-lock.ts'
import { createFolderGuard } from './folder-guard.ts'
import { isTemporary, putFile } from './put-file.ts'
import { createStamps } from './stamps.ts'

export interface DiskTreeOptions {
  /** The root. It may be missing, then it is made with the first file, and it may be a symbolic link itself. */
  readonly dir: string
  /** Which files a scan finds. Default: `.yaml`, `.yml` and `.json` files outside of `.git`. */
  readonly rules?: PathRules | undefined
  /** Larger files, in bytes, are `TOO_LARGE`. Default: none is. */
  readonly maxFileSize?: number | undefined
  /** Whether folders that a deletion leaves empty go too. Default false. */
  readonly pruneFolders?: boolean | undefined
  /** Whether a write waits until it would survive a loss of power. Default true. */
  readonly fsync?: boolean | undefined
  readonly clock?: Clock | undefined
  /** The operating system's files. Default: the system's own. */
  readonly disk?: Disk | undefined
}

/** How long an aborted or killed write's temporary file is left alone: somebody may still be writing it. */
const abandonedAfter = 3_600_000

/**
 * The files of a directory. Nothing outside of it is read or written: paths are checked, and symbolic links below the
 * root are never followed. Files are replaced by renaming, with their mode kept.
 */
export function createDiskTree(options: DiskTreeOptions): FileTree {
  const { maxFileSize, pruneFolders = false, fsync = true } = options
  const { clock = systemClock, disk = systemDisk } = options
  const rules = options.rules ?? createPathRules()
  const root = resolve(checkRoot(options.dir))
  const guard = createFolderGuard(root, disk)
  const absolute = (path: string): string => join(root, ...path.split('/'))

  const stamps = createStamps(clock)
  const toStat = (path: string, stats: Stats): FileStat => ({ path, stamp: stamps.of(path, stats) })

  const lstat = async (path: string): Promise<Stats | undefined> => {
    checkPath(path)
    if (!(await guard.enter(path))) return undefined
    return await withCodes('look at', path, () => disk.lstat(absolute(path))).catch(missingAs(undefined))
  }

  const tree: FileTree = {
    name: root,
    writable: true,
    includes: (path) => rules.file(path),
    async scan({ signal } = {}) {
      const files: string[] = []
      const unreadable: { path: string; message: string }[] = []
      /** What is missing is gone meanwhile, unless the name that was listed is not its real one. */
      const reportUnnamed = (path: string): void => {
        if (path.includes('\ufffd')) unreadable.push({ path, message: 'its name is not UTF-8; rename it' })
      }
      const visit = async (folder: string): Promise<void> => {
        signal?.throwIfAborted()
        const entries = await withCodes('list', folder || root, () => disk.readdir(absolute(folder))).catch(
          (error) => {
            const { message, cause } = error as Error
            const isFile = folder === '' && systemCode(cause) === 'ENOTDIR'
            if (isFile) unreadable.push({ path: '', message: `${root} is not a directory` })
            else if (isMissing(error) || isMissing(cause)) reportUnnamed(folder)
            else unreadable.push({ path: folder, message })
            return []
          },
        )
        const folders: string[] = []
        for (const entry of entries) {
          const path = folder === '' ? entry.name : `${folder}/${entry.name}`
          if (entry.isDirectory()) {
            if (rules.folder(path)) folders.push(path)
          } else if (entry.isFile()) {
            if (isTemporary(entry.name) || isLock(entry.name)) await sweep(path)
            else if (rules.file(path)) files.push(path)
          }
        }
        await inParallel(folders, visit, { limit: 8, signal })
      }
      await visit('')
      files.sort()
      const stats: FileStat[] = []
      await disk.lstatAll(root, files, (path, state) => {
        if (isMissing(state)) reportUnnamed(path)
        else if (state instanceof Error) unreadable.push({ path, message: state.message })
        else if (state.isFile()) stats.push(toStat(path, state))
      })
      signal?.throwIfAborted()
      return { files: stats, unreadable } satisfies TreeScan
    },
    async stat(path, { signal } = {}) {
      signal?.throwIfAborted()
      const stats = await lstat(path)
      return stats?.isFile() ? toStat(path, stats) : undefined
    },
    async read(path, { signal } = {}) {
      signal?.throwIfAborted()
      checkPath(path)
      if (!(await guard.enter(path))) return undefined
      const content = await withCodes('read', path, () => disk.readFile(absolute(path), maxFileSize)).catch(
        missingAs(undefined),
      )
      if (content === undefined) return undefined
      if (content.bytes === undefined) throw tooLarge(path, content.stats.size, maxFileSize ?? 0)
      return { ...toStat(path, content.stats), bytes: content.bytes }
    },
    async replace(edit, { signal } = {}) {
      const { path, before, after } = edit
      const target = absolute(path)
      const stats = await lstat(path)
      if (stats !== undefined && !stats.isFile()) throw collision(path, path)
      if ((stats === undefined) !== (before === undefined)) return false
      signal?.throwIfAborted()
      if (stats !== undefined) {
        const replaced = await withCodes('lock', path, () =>
          withFileLock(target, { disk, clock, signal }, () => replaceLocked(edit, { signal })),
        )
        // The lock was in the folder.
        if (replaced !== false && after === undefined && pruneFolders) await prune(dirname(path))
        return replaced
      }
      if (after === undefined) return true
      await guard.make(path)
      return await put(path, after, undefined)
    },
    close: async () => {},
  }
  return tree

  async function replaceLocked(
    { path, before, after }: TreeEdit,
    { signal }: CallOptions,
  ): Promise<FileStat | boolean> {
    const stats = await lstat(path)
    const current = await tree.read(path, { signal })
    if (stats === undefined || current === undefined || before === undefined) return false
    if (!equalBytes(current.bytes, before)) return false
    signal?.throwIfAborted()
    if (after !== undefined) return await put(path, after, stats)
    const target = absolute(path)
    await withCodes('delete', path, () => disk.unlink(target))
    if (fsync) await withCodes('sync', path, () => disk.syncFolder(dirname(target)))
    return true
  }

  async function put(path: string, bytes: Uint8Array, like: Stats | undefined): Promise<FileStat | boolean> {
    const target = absolute(path)
    if (!(await putFile(disk, { path, target, bytes, like, fsync }))) return false
    return toStat(path, await withCodes('look at', path, () => disk.lstat(target)))
  }

  /** Removes what a killed write left behind, once nobody can be at it any more. */
  async function sweep(path: string): Promise<void> {
    try {
      const { mtimeMs } = await disk.lstat(absolute(path))
      if (clock.now() - mtimeMs > abandonedAfter) await disk.unlink(absolute(path))
    } catch (error) {
      if (!isMissing(error) && systemCode(error) !== 'EACCES' && systemCode(error) !== 'EROFS') throw error
    }
  }

  async function prune(folder: string): Promise<void> {
    for (let at = folder; at !== '.' && at !== ''; at = dirname(at)) {
      try {
        await disk.rmdir(absolute(at))
      } catch {
        // Not empty, or not ours to remove: either way it stays.
        return
      }
    }
  }
}

/** An empty text would be the working directory, and is more likely a setting that is missing. */
function checkRoot(dir: string): string {
  if (typeof dir === 'string' && dir !== '') return dir
  const reason = 'the root of a storage must be a path'
  throw rawStorageErrors.create('INVALID_PATH', `Not a directory: ${JSON.stringify(dir)}: ${reason}`, {
    path: String(dir),
    reason,
  })
}

function collision(path: string, existing: string): Error {
  return rawStorageErrors.create(
    'PATH_COLLISION',
    `Cannot write ${path}: a folder, a symbolic link or a special file has that name`,
    { path, existing },
  )
}

function tooLarge(path: string, size: number, limit: number): Error {
  return rawStorageErrors.create(
    'TOO_LARGE',
    `${path} has ${size} bytes, more than the limit of ${limit}; split it, leave it out or raise the limit`,
    { path, size, limit },
  )
}

function missingAs<T>(value: T): (error: unknown) => T {
  return (error) => {
    const cause = (error as { readonly cause?: unknown }).cause
    if (isMissing(error) || isMissing(cause)) return value
    throw error
  }
}
