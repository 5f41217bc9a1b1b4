import type { Clock } from '@lg/runtime'
import type { WatchRequest } from '../watcher/directory-watcher.ts'

/** What was reported since the batch before. */
export interface Batch {
  readonly files: ReadonlySet<string>
  /** Folders of which anything may have changed. */
  readonly folders: ReadonlySet<string>
  /** So much was reported that some of it may have been lost. */
  readonly isBurst: boolean
}

export interface BatchOptions {
  readonly clock: Clock
  /** Milliseconds without a report that end a batch. */
  readonly quiet: number
  /** Milliseconds after which a batch ends also in a busy tree. */
  readonly maxWait: number
  readonly signal: AbortSignal
  readonly handle: (batch: Batch) => Promise<void>
}

/** Reports beyond this may come faster than they are taken from the system's queue. */
const burst = 1000

/** The quiet time is measured in so many parts: a write is several reports, and none of them should cost all of it. */
const slices = 5

/** Gathers reports until the tree is quiet for a while, or for long enough. Batches are handled one after the other. */
export function createBatches(options: BatchOptions): Pick<WatchRequest, 'changed' | 'missed'> {
  const { clock, quiet, maxWait, signal, handle } = options
  let files = new Set<string>()
  let folders = new Set<string>()
  let missed = false
  let reports = 0
  let running = false

  const take = (): Batch => {
    const batch = { files, folders, isBurst: missed || reports > burst }
    files = new Set()
    folders = new Set()
    missed = false
    reports = 0
    return batch
  }
  const run = async (): Promise<void> => {
    while (reports > 0 && !signal.aborted) {
      const slice = quiet / slices
      for (let waited = 0, still = 0; still < slices && waited < maxWait; waited += slice) {
        const seen = reports
        await clock.sleep(slice, { signal })
        still = reports === seen ? still + 1 : 0
      }
      await handle(take())
    }
  }
  const report = (): void => {
    reports++
    if (running) return
    running = true
    run()
      .catch((error: unknown) => {
        if (!signal.aborted) throw error
      })
      .finally(() => (running = false))
  }
  return {
    changed(path, type) {
      const paths = type === 'folder' ? folders : files
      paths.add(path)
      report()
    },
    missed() {
      missed = true
      report()
    },
  }
}
