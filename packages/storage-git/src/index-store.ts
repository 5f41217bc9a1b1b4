import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomHex, type Logger, type Random } from '@lg/runtime'
import type { CommitState } from './commit-state.ts'
import { formatIndex, parseIndex, type SavedIndex } from './index-text.ts'
import type { OnGitStorageStep } from './steps.ts'

/** Keeps an index beside the clone, so that a restart reads no file twice. It is never needed: only a help. */
export interface IndexStore {
  /** The last one saved; `undefined` when there is none that can be used. */
  load(): Promise<SavedIndex | undefined>
  /** Replaces it, as a whole or not at all. A failure is logged, and changes nothing else. */
  save(state: CommitState): Promise<void>
  /** Resolves when nothing is being saved. */
  settled(): Promise<void>
}

export interface IndexStoreOptions {
  readonly dir: string
  /** What the recognition of files depends on. */
  readonly purpose: string
  readonly random: Random
  readonly logger: Logger
  readonly onStep?: OnGitStorageStep | undefined
}

const name = 'object-index'

export function createIndexStore({ dir, purpose, random, logger, onStep }: IndexStoreOptions): IndexStore {
  const file = join(dir, name)
  let saving: Promise<void> = Promise.resolve()

  const write = async (state: CommitState): Promise<void> => {
    const temporary = `${file}.${randomHex(random, 4)}.tmp`
    try {
      await writeFile(temporary, formatIndex(state, purpose), { flag: 'wx', mode: 0o600 })
      onStep?.('index written')
      await rename(temporary, file)
      onStep?.('index in place')
    } catch (error) {
      logger.warn('The index of objects could not be saved; the next start will be slower', { file, error })
      await rm(temporary, { force: true })
    }
  }
  return {
    async load() {
      try {
        // A clone has one owner, so what a save left unfinished is nobody's.
        for (const entry of await readdir(dir)) {
          if (entry.startsWith(`${name}.`) && entry.endsWith('.tmp'))
            await rm(join(dir, entry), { force: true })
        }
        return parseIndex(await readFile(file, 'utf8'), purpose)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
          logger.warn('The saved index of objects cannot be read, and is made anew', { file, error })
        return undefined
      }
    },
    save(state) {
      saving = saving.then(() => write(state))
      return saving
    },
    settled: () => saving,
  }
}
