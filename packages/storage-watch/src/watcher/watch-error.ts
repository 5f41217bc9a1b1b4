import { storageWatchErrors } from '../errors.ts'

/** Each limit of inotify, and how the system and `@parcel/watcher` say that it is reached. */
const limits = [
  { setting: 'fs.inotify.max_user_watches', code: 'ENOSPC', text: 'No space left on device' },
  { setting: 'fs.inotify.max_user_instances', code: 'EMFILE', text: 'Too many open files' },
]

/** A failure of the system's watching, with the setting that cures it. */
export function watchError(dir: string, cause: unknown): Error {
  const { code, message } = cause as NodeJS.ErrnoException
  const limit = limits.find((known) => known.code === code || message.includes(known.text))
  if (limit === undefined) {
    const text = `Cannot watch ${dir}: ${message}; it is scanned instead`
    return storageWatchErrors.create('WATCH_FAILED', text, { dir, reason: code ?? message }, { cause })
  }
  const { setting } = limit
  return storageWatchErrors.create(
    'WATCH_LIMIT',
    `Cannot watch all of ${dir}: the system's limit is reached; raise it with "sysctl ${setting}=<number>". Until then it is scanned`,
    { dir, setting },
    { cause },
  )
}
