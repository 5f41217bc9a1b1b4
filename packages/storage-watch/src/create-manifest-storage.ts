import { resolve } from 'node:path'
import { abortable, randomHex, silentLogger, systemClock, systemRandom, type CallOptions } from '@lg/runtime'
import { createStorage, observeEvents, problemError, type ObjectEvent, type WatchOptions } from '@lg/storage'
import { createIndexedRawStorage, createPathRules, createPlacement } from '@lg/storage-raw'
import { createDirectoryState } from './directory-state.ts'
import { storageWatchErrors } from './errors.ts'
import { createEventLog } from './events/event-log.ts'
import type { Entry, ReadState } from './events/entries.ts'
import { watchEntries, type WatchTools } from './events/watch-entries.ts'
import { createFollower } from './follower.ts'
import { requireDirectory } from './root-directory.ts'
import type { ManifestStorage, ManifestStorageOptions } from './manifest-storage.ts'
import { createSystemWatcher } from './watcher/system-watcher.ts'

const defaultMaxFileSize = 16 * 1024 * 1024

/**
 * A storage on a directory of manifests that tells what changes in it. `start()` comes first; `close()` frees all.
 *
 * @throws {LgError} `INVALID_TEMPLATE`.
 * @example
 * ```ts
 * const storage = createManifestStorage({ dir: 'manifests', serializer: createSerializer({ scheme }) })
 * await storage.start()
 * for await (const event of storage.watch({ signal })) console.log(event.type)
 * ```
 */
export function createManifestStorage(options: ManifestStorageOptions): ManifestStorage {
  const { serializer, unstructured = false, clock = systemClock, random = systemRandom } = options
  const { logger = silentLogger } = options
  const dir = resolve(options.dir)
  const rules = createPathRules(options)
  const closing = new AbortController()
  const log = createEventLog<Entry>({ name: randomHex(random, 8), history: options.history ?? 1024 })
  const report = (error: Error): void => {
    logger.warn(error.message, { error })
    log.append([{ type: 'error', error }])
  }

  const state = createDirectoryState({
    dir,
    rules,
    recognize: serializer.recognize,
    maxFileSize: options.maxFileSize ?? defaultMaxFileSize,
    fsync: options.fsync,
    clock,
    logger,
    serves: ({ key }) => unstructured || serializer.scheme.versionsOf(key).length > 0,
    failureOf: async (document) => {
      const read = await readState(document, { signal: closing.signal })
      return read !== undefined && 'error' in read ? read.error : undefined
    },
    async lookLater(path, due) {
      try {
        await clock.sleep(options.settle ?? 500, { signal: closing.signal })
        due()
        await follower.look({ paths: [path], trust: 'likely' })
      } catch (error) {
        if (!closing.signal.aborted) report(error as Error)
      }
    },
    look: (path) => follower.look({ paths: [path], trust: 'any' }),
    changed: (entries) => log.append(entries),
  })
  const raw = createIndexedRawStorage({
    files: state.files,
    recognize: serializer.recognize,
    scanner: state.scanner,
    place: createPlacement(options.template),
    scan: 'never',
    clock,
    logger,
  })
  const storage = createStorage({ ...options, raw })
  const readState: ReadState = async (document, call) => {
    if (document === undefined) return undefined
    const { key, version, location } = document
    try {
      return { key, object: await storage.decode(document, call), version, location }
    } catch (error) {
      call.signal?.throwIfAborted()
      return { error: error as Error }
    }
  }
  const follower = createFollower({
    dir,
    watcher: options.watcher ?? createSystemWatcher(),
    enters: rules.folder,
    look: state.look,
    below: state.below,
    report,
    clock,
    quiet: options.quiet ?? 50,
    maxWait: options.maxWait ?? 500,
    rescanInterval: options.rescanInterval ?? 60_000,
    pollInterval: options.pollInterval ?? 2_000,
    signal: closing.signal,
  })

  const current: WatchTools['current'] = () => {
    const { index, problems } = state.current()
    return { index, errors: [...problems.map(problemError), ...follower.failures()] }
  }

  let started: Promise<void> | undefined
  const begin = async (): Promise<void> => {
    await requireDirectory(dir, { create: options.createDirectory ?? false })
    await follower.start()
    state.open()
  }
  const start = async ({ signal }: CallOptions = {}): Promise<void> => {
    closing.signal.throwIfAborted()
    started ??= begin().catch((error: unknown) => {
      started = undefined
      throw error
    })
    await abortable(started, signal)
  }
  async function* watch(call: WatchOptions = {}): AsyncGenerator<ObjectEvent> {
    if (closing.signal.aborted) return
    try {
      await start(call)
      yield* watchEntries({ log, current, serves: state.serves, read: readState }, call)
    } catch (error) {
      // What a watch was reading when the storage was closed under it is no failure, but its end.
      if (!closing.signal.aborted || call.signal?.aborted) throw error
    }
  }
  const close = async (): Promise<void> => {
    if (closing.signal.aborted) return
    closing.abort(storageWatchErrors.create('CLOSED', `The storage of ${dir} is closed`, { dir }))
    log.close()
    await started?.catch(() => {})
    await follower.close()
    await storage.close()
  }

  const { decode: _, ...verbs } = storage
  return {
    ...verbs,
    start,
    watch,
    events: (call) => observeEvents(watch, call),
    async sync(call = {}) {
      await start(call)
      await abortable(follower.look({ paths: 'all', trust: 'any' }), call.signal)
      log.append([{ type: 'synced' }])
      await log.delivered(call)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
