import { mkdir, mkdtemp, readdir, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gitErrors } from '@lg/git'

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
  const dir = await mkdtemp(join(tmpdir(), 'lg-git-'))
  const remove = (): Promise<void> => removeTree(dir)
  return { ...layout(dir), abandon: remove, release: remove }
}

async function takeGivenFolder(dir: string): Promise<CloneFolder> {
  const { store, worktree } = layout(dir)
  const firstCreated = await mkdir(dir, { recursive: true, mode: 0o700 })
  const entries = await readdir(dir)
  const reused = entries.includes('store.git')
  if (!reused && entries.length > 0) {
    const reason = `it holds ${entries.slice(0, 3).join(', ')} and no clone`
    throw gitErrors.create('DIRECTORY_NOT_OURS', `${dir} is not used: ${reason}; give an empty or absent folder`, {
      dir,
      reason,
    })
  }
  return {
    dir,
    store,
    worktree,
    async abandon({ opened }) {
      if (opened && !reused) {
        await removeTree(store)
        await removeTree(worktree)
      }
      if (firstCreated !== undefined) await removeEmpty(dir, firstCreated)
    },
    release: async () => {},
  }
}

async function removeTree(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true, maxRetries: 3 })
}

/** Removes `dir` and its parents up to `last`, as far as nobody has put anything in. */
async function removeEmpty(dir: string, last: string): Promise<void> {
  for (let folder = dir; ; folder = dirname(folder)) {
    try {
      await rmdir(folder)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOTEMPTY') return
      throw error
    }
    if (folder === last) return
  }
}
