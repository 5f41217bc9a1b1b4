/// <reference types="node" />
import { lstat, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import type { Server } from 'node:net'
import { join } from 'node:path'
import { randomHex, systemRandom } from '@lg/runtime'
import { gitErrors } from '../errors.ts'

/** A folder that only this user can enter, for as long as this process lives. */
export interface TemporaryFolder {
  readonly path: string
  /** Removes it with all that is in it. */
  remove(): Promise<void>
}

export interface TemporaryFolderOptions {
  /** The folder to make it in. */
  readonly parent: string
  /** What its name begins with: `lg-`. Leftovers are looked for by this, too. */
  readonly prefix: string
  /** For messages: who needs it. */
  readonly engine: string
}

/** Name of the socket by which a living owner is known. */
const owner = 'owner'

/** Bytes that the path of a socket may have; longer ones are cut off without a word. macOS allows the fewest. */
export const longestSocketPath = 103

/**
 * Makes a temporary folder, after removing those of the same prefix that a killed process left in the same place.
 *
 * The owner of each listens on a socket in it, so the kernel itself tells whether it still lives: nothing depends on
 * process ids, clocks or the age of files. A folder without such a socket is never touched. Where the path is too long
 * for a socket, or on Windows, the folder is simply not marked.
 *
 * @throws {LgError} `ENGINE_UNAVAILABLE` when it cannot be made.
 */
export async function createTemporaryFolder(options: TemporaryFolderOptions): Promise<TemporaryFolder> {
  const { parent, prefix, engine } = options
  await removeLeftovers(parent, prefix)
  const path = await mkdtemp(join(parent, prefix)).catch((error: unknown) => {
    const reason = `no temporary folder can be made in ${parent} (${(error as Error).message})`
    const message = `${engine} cannot be used: ${reason}. Make that folder, or name another one.`
    throw gitErrors.create('ENGINE_UNAVAILABLE', message, { engine, reason }, { cause: error })
  })
  const isMarked = process.platform !== 'win32' && Buffer.byteLength(join(path, owner)) <= longestSocketPath
  const server = isMarked ? await markOwned(path) : undefined
  return {
    path,
    async remove() {
      // First the folder: while it is being removed, it is not left over.
      await rm(path, { recursive: true, force: true, maxRetries: 3 })
      await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
    },
  }
}

/** Appears under its final name only when it listens, so that nobody takes its maker for dead. */
async function markOwned(folder: string): Promise<Server> {
  const hidden = join(folder, `.${randomHex(systemRandom, 2)}`)
  const server = createServer((socket) => socket.destroy())
  server.unref()
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(hidden, resolve))
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  await rename(hidden, join(folder, owner))
  return server
}

async function removeLeftovers(parent: string, prefix: string): Promise<void> {
  const names = await readdir(parent).catch(() => [])
  await Promise.all(
    names
      .filter((name) => name.startsWith(prefix))
      .map(async (name) => {
        const folder = join(parent, name)
        // What cannot be removed now is met again by the next one.
        if (await isLeftover(folder)) await rm(folder, { recursive: true, force: true }).catch(() => {})
      }),
  )
}

async function isLeftover(folder: string): Promise<boolean> {
  try {
    const stats = await lstat(join(folder, owner))
    if (!stats.isSocket() || stats.uid !== process.getuid?.()) return false
  } catch {
    return false
  }
  return new Promise((resolve) => {
    const socket = createConnection(join(folder, owner))
    socket.on('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
  })
}
