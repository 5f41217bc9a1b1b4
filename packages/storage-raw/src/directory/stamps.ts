import type { Stats } from 'node:fs'
import type { Clock } from '@lg/runtime'

/** Tells states of files apart by what the system says of them. */
export interface Stamps {
  /** Equal for equal content; `undefined` for a file that was touched too recently to tell. */
  of(path: string, stats: Stats): string | undefined
}

/**
 * A file is told by time, size and inode, unless it was touched so recently that another edit could bear the same
 * time: within a tick of a fine clock, or two seconds of a coarse one (FAT, old network disks).
 */
export function createStamps(clock: Clock): Stamps {
  /** Writing numbers as text takes longer than comparing them, and most files did not change. */
  const last = new Map<string, { readonly stats: readonly number[]; readonly stamp: string }>()
  return {
    of(path, { mtimeMs, ctimeMs, size, ino }) {
      const known = last.get(path)
      if (known !== undefined) {
        const [mtime, ctime, bytes, inode] = known.stats
        if (mtime === mtimeMs && ctime === ctimeMs && bytes === size && inode === ino) return known.stamp
        last.delete(path)
      }
      const tick = Number.isInteger(mtimeMs) ? 2000 : 20
      if (clock.now() - Math.max(mtimeMs, ctimeMs) < tick) return undefined
      const stats = [mtimeMs, ctimeMs, size, ino]
      const stamp = stats.join(':')
      last.set(path, { stats, stamp })
      return stamp
    },
  }
}
