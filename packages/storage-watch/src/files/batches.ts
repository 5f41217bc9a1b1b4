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
  /** Handed a few files ahead of their batch, as soon as no report follows theirs at once. */
  readonly preview: (files: ReadonlySet<string>) => Promise<void>
  readonly handle: (batch: Batch) => Promise<void>
}

/** Reports beyond this may come faster than they are taken from the system's queue. */
const burst = 1000

/** More files than this are no single edit, and wait for their batch. */
const few = 16

/** The quiet time is measured in so many parts: a write is several reports, and none of them should cost all of it. */
const slices = 10

/** Gathers reports until the tree is quiet for a while, or for long enough. Batches are handled one after the other. */
export function createBatches(options: BatchOptions): Pick<WatchRequest, 'changed' | 'missed'> {
  const { clock, quiet, maxWait, signal, preview, handle } = options
  let files = new Set<string>()
  let folders = new Set<string>()
  /** The files that no preview had yet. */
  let fresh = new Set<string>()
  let missed = false
  let reports = 0
  let running = false

  const take = (): Batch => {
    const batch = { files, folders, isBurst: missed || reports > burst }
    files = new Set()
    folders = new Set()
    fresh = new Set()
    missed = false
    reports = 0
    return batch
  }
  const previewFew = async (): Promise<void> => {
    const previewed = fresh
    fresh = new Set()
    if (previewed.size > 0 && previewed.size <= few && folders.size === 0) await preview(previewed)
  }
  const waitForQuiet = async (): Promise<void> => {
    const slice = quiet / slices
    let seen = reports
    for (let waited = 0, still = 0; still < slices && waited < maxWait; waited += slice) {
      await clock.sleep(slice, { signal })
      still = reports === seen ? still + 1 : 0
      seen = reports
      if (still === 1) await previewFew()
    }
  }
  const run = async (): Promise<void> => {
    running = true
    try {
      while (reports > 0) {
        await waitForQuiet()
        await handle(take())
      }
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      running = false
    }
  }
  const report = (): void => {
    reports++
    if (!running && !signal.aborted) void run()
  }
  return {
    changed(path, type) {
      if (type === 'folder') folders.add(path)
      else {
        files.add(path)
        fresh.add(path)
      }
      report()
    },
    missed() {
      missed = true
      report()
    },
  }
}
