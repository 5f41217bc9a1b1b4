import { createHash, randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { CallOptions, Clock } from '@lg/runtime'
import type { Disk } from './disk.ts'
import { isMissing, systemCode } from './disk-errors.ts'

/**
 * How long a lock counts whose owner cannot be asked after, being on another machine; milliseconds. It is held for one
 * look and one rename, so this is long.
 */
const heldFor = 30_000
const longestPause = 32

export interface FileLockOptions extends CallOptions {
  readonly disk: Disk
  readonly clock: Clock
}

/** Whether a name is one of a lock. */
export const isLock = (name: string): boolean => /^\.lg-[0-9a-f]{16}\.lock$/.test(name)

/**
 * Runs `body` while no other storage changes the file, in whatever process, and gives its result. The lock is a file
 * beside it. What a killed process left is taken over; a process that hangs is waited for no longer than 30 seconds.
 *
 * @throws what the disk throws when the lock cannot be made; the reason of the signal.
 */
export async function withFileLock<T>(
  target: string,
  options: FileLockOptions,
  body: () => Promise<T>,
): Promise<T> {
  const { disk, clock, signal } = options
  const digits = createHash('sha256').update(basename(target)).digest('hex').slice(0, 16)
  const lock = join(dirname(target), `.lg-${digits}.lock`)
  for (let pause = 1; !(await take(lock, options)); pause = Math.min(2 * pause, longestPause)) {
    await clock.sleep(pause, { signal })
  }
  try {
    return await body()
  } finally {
    await disk.unlink(lock).catch(ignoreMissing)
  }
}

async function take(lock: string, options: FileLockOptions): Promise<boolean> {
  const { disk } = options
  const owner = `${hostname()} ${process.pid} ${randomBytes(8).toString('hex')}`
  try {
    await disk.writeNew(lock, Buffer.from(owner), { like: undefined, fsync: false })
    return true
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') {
      // The file may have been made before its content failed.
      await disk.unlink(lock).catch(() => {})
      throw error
    }
  }
  const found = await read(disk, lock)
  if (found === undefined || !isAbandoned(found, options.clock.now())) return false
  await remove(disk, lock, found.owner)
  return await take(lock, options)
}

interface FoundLock {
  readonly owner: string
  /** Milliseconds. */
  readonly since: number
}

async function read(disk: Disk, lock: string): Promise<FoundLock | undefined> {
  try {
    const { bytes, stats } = await disk.readFile(lock)
    return { owner: Buffer.from(bytes ?? []).toString(), since: stats.mtimeMs }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function isAbandoned({ owner, since }: FoundLock, now: number): boolean {
  const [host, pid] = owner.split(' ')
  return now - since > heldFor || (host === hostname() && !isRunning(Number(pid)))
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // It runs, but as somebody else.
    return systemCode(error) !== 'ESRCH'
  }
}

/** Removes the lock of this owner. Another may have taken its place since it was looked at: that one is put back. */
async function remove(disk: Disk, lock: string, owner: string): Promise<void> {
  const aside = join(dirname(lock), `.lg-${randomBytes(8).toString('hex')}.tmp`)
  try {
    await disk.rename(lock, aside)
  } catch (error) {
    return ignoreMissing(error)
  }
  const moved = await read(disk, aside)
  if (moved !== undefined && moved.owner !== owner) await disk.link(aside, lock).catch(() => {})
  await disk.unlink(aside).catch(ignoreMissing)
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error
}
