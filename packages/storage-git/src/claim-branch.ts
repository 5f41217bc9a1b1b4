import { gitErrors, type Commit, type Oid, type Person } from '@lg/git'
import type { GitDirectory } from '@lg/gitdir'
import type { CallOptions, Random } from '@lg/runtime'
import { isMarked } from './commit-mark.ts'
import { storageGitErrors } from './errors.ts'
import { withRemoteCommit } from './remote-commit.ts'

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
  readonly random: Random
  /** Committer of our own commits. */
  readonly author: Person
}

/**
 * Whether a branch may be set to our commit: it is free, its commits are in the base already, or each of them is as a
 * transaction of the same committer made it.
 *
 * @throws {LgError} `BRANCH_EXISTS` when somebody else has committed to it, or has changed a commit of ours.
 */
export async function claimBranch(
  { branch, base, commit }: BranchWish,
  { gitDirectory, random, author }: ClaimTools,
  options: CallOptions,
): Promise<BranchClaim> {
  const { repository } = gitDirectory
  const judge = async (tip: Oid): Promise<BranchClaim> => {
    const ours = await repository.readCommit(commit, options)
    const theirs = await repository.readCommit(tip, options)
    if (theirs.tree === ours.tree && theirs.parents.length === 1 && theirs.parents[0] === base) {
      return { type: 'same', commit: tip }
    }
    for await (const other of repository.log(tip, { ...options, exclude: base })) {
      if (!isMarked(other, author)) throw taken(branch, other)
    }
    return { type: 'push', expected: tip }
  }
  try {
    return await withRemoteCommit(`refs/heads/${branch}`, { repository, random }, judge, options)
  } catch (error) {
    if (!gitErrors.is(error, 'REF_NOT_FOUND')) throw error
    return { type: 'push', expected: null }
  }
}

function taken(branch: string, { oid, committer }: Commit): Error {
  return storageGitErrors.create(
    'BRANCH_EXISTS',
    `The branch ${branch} holds ${oid.slice(0, 12)} by ${committer.name}, which would be lost; use another name`,
    { branch, commit: oid },
  )
}
