import { randomBytes } from 'node:crypto'
import type { Stats } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Disk } from './disk.ts'
import { systemCode, withCodes } from './disk-errors.ts'

/** What disks without hard links say to one. */
const withoutLinks: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/** True for the name of a file that is being written, or that a killed write left behind. */
export const isTemporary = (name: string): boolean => /^\.lg-[0-9a-f]{16}\.tmp$/.test(name)

/**
 * Writes beside the target, then gives the name over in one step: whoever reads sees the old file or the new one.
 *
 * @param file.path for messages.
 * @param file.like the file that is replaced, whose mode and owner the new one gets; `undefined` for a new file.
 * @returns false when a new file's name was just taken; nothing is written then.
 * @throws {LgError} `IO_FAILED` and its siblings; what was stored is still there.
 */
export async function putFile(
  disk: Disk,
  file: {
    readonly path: string
    readonly target: string
    readonly bytes: Uint8Array
    readonly like: Stats | undefined
    readonly fsync: boolean
  },
): Promise<boolean> {
  const { path, target, bytes, like, fsync } = file
  const temporary = join(dirname(target), `.lg-${randomBytes(8).toString('hex')}.tmp`)
  const remove = (): Promise<void> => disk.unlink(temporary).catch(() => {})
  try {
    await withCodes('write', path, () => disk.writeNew(temporary, bytes, { like, fsync }))
    if (like !== undefined) await withCodes('replace', path, () => disk.rename(temporary, target))
    else if (!(await withCodes('create', path, () => claimName(disk, temporary, target)))) {
      await remove()
      return false
    }
  } catch (error) {
    await remove()
    throw error
  }
  if (fsync) await withCodes('sync', path, () => disk.syncFolder(dirname(target)))
  return true
}

/** Unlike a rename, a link never replaces a file that somebody made meanwhile. False when there is one. */
async function claimName(disk: Disk, temporary: string, target: string): Promise<boolean> {
  try {
    await disk.link(temporary, target)
  } catch (error) {
    const code = systemCode(error) ?? ''
    if (code === 'EEXIST') return false
    if (!withoutLinks.includes(code)) throw error
    await disk.rename(temporary, target)
    return true
  }
  // The file is there by now; a name that stays is swept later.
  await disk.unlink(temporary).catch(() => {})
  return true
}
