import { runtimeErrors } from './runtime-errors.ts'

/**
 * Refuses a path that must never reach a file system or Git: absolute, with an empty, `.`, `..` or `.git` part (in any
 * case, and in the spellings that other file systems take for it: `git~1`, `.git.`, `.git::$DATA`, invisible
 * characters), with a NUL, with a part of more than 255 bytes, or not well-formed Unicode. A backslash is an ordinary
 * character, unless it would make such a part on Windows.
 *
 * @param path from the root of a directory or repository, `/` between parts.
 * @throws {LgError} `INVALID_PATH` with the reason.
 */
export function checkPath(path: string): void {
  const reason = pathProblem(path)
  if (reason === undefined) return
  const shown = path.length > 200 ? `${path.slice(0, 200)}...` : path
  const message = `Not a path below the root: ${JSON.stringify(shown)}: ${reason}`
  throw runtimeErrors.create('INVALID_PATH', message, { path, reason })
}

function pathProblem(path: string): string | undefined {
  if (path === '') return 'it is empty'
  if (path.includes('\0')) return 'it holds a NUL'
  if (/\p{Surrogate}/u.test(path)) return 'it is not well-formed Unicode'
  if (path.startsWith('/')) return 'it is absolute; paths begin at the root, without a slash'
  if (path.split('/').includes('')) return 'it has an empty part'
  for (const part of path.split(/[/\\]/)) {
    if (part === '.' || part === '..') return `it has the part "${part}"`
    if (isTooLong(part)) return `it has a part of more than ${longestName} bytes`
    if (isDotGit(part)) return `it has the part "${part}", which belongs to Git`
  }
  return undefined
}

/** Bytes that a name may have on nearly every file system. */
const longestName = 255

/** A code unit takes at most three bytes, so that short names need no count. */
function isTooLong(part: string): boolean {
  return part.length * 3 > longestName && new TextEncoder().encode(part).length > longestName
}

/** Code points that some file systems ignore in names. */
const ignorable = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g

function isDotGit(part: string): boolean {
  const plain = part.replace(ignorable, '').toLowerCase()
  const name = plain.replace(/:.*$/s, '').replace(/[ .]+$/, '')
  return name === '.git' || name === 'git~1'
}
