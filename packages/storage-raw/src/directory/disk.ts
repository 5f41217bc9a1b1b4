import fs from 'node:fs'
import { constants } from 'node:fs'
import { link, lstat, mkdir, open, readdir, realpath, rename, rmdir, unlink } from 'node:fs/promises'

/** The few calls to the operating system that a directory needs; absolute paths, Node's own errors. */
export interface Disk {
  lstat(path: string): Promise<fs.Stats>
  /** {@link lstat} of many paths below a folder, told one by one; what it would throw stands in place. */
  lstatAll(
    folder: string,
    paths: readonly string[],
    tell: (path: string, state: FileState) => void,
  ): Promise<void>
  readdir(path: string): Promise<fs.Dirent[]>
  /** The path without symbolic links, in the spelling of the disk. */
  realpath(path: string): Promise<string>
  mkdir(path: string): Promise<void>
  rmdir(path: string): Promise<void>
  unlink(path: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  link(from: string, to: string): Promise<void>
  /**
   * Bytes and state of a regular file; a symbolic link is never followed, a device never opened. Of a file that has
   * more than `limit` bytes only the state.
   */
  readFile(
    path: string,
    limit?: number,
  ): Promise<{ readonly bytes: Uint8Array | undefined; readonly stats: fs.Stats }>
  /** Makes a file that must not exist, with exactly this mode and, where allowed, owner. */
  writeNew(path: string, bytes: Uint8Array, options: NewFileOptions): Promise<void>
  /** Makes names in a folder survive a loss of power. */
  syncFolder(path: string): Promise<void>
}

type FileState = fs.Stats | NodeJS.ErrnoException

interface NewFileOptions {
  /** The file whose mode and owner the new one gets. */
  readonly like: fs.Stats | undefined
  readonly fsync: boolean
}

const noFollow = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** The machine's own disk. Reads use callbacks: for small files that is several times faster than promises. */
export const systemDisk: Disk = {
  lstat: (path) => call((done) => fs.lstat(path, done)),
  lstatAll,
  readdir: async (path) => await readdir(path, { withFileTypes: true }),
  realpath: async (path) => await realpath(path),
  mkdir: async (path) => {
    await mkdir(path)
  },
  rmdir,
  unlink,
  rename,
  link,
  async readFile(path, limit = Number.POSITIVE_INFINITY) {
    // Without O_NOFOLLOW (Windows) a look at the name has to do.
    if (constants.O_NOFOLLOW === undefined) requireRegular(await lstat(path))
    const descriptor = await call<number>((done) => fs.open(path, constants.O_RDONLY | noFollow, done))
    try {
      for (;;) {
        const stats = await call<fs.Stats>((done) => fs.fstat(descriptor, done))
        requireRegular(stats)
        if (stats.size > limit) return { bytes: undefined, stats }
        const bytes = await readAll(descriptor, stats.size)
        const after = await call<fs.Stats>((done) => fs.fstat(descriptor, done))
        // Somebody writes into the file: what was read may be half of each.
        if (bytes !== undefined && after.mtimeMs === stats.mtimeMs && after.size === bytes.length) {
          return { bytes, stats }
        }
      }
    } finally {
      await call<void>((done) => fs.close(descriptor, done))
    }
  },
  async writeNew(path, bytes, { like, fsync }) {
    const file = await open(path, 'wx', like === undefined ? 0o666 : 0o600)
    try {
      await file.writeFile(bytes)
      if (like !== undefined) {
        const now = await file.stat()
        // Only root may give files away; for others the file becomes theirs, as with any editor.
        if (now.uid !== like.uid || now.gid !== like.gid)
          await file.chown(like.uid, like.gid).catch(ignorePermission)
        await file.chmod(like.mode & 0o7777)
      }
      if (fsync) await file.sync()
    } finally {
      await file.close()
    }
  },
  async syncFolder(path) {
    // Windows has no such call.
    if (process.platform === 'win32') return
    const folder = await open(path, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  },
}

/** How long a program may wait for us at a time; milliseconds. */
const slice = 4

/**
 * A look at a file takes less time than handing it to another thread and back, so many are looked at here, in slices
 * that let the program go on in between however slow the disk is.
 */
async function lstatAll(
  folder: string,
  paths: readonly string[],
  tell: (path: string, state: FileState) => void,
): Promise<void> {
  let began = performance.now()
  for (const path of paths) {
    let state: FileState
    try {
      state = fs.lstatSync(`${folder}/${path}`)
    } catch (error) {
      state = error as NodeJS.ErrnoException
    }
    tell(path, state)
    if (performance.now() - began < slice) continue
    await new Promise((resolve) => setImmediate(resolve))
    began = performance.now()
  }
}

/** The content, or `undefined` when the file shrank or grew meanwhile. */
async function readAll(descriptor: number, size: number): Promise<Uint8Array | undefined> {
  // One byte more than expected, so that growth shows.
  const buffer = Buffer.allocUnsafeSlow(size + 1)
  let at = 0
  while (at < buffer.length) {
    const count = await call<number>((done) => fs.read(descriptor, buffer, at, buffer.length - at, at, done))
    if (count === 0) break
    at += count
  }
  return at === size ? buffer.subarray(0, size) : undefined
}

function requireRegular(stats: fs.Stats): void {
  if (stats.isFile()) return
  throw Object.assign(new Error('not a regular file'), { code: stats.isDirectory() ? 'EISDIR' : 'ELOOP' })
}

function ignorePermission(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPERM') throw error
}

function call<T>(run: (done: (error: NodeJS.ErrnoException | null, value?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    run((error, value) => (error ? reject(error) : resolve(value as T))),
  )
}
