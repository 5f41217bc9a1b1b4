import type { RemoteRefs } from '@lg/git'
import { gitDirectoryErrors } from './errors.ts'

const prefix = 'refs/heads/'
const namedAtMost = 10

export interface BranchWish {
  /** The branch asked for; without one, the one that the remote's HEAD names. */
  readonly configured: string | undefined
  /** The branch followed so far, when HEAD names none (older servers hide a name without a branch). */
  readonly followed?: string | undefined
  /** For messages. */
  readonly remote: string
}

/**
 * The branch to follow, given what the remote has.
 *
 * @throws {LgError} `REPOSITORY_EMPTY`, `BRANCH_NOT_FOUND`, `DEFAULT_BRANCH_UNKNOWN`.
 */
export function chooseBranch(
  { head, refs }: RemoteRefs,
  { configured, followed, remote }: BranchWish,
): string {
  const branch = configured ?? head ?? followed
  const all = [...refs.keys()].filter((ref) => ref.startsWith(prefix)).map((ref) => ref.slice(prefix.length))
  if (branch !== undefined && all.includes(branch)) return branch

  if (all.length === 0) {
    const waiting = branch === undefined ? 'a first branch' : `branch ${branch}`
    throw gitDirectoryErrors.create(
      'REPOSITORY_EMPTY',
      `${remote} has no commit yet; ${waiting} is picked up as soon as somebody pushes it`,
      { remote, branch },
    )
  }

  const branches = all.sort().slice(0, namedAtMost)
  const known = `it has ${branches.join(', ')}${all.length > namedAtMost ? ', ...' : ''}`
  if (branch === undefined) {
    throw gitDirectoryErrors.create(
      'DEFAULT_BRANCH_UNKNOWN',
      `HEAD of ${remote} names no branch; set the option branch (${known})`,
      { remote, branches },
    )
  }
  const named =
    configured === undefined && branch === head ?
      `the default branch ${branch}, which its HEAD names`
    : `branch ${branch}`
  throw gitDirectoryErrors.create('BRANCH_NOT_FOUND', `${remote} does not have ${named}; ${known}`, {
    remote,
    branch,
    branches,
  })
}
