import { abortable, checkPath } from '@lg/runtime'
import type { Storage } from '@lg/storage'
import { rawStorageErrors } from '@lg/storage-raw'
import type { Layer } from './document-state.ts'
import { storageGitErrors } from './errors.ts'
import type { GitTransaction } from './git-storage.ts'
import type { MergingUpdate } from './merge-update.ts'

/** The storage that a callback gets, and what its caller needs to end it. */
export interface OpenTransaction {
  readonly tx: GitTransaction
  /**
   * Runs the callback to its end, every call that it did not wait for included: a write must not be lost because
   * an `await` was forgotten. From then on each call on `tx` is `TRANSACTION_FINISHED`.
   */
  run<Result>(change: (tx: GitTransaction) => Promise<Result>): Promise<TransactionRun<Result>>
}

type TransactionRun<Result> =
  { readonly type: 'done'; readonly result: Result } | { readonly type: 'aborted'; readonly reason: string }

export interface TransactionIdentity {
  readonly name: string
  readonly attempt: number
  readonly signal: AbortSignal
  /** What `update` does. */
  readonly update: MergingUpdate
}

export function openTransaction(layer: Layer, identity: TransactionIdentity): OpenTransaction {
  const { storage } = layer
  const { name, attempt, signal } = identity
  const pending = new Set<Promise<unknown>>()
  let finished = false
  let abortion: { readonly reason: string } | undefined

  const guard = <Args extends unknown[], Result>(
    call: (...args: Args) => Result,
  ): ((...args: Args) => Result) => {
    return (...args) => {
      if (finished) {
        throw storageGitErrors.create(
          'TRANSACTION_FINISHED',
          `Transaction ${name} has ended; use its storage only inside the callback`,
          { transaction: name },
        )
      }
      signal.throwIfAborted()
      const result = call(...args)
      if (result instanceof Promise) {
        pending.add(result)
        // The caller sees the failure; here it only must not count as unhandled.
        void result.catch(() => {}).finally(() => pending.delete(result))
      }
      return result
    }
  }
  const members = storage as unknown as Readonly<Record<PropertyKey, unknown>>
  const guarded: Record<PropertyKey, unknown> = {}
  for (const key of Reflect.ownKeys(storage)) {
    const member = members[key]
    if (typeof member === 'function')
      guarded[key] = guard((...args: unknown[]): unknown => member.apply(storage, args))
  }
  const tx: GitTransaction = {
    ...(guarded as unknown as Storage),
    update: guard(identity.update),
    // It ends with the callback, and not before.
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
    move: guard((key, path, call) => moveDocument(layer, key, path, call)),
    moveFile: guard((from, to, call) => moveFile(layer, from, to, call)),
    name,
    attempt,
    signal,
    abort(reason) {
      abortion ??= { reason }
      throw new TransactionAborted(reason)
    },
  }

  return {
    tx,
    async run(change) {
      try {
        const running = change(tx)
        // When the signal is first, nobody waits for it any more.
        running.catch(() => {})
        const result = await abortable(running, signal)
        while (pending.size > 0) await Promise.all(pending)
        return abortion === undefined ? { type: 'done', result } : { type: 'aborted', ...abortion }
      } catch (error) {
        // Also when the callback wrapped it: what was aborted is not committed, and is no failure.
        if (abortion !== undefined) return { type: 'aborted', ...abortion }
        throw error
      } finally {
        finished = true
      }
    },
  }
}

/** Only ends the callback; the caller of the transaction sees an outcome instead. */
class TransactionAborted extends Error {
  override readonly name = 'TransactionAborted'
}

/** Takes a document as it stands out of one file and puts it into another. */
export async function moveDocument(
  { raw }: Pick<Layer, 'raw'>,
  ...[key, path, options = {}]: Parameters<GitTransaction['move']>
): ReturnType<GitTransaction['move']> {
  checkPath(path)
  const { bytes, contentType, location } = await raw.read(key, options)
  if (location.path === path) return
  await raw.delete(key, options)
  await raw.write(key, bytes, { ...options, expected: null, contentType, path })
}

async function moveFile(
  { raw, files }: Pick<Layer, 'raw' | 'files'>,
  ...[from, to, options = {}]: Parameters<GitTransaction['moveFile']>
): ReturnType<GitTransaction['moveFile']> {
  for (const path of [from, to]) {
    checkPath(path)
    if (files.includes(path)) continue
    const reason = 'the include and exclude rules leave this file out'
    throw rawStorageErrors.create('INVALID_PATH', `Cannot move ${from} to ${to}: ${path}: ${reason}`, {
      path,
      reason,
    })
  }
  if ((await files.stat(from, options)) === undefined) {
    throw rawStorageErrors.create('INVALID_PATH', `Cannot move ${from}: it is not there`, {
      path: from,
      reason: 'it is not there',
    })
  }
  if (from === to) return
  await files.move(from, to, options)
  await raw.addMapping(from, options)
  await raw.addMapping(to, options)
}
