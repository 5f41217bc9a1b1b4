import type { Dirent } from 'node:fs'
import { mkdir, readdir, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gitErrors } from '@lg/git'
import { createTemporaryFolder } from '@lg/git/node'

/** The folder of one clone: the bare store and the worktree, apart from each other. */
export interface CloneFolder {
  readonly dir: string
  readonly store: string
  readonly worktree: string
  /** Undoes a failed start. `opened`: the store is ours, so what is new in it may go. */
  abandon(options: { readonly opened: boolean }): Promise<void>
  /** After the last use: a temporary folder goes, a given one stays. */
  release(): Promise<void>
}

/**
 * Takes the folder `dir`, or without one a new temporary folder that only this user can enter.
 *
 * @throws {LgError} `DIRECTORY_NOT_OURS` when the folder holds something else.
 */
export async function takeCloneFolder(dir: string | undefined): Promise<CloneFolder> {
  return dir === undefined ? await takeTemporaryFolder() : await takeGivenFolder(dir)
}

function layout(dir: string): Pick<CloneFolder, 'dir' | 'store' | 'worktree'> {
  return { dir, store: join(dir, 'store.git'), worktree: join(dir, 'worktree') }
}

async function takeTemporaryFolder(): Promise<CloneFolder> {
  const engine = 'the clone'
  const { path, remove } = await createTemporaryFolder({ parent: tmpdir(), prefix: 'lg-git-', engine })
  return { ...layout(path), abandon: remove, release: remove }
}

async function takeGivenFolder(dir: string): Promise<CloneFolder> {
  const { store, worktree } = layout(dir)
  const firstCreated = await mkdir(dir, { recursive: true, mode: 0o700 })
  const entries = await readdir(dir)
  const reused = entries.includes('store.git')
  if (!reused && entries.length > 0) {
    const reason = `it holds ${entries.slice(0, 3).join(', ')} and no clone`
    throw gitErrors.create(
      'DIRECTORY_NOT_OURS',
      `${dir} is not used: ${reason}; give an empty or absent folder`,
      {
        dir,
        reason,
      },
    )
  }
  return {
    dir,
    store,
    worktree,
    async abandon({ opened }) {
      if (reused) return
      if (opened) {
        await removeTree(store)
        await removeTree(worktree)
      } else {
        // Whoever holds the store has files in it.
        await removeEmptyTree(store)
      }
      if (firstCreated !== undefined) await removeEmptyParents(dir, firstCreated)
    },
    release: async () => {},
  }
}

async function removeTree(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true, maxRetries: 3 })
}

/** Removes `dir` and the folders in it, as far as they hold no files. */
async function removeEmptyTree(dir: string): Promise<void> {
  let entries: Dirent[]
  try {
    entries = await readdir(dir, { withFileTypes: true })
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return
    throw error
  }
  for (const entry of entries) if (entry.isDirectory()) await removeEmptyTree(join(dir, entry.name))
  await removeIfEmpty(dir)
}

/** Removes `dir` and its parents up to `last`, as far as nobody has put anything in. */
async function removeEmptyParents(dir: string, last: string): Promise<void> {
  for (let folder = dir; await removeIfEmpty(folder); folder = dirname(folder)) if (folder === last) return
}

async function removeIfEmpty(dir: string): Promise<boolean> {
  try {
    await rmdir(dir)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOTEMPTY')) return false
    throw error
  }
}

function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code
}
