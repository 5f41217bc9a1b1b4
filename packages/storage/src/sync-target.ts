import {
  abortable,
  equalValues,
  formatKey,
  isLgError,
  keyId,
  type Clock,
  type KubernetesObject,
  type Logger,
  type ObjectKey,
  type Random,
} from '@lg/runtime'
import { createQueue } from '@lg/storage-raw'
import { storageErrors } from './errors.ts'
import type { ReadStorage, Storage } from './storage.ts'
import type { TargetStatus } from './target-status.ts'

/** Keeps one storage equal to another, object by object: whatever happened in between, the newest state is written. */
export interface SyncTarget {
  readonly name: string
  /** Notes that an object may differ. */
  mark(key: ObjectKey): void
  /** Writes what is noted; what fails stays noted, and its error is kept. */
  settle(signal: AbortSignal): Promise<void>
  /** Notes every object that differs. */
  compare(signal: AbortSignal): Promise<void>
  status(): TargetStatus
  /** Settles again and again while something is noted, longer and longer apart; rejects with the signal's reason. */
  follow(signal: AbortSignal): Promise<void>
}

const firstPause = 1000
const longestPause = 60_000

export function createSyncTarget(options: {
  readonly name: string
  readonly source: ReadStorage
  readonly target: Storage
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}): SyncTarget {
  const { name, source, target, clock, random, logger } = options
  const pending = new Map<string, ObjectKey>()
  const errors = new Map<string, { readonly key: ObjectKey; readonly error: Error }>()
  const turns = createQueue()
  let wake: (() => void) | undefined

  const mark = (key: ObjectKey): void => {
    pending.set(keyId(key), key)
    wake?.()
  }
  const read = async (
    storage: ReadStorage,
    key: ObjectKey,
    signal: AbortSignal,
  ): Promise<KubernetesObject | undefined> => {
    try {
      return await storage.get(key, { unstructured: true, signal })
    } catch (error) {
      if (isLgError(error, 'NOT_FOUND')) return undefined
      throw error
    }
  }
  /** An object in a file that cannot be read is not gone: it is not known. */
  const requireGone = async (key: ObjectKey, signal: AbortSignal): Promise<void> => {
    const problems = (await source.problems({ signal })).filter(
      ({ type }) => type === 'invalid' || type === 'unreadable',
    )
    const [first] = problems
    if (first === undefined) return
    throw storageErrors.create(
      'DELETION_HELD',
      `${formatKey(key)} is not found in the source, but ${first.location.path} there cannot be read, so it may be in it`,
      { key, problems },
    )
  }
  const copy = async (key: ObjectKey, signal: AbortSignal): Promise<void> => {
    const [wanted, present] = [await read(source, key, signal), await read(target, key, signal)]
    if (wanted === undefined) {
      if (present === undefined) return
      await requireGone(key, signal)
      await target.delete(key, { signal })
    } else if (present === undefined) {
      await target.create(wanted, { signal })
    } else if (!equalValues(wanted, present)) {
      await target.update(wanted, { signal })
    }
  }
  const settle = (signal: AbortSignal): Promise<void> =>
    turns.run(async () => {
      for (const [id, key] of [...pending]) {
        signal.throwIfAborted()
        // Taken off first: a change that comes while this one is written is noted anew.
        pending.delete(id)
        try {
          await copy(key, signal)
          errors.delete(id)
        } catch (error) {
          mark(key)
          signal.throwIfAborted()
          errors.set(id, { key, error: error as Error })
          logger.warn(`${name}: ${(error as Error).message}`, { target: name, key })
        }
      }
    })

  return {
    name,
    mark,
    settle,
    async compare(signal) {
      const versions = async (
        storage: ReadStorage,
      ): Promise<Map<string, { key: ObjectKey; object: KubernetesObject }>> => {
        const found = new Map<string, { key: ObjectKey; object: KubernetesObject }>()
        for (const kind of await storage.kinds({ signal })) {
          for (const { key, object } of await storage.list(kind, { entries: true, signal })) {
            found.set(keyId(key), { key, object })
          }
        }
        return found
      }
      const [wanted, present] = [await versions(source), await versions(target)]
      for (const [id, { key, object }] of wanted) {
        if (!equalValues(object, present.get(id)?.object)) mark(key)
      }
      for (const [id, { key }] of present) if (!wanted.has(id)) mark(key)
    },
    status: () => ({ name, pending: pending.size, errors: [...errors.values()] }),
    async follow(signal) {
      for (let pause = firstPause; !signal.aborted;) {
        if (pending.size === 0) {
          await abortable(new Promise<void>((resolve) => (wake = resolve)), signal)
          wake = undefined
          continue
        }
        await settle(signal)
        if (errors.size === 0) pause = firstPause
        else {
          await clock.sleep(pause * (0.5 + random.fraction() / 2), { signal })
          pause = Math.min(pause * 2, longestPause)
        }
      }
    },
  }
}
