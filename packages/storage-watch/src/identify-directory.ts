import { stat } from 'node:fs/promises'

/** Tells a directory from another of the same name; `undefined` when there is none. */
export async function identifyDirectory(dir: string): Promise<string | undefined> {
  const stats = await stat(dir).catch(() => undefined)
  // The number of a removed directory is soon given to the next.
  return stats?.isDirectory() ? `${stats.dev}:${stats.ino}:${stats.birthtimeMs}` : undefined
}
