import { gitErrors, type FileChange, type GitRepository, type Oid } from '@lg/git'
import type { CallOptions, Clock } from '@lg/runtime'
import type { DirectoryCommit } from './git-directory.ts'

/**
 * Stores a commit on its base; without one it is the first of its history.
 *
 * @returns `undefined` when its files are those of the base.
 */
export async function storeCommit(
  repository: GitRepository,
  { base, changes, author, message }: DirectoryCommit,
  { clock, signal }: CallOptions & { readonly clock: Clock },
): Promise<Oid | undefined> {
  const commit = {
    parents: base === undefined ? [] : [base],
    changes,
    author: 'time' in author ? author : { ...author, time: clock.now() },
    message: message.endsWith('\n') ? message : `${message}\n`,
  }
  const oid = await repository.createCommit(commit, { signal })
  if (base === undefined) return oid
  const [before, after] = await Promise.all([
    repository.readCommit(base, { signal }),
    repository.readCommit(oid, { signal }),
  ])
  return before.tree === after.tree ? undefined : oid
}

/** @throws {LgError} `INVALID_PATH` for a change outside the folder that a directory is about. */
export function checkScope(changes: readonly FileChange[], under: string | undefined): void {
  const outside = changes.find(({ path }) => under !== undefined && !path.startsWith(`${under}/`))
  if (outside === undefined) return
  const { path } = outside
  const reason = `it is not below ${under}, which is all that this clone is about`
  throw gitErrors.create('INVALID_PATH', `${JSON.stringify(path)} cannot be changed: ${reason}`, {
    path,
    reason,
  })
}

/** Bytes of content in the changes. */
export function sizeOf(changes: readonly FileChange[]): number {
  return changes.reduce(
    (sum, change) =>
      change.type === 'write' && change.content instanceof Uint8Array ? sum + change.content.length : sum,
    0,
  )
}
