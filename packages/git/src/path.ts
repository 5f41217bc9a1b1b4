import { gitErrors } from './errors.ts'

/** Code points that some file systems ignore in names. */
const ignorable = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g

/**
 * Refuses a path that must never reach an engine: absolute, with an empty, `.`, `..` or `.git` part (in any case, and
 * in the spellings that other file systems take for it: `git~1`, `.git.`, `.git::$DATA`, invisible characters), with
 * a NUL, or not well-formed Unicode. A backslash is an ordinary character, unless it would make such a part on Windows.
 *
 * @param path from the repository's root, `/` between parts.
 * @throws {LgError} `INVALID_PATH` with the reason.
 */
export function checkPath(path: string): void {
  const reason = pathProblem(path)
  if (reason !== undefined) {
    throw gitErrors.create(
      'INVALID_PATH',
      `Not a path for a repository: ${JSON.stringify(path)}: ${reason}`,
      {
        path,
        reason,
      },
    )
  }
}

function pathProblem(path: string): string | undefined {
  if (path === '') return 'it is empty'
  if (path.includes('\0')) return 'it holds a NUL'
  if (/\p{Surrogate}/u.test(path)) return 'it is not well-formed Unicode'
  if (path.startsWith('/')) return 'it is absolute; paths begin at the root of the repository'
  if (path.split('/').includes('')) return 'it has an empty part'
  for (const part of path.split(/[/\\]/)) {
    if (part === '.' || part === '..') return `it has the part "${part}"`
    if (isDotGit(part)) return `it has the part "${part}", which belongs to Git`
  }
  return undefined
}

function isDotGit(part: string): boolean {
  const plain = part.replace(ignorable, '').toLowerCase()
  const name = plain.replace(/:.*$/s, '').replace(/[ .]+$/, '')
  return name === '.git' || name === 'git~1'
}
