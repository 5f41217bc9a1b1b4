/// <reference types="node" />
import { execFile } from 'node:child_process'
import { constants, mkdirSync } from 'node:fs'
import { lstat, open, readdir, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { randomHex } from '@lg/runtime'
import type { Clock, Random } from '@lg/runtime'
import { gitErrors } from '../errors.ts'

/** Ownership of a directory, held for as long as any process has `fd` open. */
export interface DirectoryLock {
  /** To be inherited by every child. */
  readonly fd: number
  release(): Promise<void>
}

export interface LockOptions {
  readonly clock: Clock
  readonly random: Random
  /** Where `PATH` comes from. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

const attempts = 5

/**
 * Takes the directory, or rejects with `DIRECTORY_IN_USE`.
 *
 * A claim is a named pipe of its own in `claims`, which the owner and all its children hold open for reading. Opening
 * a pipe for writing without waiting fails at once when nobody reads it, so the kernel itself tells whether an owner,
 * or an orphan that it left, still lives; nothing depends on process ids or clocks. A claim appears under its final
 * name only once it is held, and is never taken over, so a dead one can be removed by anybody.
 *
 * Holds among the processes of one machine, containers included; machines that share a network file system do not
 * see each other's.
 */
export async function lockDirectory(
  dir: string,
  claims: string,
  options: LockOptions,
): Promise<DirectoryLock> {
  mkdirSync(claims, { recursive: true, mode: 0o700 })
  for (let attempt = 1; ; attempt++) {
    const name = `${process.pid}-${randomHex(options.random, 8)}`
    const claim = await stakeClaim(claims, name, options)
    const others = await livingClaims(claims, name)
    if (others.length === 0) return { fd: claim.fd, release: () => release(claim, join(claims, name)) }
    await release(claim, join(claims, name))
    // Two that came at the same moment see each other, and both step back.
    if (attempt === attempts) throw inUse(dir, others)
    await options.clock.sleep(5 + options.random.fraction() * 20 * attempt)
  }
}

async function stakeClaim(claims: string, name: string, { environment }: LockOptions): Promise<FileHandle> {
  const hidden = join(claims, `.${name}`)
  await promisify(execFile)('mkfifo', ['-m', '600', hidden], { env: { PATH: environment['PATH'] } }).catch(
    (error: unknown) => {
      const reason = `named pipes cannot be made in ${claims}: ${(error as Error).message}`
      throw gitErrors.create(
        'ENGINE_UNAVAILABLE',
        `The directory cannot be locked: ${reason}`,
        { engine: 'mkfifo', reason },
        {
          cause: error,
        },
      )
    },
  )
  const handle = await open(hidden, constants.O_RDONLY | constants.O_NONBLOCK)
  await rename(hidden, join(claims, name))
  return handle
}

/** Process ids of the other claims that somebody holds; dead ones are removed. */
async function livingClaims(claims: string, own: string): Promise<readonly number[]> {
  const living: number[] = []
  for (const name of await readdir(claims)) {
    if (name === own) continue
    const path = join(claims, name)
    if (await isHeld(path)) living.push(Number.parseInt(name.replace(/^\./, ''), 10))
    // A hidden one may be about to be opened by its maker.
    else if (!name.startsWith('.')) await rm(path, { force: true, recursive: true })
  }
  return living
}

async function isHeld(path: string): Promise<boolean> {
  try {
    if (!(await lstat(path)).isFIFO()) return false
    const handle = await open(path, constants.O_WRONLY | constants.O_NONBLOCK)
    await handle.close()
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENXIO' || code === 'ENOENT') return false
    throw error
  }
}

async function release(claim: FileHandle, path: string): Promise<void> {
  await claim.close()
  // An orphan that is still there keeps the claim, and with it the directory.
  if (!(await isHeld(path))) await rm(path, { force: true })
}

function inUse(dir: string, [pid = Number.NaN]: readonly number[]): Error {
  const known = Number.isInteger(pid)
  return gitErrors.create(
    'DIRECTORY_IN_USE',
    `${dir} is in use${known ? ` by process ${pid}, or by git processes that it left behind` : ''}. ` +
      'Close the other owner, or give each its own directory.',
    { dir, ...(known && { pid }) },
  )
}
