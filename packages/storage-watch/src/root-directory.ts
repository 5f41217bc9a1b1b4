import { mkdir, stat } from 'node:fs/promises'
import { storageWatchErrors } from './errors.ts'

/** Tells a directory from another of the same name; `undefined` when there is none. */
export async function identifyDirectory(dir: string): Promise<string | undefined> {
  const stats = await stat(dir).catch(() => undefined)
  // The number of a removed directory is soon given to the next.
  return stats?.isDirectory() ? `${stats.dev}:${stats.ino}:${stats.birthtimeMs}` : undefined
}

/** @throws {LgError} `DIRECTORY_MISSING`: there is none, and none was to be made or none could be. */
export async function requireDirectory(dir: string, { create }: { readonly create: boolean }): Promise<void> {
  let cause: unknown
  if (create) await mkdir(dir, { recursive: true }).catch((error: unknown) => (cause = error))
  if ((await identifyDirectory(dir)) !== undefined) return
  const wayOut =
    cause instanceof Error ? `none can be made: ${cause.message}` : 'make it, or set createDirectory'
  throw storageWatchErrors.create(
    'DIRECTORY_MISSING',
    `There is no directory ${dir}; ${wayOut}`,
    { dir },
    { cause },
  )
}
