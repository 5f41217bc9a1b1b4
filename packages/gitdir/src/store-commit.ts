import type { GitRepository, Oid } from '@lg/git'
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
