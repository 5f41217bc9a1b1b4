import { rawStorageErrors } from '../errors.ts'

/** The system's code of an error, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as { readonly code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}

/** True when the path, or a folder on the way, is not there. */
export function isMissing(error: unknown): boolean {
  const code = systemCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/** Runs one call to the disk; its failure becomes a coded error that names the path. */
export async function withCodes<T>(operation: string, path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw toRawStorageError(operation, path, error)
  }
}

function toRawStorageError(operation: string, path: string, cause: unknown): unknown {
  const reason = systemCode(cause)
  switch (reason) {
    case undefined:
      return cause
    case 'ENAMETOOLONG':
      return rawStorageErrors.create(
        'INVALID_PATH',
        `Cannot ${operation} ${shorten(path)}: a name is too long`,
        {
          path,
          reason: 'a name is too long for the file system',
        },
        { cause },
      )
    case 'ELOOP':
      return rawStorageErrors.create(
        'INVALID_PATH',
        `Cannot ${operation} ${path}: it is a symbolic link or no regular file, which a storage never follows`,
        { path, reason: 'it is a symbolic link or no regular file' },
        { cause },
      )
    case 'EISDIR':
    case 'ENOTDIR':
    case 'EEXIST':
      return rawStorageErrors.create(
        'PATH_COLLISION',
        `Cannot ${operation} ${path}: a file stands where a folder is needed, or a folder where the file goes`,
        { path, existing: path },
        { cause },
      )
    default:
      // Errors of lg itself pass through: their codes are not the system's.
      if (!/^E[A-Z0-9]+$/.test(reason) || !('syscall' in (cause as object))) return cause
      return rawStorageErrors.create(
        'IO_FAILED',
        `Cannot ${operation} ${path}: ${explain(reason)}`,
        { path, operation, reason },
        { cause },
      )
  }
}

function explain(reason: string): string {
  switch (reason) {
    case 'EACCES':
    case 'EPERM':
      return `no permission (${reason})`
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk is full (${reason}); what was stored is still there`
    case 'EROFS':
      return 'the file system is read-only (EROFS)'
    default:
      return reason
  }
}

const shorten = (path: string): string => (path.length > 200 ? `${path.slice(0, 200)}...` : path)
