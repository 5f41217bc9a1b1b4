import type { CallOptions } from '@lg/runtime'
import type { ReadStorage, Storage } from './storage.ts'

/**
 * A storage that changes only through transactions: all writes of one become visible together or not at all.
 *
 * `Target` says where a transaction goes (for Git: the base, a branch, a pull request), `Result` what became of it.
 */
export interface TransactionStorage<Target, Result> extends ReadStorage {
  /**
   * Runs `change` on a state of its own and applies what it wrote. When the base moved meanwhile, `change` runs again
   * on the new one, so it must do nothing else that counts. What it throws ends the transaction and leaves no trace.
   *
   * @param name for people; a name that ends in `-` gets 8 random hexadecimal digits.
   */
  transaction(
    name: string,
    change: (tx: Transaction) => Promise<Target>,
    options?: CallOptions,
  ): Promise<Result>
}

/** The storage inside a transaction: it reads its own writes, and nobody else does. */
export interface Transaction extends Storage {
  /** The name with its suffix. */
  readonly name: string
  /** 1 for the first run of the callback, 2 after the base moved once. */
  readonly attempt: number
  /** Aborted with the transaction; pass it on. */
  readonly signal: AbortSignal
  /** Ends the transaction without a change and without an error: its result says `aborted`, with the reason. */
  abort(reason: string): never
}
