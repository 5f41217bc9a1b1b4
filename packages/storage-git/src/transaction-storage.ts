import type { KubernetesObject } from '@lg/runtime'
import type { Storage, Transaction, WriteOptions, WriteResult } from '@lg/storage'
import { storageGitErrors } from './errors.ts'
import { createSeenObjects, reads } from './merge-update.ts'

/** The storage that a callback gets, and what its caller needs to end it. */
export interface OpenTransaction {
  readonly tx: Transaction
  /**
   * Runs the callback to its end, every call that it did not wait for included: a write must not be lost because
   * an `await` was forgotten. From then on each call on `tx` is `TRANSACTION_FINISHED`.
   */
  run<Result>(change: (tx: Transaction) => Promise<Result>): Promise<TransactionRun<Result>>
}

export type TransactionRun<Result> =
  { readonly type: 'done'; readonly result: Result } | { readonly type: 'aborted'; readonly reason: string }

export interface TransactionIdentity {
  readonly name: string
  readonly attempt: number
  readonly signal: AbortSignal
  /** What `update` does with an object that was not read in this attempt. */
  readonly merge: (storage: Storage, object: KubernetesObject, options?: WriteOptions) => Promise<WriteResult>
}

export function openTransaction(storage: Storage, identity: TransactionIdentity): OpenTransaction {
  const { name, attempt, signal, merge } = identity
  const seen = createSeenObjects()
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
    if (typeof member !== 'function') continue
    guarded[key] = guard((...args: unknown[]): unknown => {
      const result: unknown = member.apply(storage, args)
      return reads.has(key) && result instanceof Promise ? result.then(remember) : result
    })
  }
  const remember = (result: unknown): unknown => {
    seen.add(result)
    return result
  }
  const tx: Transaction = {
    ...(guarded as unknown as Storage),
    update: guard(async (object, options) => {
      const result = await (seen.has(object) ?
        storage.update(object, options)
      : merge(storage, object, options))
      seen.add(object)
      return result
    }),
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
        const result = await change(tx)
        while (pending.size > 0) await Promise.all(pending)
        return abortion === undefined ? { type: 'done', result } : { type: 'aborted', ...abortion }
      } catch (error) {
        // Also when the callback wrapped it: what was aborted is not committed, and is no failure.
        if (abortion !== undefined) return { type: 'aborted', ...abortion }
        throw error
      } finally {
        finished = true
        await storage.close()
      }
    },
  }
}

/** Only ends the callback; the caller of the transaction sees an outcome instead. */
class TransactionAborted extends Error {
  override readonly name = 'TransactionAborted'
}
