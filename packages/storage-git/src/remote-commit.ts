import type { GitRepository, Oid } from '@lg/git'
import { randomHex, type CallOptions, type Random } from '@lg/runtime'

/**
 * Fetches what a ref of the remote names now, and keeps it while `use` runs. Any number may run at once.
 *
 * @throws {LgError} `REF_NOT_FOUND` when the remote does not have it.
 */
export async function withRemoteCommit<Result>(
  ref: string,
  { repository, random }: { readonly repository: GitRepository; readonly random: Random },
  use: (commit: Oid) => Promise<Result>,
  options: CallOptions,
): Promise<Result> {
  const local = `refs/lg/tx/${randomHex(random, 8)}`
  try {
    await repository.fetch({ ...options, refspecs: [`+${ref}:${local}`] })
    return await use(await repository.resolve(local, options))
  } finally {
    await repository.updateRef({ ref: local, target: null })
  }
}
