import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { CallOptions } from '@lg/runtime'

/**
 * Fails as `fs.watch` does where the system gives no inotify instance or no watch any more: `@parcel/watcher` would
 * block the whole process then. It is tried in a thread, since a process keeps its first instance for good.
 */
export async function requireInotify(options: CallOptions): Promise<void> {
  const worker = new Worker(`require('node:fs').watch('/').close()`, { eval: true })
  await once(worker, 'exit', options)
}
