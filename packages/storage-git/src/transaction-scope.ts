import { AsyncLocalStorage } from 'node:async_hooks'
import { storageGitErrors } from './errors.ts'

/** Knows whether the code that runs now runs inside a transaction of this storage. */
export interface TransactionScope {
  /**
   * Runs `work` as the inside of a transaction.
   *
   * @throws {LgError} `TRANSACTION_ACTIVE` when called from the inside of another one: it would wait for itself on
   *   a fixed branch, and could not see the other's writes.
   */
  run<T>(transaction: string, work: () => Promise<T>): Promise<T>
}

export function createTransactionScope(): TransactionScope {
  const active = new AsyncLocalStorage<string>()
  return {
    run(transaction, work) {
      const outer = active.getStore()
      if (outer !== undefined) {
        throw storageGitErrors.create(
          'TRANSACTION_ACTIVE',
          `Transaction ${transaction} was opened inside ${outer}; make both changes in one, or one after the other`,
          { transaction: outer },
        )
      }
      return active.run(transaction, work)
    },
  }
}
