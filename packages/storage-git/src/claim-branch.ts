import type { Commit, Oid, Person } from '@lg/git'
import type { GitDirectory } from '@lg/gitdir'
import type { CallOptions } from '@lg/runtime'
import { storageGitErrors } from './errors.ts'

export interface BranchWish {
  readonly branch: string
  /** The commit that ours is built on. */
  readonly base: Oid
  readonly commit: Oid
}

/** `same`: the branch holds our change already, in `commit`. */
export type BranchClaim =
  { readonly type: 'push'; readonly expected: Oid | null } | { readonly type: 'same'; readonly commit: Oid }

export interface ClaimTools {
  readonly gitDirectory: GitDirectory
  /** Committer of our own commits. */
  readonly author: Person
}

/**
 * Whether a branch may be set to our commit: it is free, its commits are in the base already, or they are all ours.
 *
 * @throws {LgError} `BRANCH_EXISTS` when somebody else has committed to it.
 */
export async function claimBranch(
  { branch, base, commit }: BranchWish,
  { gitDirectory, author }: ClaimTools,
  options: CallOptions,
): Promise<BranchClaim> {
  const { repository } = gitDirectory
  const ref = `refs/heads/${branch}`
  const tip = (await repository.remoteRefs({ ...options, prefixes: [ref] })).refs.get(ref)
  if (tip === undefined) return { type: 'push', expected: null }

  const local = `refs/lg/tx/${branch}`
  await repository.fetch({ ...options, refspecs: [`+${ref}:${local}`] })
  try {
    const ours = await repository.readCommit(commit, options)
    const theirs = await repository.readCommit(tip, options)
    if (theirs.tree === ours.tree && theirs.parents.length === 1 && theirs.parents[0] === base) {
      return { type: 'same', commit: tip }
    }
    for await (const other of repository.log(tip, { ...options, exclude: base })) {
      if (!isOurs(other, author)) throw taken(branch, other)
    }
    return { type: 'push', expected: tip }
  } finally {
    await repository.updateRef({ ref: local, target: null })
  }
}

const isOurs = ({ committer }: Commit, author: Person): boolean =>
  committer.name === author.name && committer.email === author.email

function taken(branch: string, { oid, committer }: Commit): Error {
  return storageGitErrors.create(
    'BRANCH_EXISTS',
    `The branch ${branch} holds ${oid.slice(0, 12)} by ${committer.name}, which would be lost; use another name`,
    { branch, commit: oid },
  )
}
