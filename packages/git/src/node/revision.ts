import type { CallOptions } from '@lg/runtime'
import { gitErrors } from '../errors.ts'
import { isOid } from '../oid.ts'
import type { Oid } from '../oid.ts'
import { checkBranchName, checkRefName } from '../ref-name.ts'

/** How an engine looks names up. */
export interface RevisionLookup {
  /** Where branches are: `refs/remotes/origin/` with a remote, else `refs/heads/`. */
  readonly branches: string
  /** The commits that full names of refs lead to. */
  commitsOf(names: readonly string[], options: CallOptions): Promise<readonly Commitish[]>
  /** The commit of an object name, which may be a short one. */
  commitOf(name: string, options: CallOptions): Promise<Commitish>
}

export type Commitish = Oid | 'ambiguous' | undefined

/**
 * The commit that a revision means.
 *
 * @throws {LgError} `REF_NOT_FOUND`, `REF_AMBIGUOUS`, `INVALID_REF`.
 */
export async function resolveRevision(
  revision: string,
  { branches, commitsOf, commitOf }: RevisionLookup,
  options: CallOptions = {},
): Promise<Oid> {
  const candidates = refCandidates(revision, branches)
  const found = new Set(await commitsOf(candidates, options))
  found.delete(undefined)
  // A ref wins over a short object name that happens to be spelt like it.
  if (found.size === 0 && /^[0-9a-f]{4,64}$/.test(revision)) found.add(await commitOf(revision, options))
  const [oid] = found
  if (oid === undefined) {
    throw gitErrors.create('REF_NOT_FOUND', `No branch, tag or commit ${revision} here`, { ref: revision })
  }
  if (found.size > 1 || oid === 'ambiguous') {
    throw gitErrors.create('REF_AMBIGUOUS', `${revision} means several commits; use a full name`, {
      ref: revision,
    })
  }
  return oid
}

/** The full names of refs that a revision may mean: itself, a branch, a tag. Empty for the full name of an object. */
function refCandidates(revision: string, branches: string): readonly string[] {
  if (isOid(revision)) return []
  if (revision === 'HEAD') return branches === 'refs/heads/' ? ['HEAD'] : [`${branches}HEAD`]
  if (revision.startsWith('refs/')) {
    checkRefName(revision)
    return [revision]
  }
  checkBranchName(revision)
  return [`${branches}${revision}`, `refs/tags/${revision}`]
}
