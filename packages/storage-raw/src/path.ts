import { rawStorageErrors } from './errors.ts'

/**
 * Refuses a path that must never reach a file system or Git: absolute, with an empty, `.`, `..` or `.git` part (in any
 * case, and in the spellings that other file systems take for it), with a NUL, with a part of
 * more than 255 bytes, or not well-formed Unicode.
 *
 * @param path from the root of the storage, `/` between parts.
 * @throws {LgError} `INVALID_PATH` with the reason.
 */
export function checkPath(path: string): void {
  const reason = pathProblem(path)
  if (reason === undefined) return
  const shown = path.length > 200 ? `${path.slice(0, 200)}...` : path
  throw rawStorageErrors.create(
    'INVALID_PATH',
    `Not a path in the storage: ${JSON.stringify(shown)}: ${reason}`,
    {
      path,
      reason,
    },
  )
}

/** Bytes that a name may have on nearly every file system. */
const longestName = 255

/** Code points that some file systems ignore in names. */
const ignorable = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g

function pathProblem(path: string): string | undefined {
  if (path === '') return 'it is empty'
  if (path.includes('\0')) return 'it holds a NUL'
  if (/\p{Surrogate}/u.test(path)) return 'it is not well-formed Unicode'
  if (path.startsWith('/')) return 'it is absolute; paths begin at the root of the storage'
  if (path.split('/').includes('')) return 'it has an empty part'
  for (const part of path.split(/[/\\]/)) {
    if (part === '.' || part === '..') return `it has the part "${part}"`
    if (Buffer.byteLength(part) > longestName) return `it has a part of more than ${longestName} bytes`
    if (isDotGit(part)) return `it has the part "${part}", which belongs to Git`
  }
  return undefined
}

function isDotGit(part: string): boolean {
  const plain = part
    .replace(ignorable, '')
    .toLowerCase()
    .replace(/:.*$/s, '')
    .replace(/[ .]+$/, '')
  return plain === '.git' || plain === 'git~1'
}
