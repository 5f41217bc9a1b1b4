import { gitErrors } from './errors.ts'

/**
 * Refuses what is not the full name of a ref, by the rules of git-check-ref-format: `refs/heads/main`.
 *
 * @throws {LgError} `INVALID_REF` with the reason.
 */
export function checkRefName(ref: string): void {
  const reason = ref.startsWith('refs/') ? nameProblem(ref) : 'a full name begins with "refs/"'
  if (reason !== undefined) throw invalidRef(ref, reason)
}

/**
 * Refuses what cannot name a branch: what `checkRefName` refuses behind `refs/heads/`, `HEAD`, and what looks like
 * an option.
 *
 * @throws {LgError} `INVALID_REF` with the reason.
 */
export function checkBranchName(branch: string): void {
  const reason = branch === 'HEAD' ? '"HEAD" is no branch' : nameProblem(branch)
  if (reason !== undefined) throw invalidRef(branch, reason)
}

/** A refspec in parts: `+refs/heads/*:refs/remotes/origin/*`. */
export interface Refspec {
  readonly force: boolean
  readonly source: string
  readonly destination: string
}

/**
 * Reads a refspec with both sides as full names, with one `*` on each side or none.
 *
 * @throws {LgError} `INVALID_REF`.
 */
export function parseRefspec(refspec: string): Refspec {
  const [, force, source = '', destination = ''] = /^(\+?)([^:+]+):([^:]+)$/.exec(refspec) ?? []
  const stars = (text: string): number => text.split('*').length - 1
  if (source === '' || stars(source) !== stars(destination) || stars(source) > 1) {
    throw invalidRef(
      refspec,
      'a refspec reads "+refs/heads/main:refs/remotes/origin/main", with one "*" a side or none',
    )
  }
  if (source !== 'HEAD') checkRefName(source.replace('*', 'x'))
  checkRefName(destination.replace('*', 'x'))
  return { force: force === '+', source, destination }
}

function nameProblem(name: string): string | undefined {
  if (name === '') return 'it is empty'
  if (name.startsWith('-')) return 'it begins with "-", which programs read as an option'
  if (name === '@') return '"@" alone is no name'
  if (name.includes('..')) return 'it has ".."'
  if (name.includes('@{')) return 'it has "@{"'
  // oxlint-disable-next-line no-control-regex
  const bad = /[\u0000- \u007f~^:?*[\\]/.exec(name)?.[0]
  if (bad !== undefined) return `it has the character ${JSON.stringify(bad)}`
  if (/\p{Surrogate}/u.test(name)) return 'it is not well-formed Unicode'
  if (name.endsWith('.')) return 'it ends in "."'
  for (const part of name.split('/')) {
    if (part === '') return 'it has an empty part'
    if (part.startsWith('.')) return 'a part begins with "."'
    if (part.endsWith('.lock')) return 'a part ends in ".lock"'
  }
  return undefined
}

function invalidRef(ref: string, reason: string): Error {
  return gitErrors.create('INVALID_REF', `Not a name that Git allows: ${JSON.stringify(ref)}: ${reason}`, {
    ref,
    reason,
  })
}
