import { basename, dirname, join } from 'node:path'
import { rawStorageErrors } from '../errors.ts'
import type { Disk } from './disk.ts'
import { isMissing, systemCode, withCodes } from './disk-errors.ts'

/** Sees to it that a path stays below the root, whatever symbolic links are on the way. */
export interface FolderGuard {
  /**
   * False when the folder of `path` is not there, or the disk ignores case and has the name in another one.
   *
   * @throws {LgError} `INVALID_PATH` when a symbolic link is on the way.
   */
  enter(path: string): Promise<boolean>
  /**
   * Makes the folders of a new file.
   *
   * @throws {LgError} `PATH_COLLISION` when a file stands where a folder is needed, or a name differs only in case.
   */
  make(path: string): Promise<void>
}

export function createFolderGuard(root: string, disk: Disk): FolderGuard {
  /** Undefined until the root exists: a disk is asked once whether it ignores case. */
  let ignoresCase: boolean | undefined

  const realRoot = async (): Promise<string | undefined> => {
    try {
      const real = await disk.realpath(root)
      ignoresCase ??= await detectIgnoredCase(real, disk)
      return real
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  /** The entry of a folder that the disk takes for `name`, in the disk's spelling. */
  const spellingOf = async (folder: string, name: string): Promise<string | undefined> => {
    const names = (await disk.readdir(folder)).map((entry) => entry.name)
    if (names.includes(name)) return name
    const folded = name.normalize('NFC').toLowerCase()
    return names.find((other) => other.normalize('NFC').toLowerCase() === folded)
  }

  const symlink = (path: string, cause?: unknown): Error =>
    rawStorageErrors.create(
      'INVALID_PATH',
      `${path} leads through a symbolic link, which a storage never follows`,
      { path, reason: 'it leads through a symbolic link' },
      { cause },
    )

  /** The real root, when the folder is there under exactly this name. */
  const lookInto = async (folder: string): Promise<string | undefined> => {
    const real = await realRoot()
    if (real === undefined || folder === '.') return real
    const wanted = join(real, ...folder.split('/'))
    const found = await disk.realpath(wanted).catch((error: unknown) => {
      if (isMissing(error)) return undefined
      throw systemCode(error) === 'ELOOP' ? symlink(folder, error) : error
    })
    if (found === undefined || found === wanted) return found && real
    if (ignoresCase && found.toLowerCase() === wanted.toLowerCase()) return undefined
    throw symlink(folder)
  }
  /** Looks under way: many files of one folder are often opened at once. */
  const looks = new Map<string, Promise<string | undefined>>()
  const enterFolder = (folder: string): Promise<string | undefined> => {
    const look = looks.get(folder) ?? lookInto(folder).finally(() => looks.delete(folder))
    looks.set(folder, look)
    return look
  }

  return {
    enter: (path) =>
      withCodes('open', path, async () => {
        const real = await enterFolder(dirname(path))
        if (real === undefined) return false
        if (!ignoresCase) return true
        let at = real
        for (const part of path.split('/')) {
          const spelling = await spellingOf(at, part)
          if (spelling !== part) return spelling === undefined
          at = join(at, part)
        }
        return true
      }),
    make: (path) =>
      withCodes('create', path, async () => {
        if ((await realRoot()) === undefined) await makeRoot(root, disk)
        const real = (await realRoot()) ?? root
        const parts = path.split('/')
        let at = real
        for (const [index, part] of parts.entries()) {
          if (ignoresCase) {
            const spelling = await spellingOf(at, part)
            if (spelling !== undefined && spelling !== part) {
              const existing = [...parts.slice(0, index), spelling].join('/')
              throw rawStorageErrors.create(
                'PATH_COLLISION',
                `Cannot create ${path}: this disk does not tell it from ${existing}; names must differ in more than case`,
                { path, existing },
              )
            }
          }
          if (index === parts.length - 1) return
          at = join(at, part)
          await disk.mkdir(at).catch((error: unknown) => {
            if (systemCode(error) !== 'EEXIST') throw error
          })
          const stats = await disk.lstat(at)
          if (stats.isSymbolicLink()) throw symlink(path)
          if (!stats.isDirectory()) {
            const existing = parts.slice(0, index + 1).join('/')
            throw rawStorageErrors.create('PATH_COLLISION', `Cannot create ${path}: ${existing} is a file`, {
              path,
              existing,
            })
          }
        }
      }),
  }
}

async function makeRoot(root: string, disk: Disk): Promise<void> {
  const missing: string[] = []
  for (let at = root; ; at = dirname(at)) {
    try {
      await disk.lstat(at)
      break
    } catch (error) {
      if (!isMissing(error) || dirname(at) === at) throw error
      missing.unshift(at)
    }
  }
  for (const folder of missing) {
    await disk.mkdir(folder).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error
    })
  }
}

/** Asks for the root under a name in the other case: the same folder answers only when case does not count. */
async function detectIgnoredCase(root: string, disk: Disk): Promise<boolean> {
  const name = basename(root)
  const other = name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase()
  if (other === name) return false
  try {
    const [one, two] = await Promise.all([disk.lstat(root), disk.lstat(join(dirname(root), other))])
    return one.ino === two.ino && one.dev === two.dev
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}
