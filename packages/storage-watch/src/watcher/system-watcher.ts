import type { DirectoryWatcher } from './directory-watcher.ts'
import { createFolderWatcher } from './folder-watcher.ts'
import { createParcelWatcher } from './parcel-watcher.ts'

/** What suits the system. */
export function createSystemWatcher(): DirectoryWatcher {
  const watchesTrees = process.platform === 'darwin' || process.platform === 'win32'
  return watchesTrees ? createParcelWatcher() : createFolderWatcher()
}
