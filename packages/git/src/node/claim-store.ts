/// <reference types="node" />
import { mkdir } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { gitErrors } from '../errors.ts'
import type { OpenOptions } from '../git.ts'
import { lockDirectory, type LockOptions } from './directory-lock.ts'
import { checkOurs, claimsFolder } from './open-store.ts'
import { createTemporaryFolder } from './temporary-folder.ts'

/** A store for as long as it is open, and what was taken for it. */
export interface StoreClaim {
  /** To be inherited by every child; none in a repository of somebody else. */
  readonly lock: number | undefined
  /** Private, and removed at the end. */
  readonly folder: string
  /** An empty home in it. */
  readonly home: string
  /** Has something done at the end, before what was taken earlier is given back. */
  atEnd(giveBack: () => Promise<unknown>): void
  /** Gives back what was taken, the last first. */
  release(): Promise<void>
}

export interface ClaimOptions extends LockOptions {
  /** Parent of the private folder, and what the name of that begins with. */
  readonly tempDir: string
  readonly prefix: string
  /** For messages. */
  readonly engine: string
}

/**
 * Takes the store for one owner, and makes a private folder.
 *
 * @throws {LgError} `DIRECTORY_NOT_OURS`, `DIRECTORY_IN_USE`, `ENGINE_UNAVAILABLE`.
 */
export async function claimStore(
  { dir, remote, foreign = false }: OpenOptions,
  options: ClaimOptions,
): Promise<StoreClaim> {
  checkAbsolute(dir)
  if (!foreign) await checkOurs(dir, remote)
  const held: (() => Promise<unknown>)[] = []
  const release = async (): Promise<void> => {
    for (const giveBack of held.splice(0).toReversed()) await giveBack()
  }
  try {
    const lock = foreign ? undefined : await lockDirectory(dir, claimsFolder(dir), options)
    if (lock) held.push(() => lock.release())
    const { tempDir: parent, prefix, engine } = options
    const { path: folder, remove } = await createTemporaryFolder({ parent, prefix, engine })
    held.push(remove)
    const home = join(folder, 'home')
    await mkdir(home)
    return { lock: lock?.fd, folder, home, atEnd: (giveBack) => void held.push(giveBack), release }
  } catch (error) {
    await release()
    throw error
  }
}

/** @throws {LgError} `DIRECTORY_NOT_OURS`. */
export function checkAbsolute(dir: string): void {
  if (isAbsolute(dir)) return
  const reason = 'the path is not absolute'
  throw gitErrors.create('DIRECTORY_NOT_OURS', `${dir} cannot be used: ${reason}`, { dir, reason })
}
