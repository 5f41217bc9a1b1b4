import { storageWatchErrors } from '../errors.ts'

const settings: Readonly<Record<string, string>> = {
  ENOSPC: 'fs.inotify.max_user_watches',
  EMFILE: 'fs.inotify.max_user_instances',
}

/** A failure of the system's watching, with the setting that cures it. */
export function watchError(dir: string, cause: unknown): Error {
  const { code, message } = cause as NodeJS.ErrnoException
  const setting = code === undefined ? undefined : settings[code]
  if (setting === undefined) {
    const text = `Cannot watch ${dir}: ${message}; it is scanned instead`
    return storageWatchErrors.create('WATCH_FAILED', text, { dir, reason: code ?? message }, { cause })
  }
  return storageWatchErrors.create(
    'WATCH_LIMIT',
    `Cannot watch all of ${dir}: the system's limit is reached; raise it with "sysctl ${setting}=<number>". Until then it is scanned`,
    { dir, setting },
    { cause },
  )
}
