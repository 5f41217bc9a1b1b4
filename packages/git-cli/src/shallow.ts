import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gitErrors } from '@lg/git'
import type { Oid } from '@lg/git'

/** Commits whose parents were never fetched (gitformat-shallow); none in a store with all its history. */
export async function readShallow(dir: string): Promise<ReadonlySet<Oid>> {
  const text = await readFile(join(dir, 'shallow'), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  })
  return new Set(text.split('\n').filter((line) => line !== ''))
}

export function historyIncomplete(commit: Oid): Error {
  return gitErrors.create(
    'HISTORY_INCOMPLETE',
    `History is here down to ${commit.slice(0, 10)} only, as it was fetched with a depth; fetch with \`depth: Infinity\` for the rest`,
    { commit },
  )
}
