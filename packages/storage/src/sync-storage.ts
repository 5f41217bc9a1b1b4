import {
  abortable,
  silentLogger,
  systemClock,
  systemRandom,
  type CallOptions,
  type Clock,
  type Logger,
  type Random,
} from '@lg/runtime'
import { storageErrors } from './errors.ts'
import type { EventStorage } from './events.ts'
import type { Storage, WriteResult } from './storage.ts'
import { createSyncTarget } from './sync-target.ts'
import type { TargetStatus } from './target-status.ts'

export interface SyncStorageOptions {
  /** What is read, and written first. When it tells events, they are followed after `start()`. */
  readonly source: Storage & Partial<Pick<EventStorage, 'watch'>>
  /** What is kept equal to the source, by a name for messages. Nothing else should write to them. */
  readonly targets: Readonly<Record<string, Storage>>
  readonly clock?: Clock | undefined
  readonly random?: Random | undefined
  readonly logger?: Logger | undefined
}

/** One storage and its copies. */
export interface SyncStorage extends Storage {
  /**
   * Compares every target with the source, writes what differs, and from then on retries what failed (after a second,
   * then longer and longer apart, up to a minute) and follows the events of the source. Called again, it compares again.
   */
  start(options?: CallOptions): Promise<void>
  /**
   * Tries once more whatever is pending.
   *
   * @throws {LgError} `SYNC_FAILED` with every target that is still behind, and why.
   */
  flush(options?: CallOptions): Promise<void>
  /** How far each target is behind. */
  status(): readonly TargetStatus[]
}

/**
 * Keeps several storages equal to one. Reads and writes go to the source; what a write changed goes on to the targets
 * before it resolves. A target that fails does not fail the write: it is behind, which {@link SyncStorage.status}
 * tells, and is tried again. Changes flow from the source to the targets only, and always the newest state of an
 * object, so nothing can go round in circles. Closing it closes them all.
 *
 * @example
 * ```ts
 * const storage = createSyncStorage({ source: git, targets: { backup: directory } })
 * await storage.start()
 * ```
 */
export function createSyncStorage(options: SyncStorageOptions): SyncStorage {
  const { source, clock = systemClock, random = systemRandom, logger = silentLogger } = options
  const targets = Object.entries(options.targets).map(([name, target]) =>
    createSyncTarget({ name, source, target, clock, random, logger }),
  )
  const closing = new AbortController()
  let followers: Promise<unknown> | undefined

  const untilClosed = (signal: AbortSignal | undefined): AbortSignal =>
    signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal])
  const settle = async (signal: AbortSignal | undefined): Promise<void> => {
    await Promise.all(targets.map((target) => target.settle(untilClosed(signal))))
  }
  const compare = async (signal: AbortSignal | undefined): Promise<void> => {
    await Promise.all(targets.map((target) => target.compare(untilClosed(signal))))
  }
  /** The write took effect in the source: what becomes of the targets does not change its result. */
  const passOn = async (
    result: WriteResult,
    { dryRun }: { readonly dryRun?: boolean | undefined } = {},
  ): Promise<WriteResult> => {
    if (dryRun === true) return result
    for (const target of targets) target.mark(result.key)
    await settle(undefined).catch((error: unknown) => {
      if (!closing.signal.aborted) throw error
    })
    return result
  }
  const followSource = async (): Promise<void> => {
    if (source.watch === undefined) return
    for await (const event of source.watch({ signal: closing.signal })) {
      if (event.type === 'relist') await compare(undefined)
      else if ('key' in event) for (const target of targets) target.mark(event.key)
    }
  }
  const background = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!closing.signal.aborted) logger.error(`Sync stopped: ${(error as Error).message}`, { error })
    }
  }
  const close = async (): Promise<void> => {
    closing.abort(storageErrors.create('CLOSED', 'The sync storage is closed', { what: 'sync storage' }))
    await followers
    await Promise.all([source, ...Object.values(options.targets)].map((storage) => storage.close()))
  }

  return {
    ...source,
    create: async (object, call) => passOn(await source.create(object, call), call),
    update: async (object, call) => passOn(await source.update(object, call), call),
    patch: async (key, patch, call) => passOn(await source.patch(key, patch, call), call),
    delete: async (key, call) => passOn(await source.delete(key, call), call),
    async start({ signal } = {}) {
      await abortable(compare(signal), signal)
      await abortable(settle(signal), signal)
      followers ??= Promise.all([
        background(followSource),
        ...targets.map((target) => background(() => target.follow(closing.signal))),
      ])
    },
    async flush({ signal } = {}) {
      await abortable(settle(signal), signal)
      const behind = targets.map((target) => target.status()).filter(({ pending }) => pending > 0)
      if (behind.length === 0) return
      const shown = behind.map(
        ({ name, errors }) => `${name}: ${errors.map(({ error }) => error.message).join('; ')}`,
      )
      throw storageErrors.create('SYNC_FAILED', `Not every target equals the source: ${shown.join(', ')}`, {
        targets: behind,
      })
    },
    status: () => targets.map((target) => target.status()),
    close,
    [Symbol.asyncDispose]: close,
  }
}
