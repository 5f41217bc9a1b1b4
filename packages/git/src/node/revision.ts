import { isOid } from '../oid.ts'
import { checkBranchName, checkRefName } from '../ref-name.ts'

/**
 * The full names of refs that a revision may mean: a full name itself, a branch, a tag. Empty for the full name of an
 * object.
 *
 * @param branches where branches are: `refs/remotes/origin/` with a remote, else `refs/heads/`.
 * @throws {LgError} `INVALID_REF`.
 */
export function refCandidates(revision: string, branches: string): readonly string[] {
  if (isOid(revision)) return []
  if (revision === 'HEAD') return branches === 'refs/heads/' ? ['HEAD'] : [`${branches}HEAD`]
  if (revision.startsWith('refs/')) {
    checkRefName(revision)
    return [revision]
  }
  checkBranchName(revision)
  return [`${branches}${revision}`, `refs/tags/${revision}`]
}
