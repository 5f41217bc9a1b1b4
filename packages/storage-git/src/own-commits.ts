import type { Commit, Oid } from '@lg/git'
import type { EventOrigin } from '@lg/storage'

/** Remembers which commits this storage made, so that their events can be told from others'. */
export interface OwnCommits {
  add(commit: Oid, transaction: string): void
  originOf(commit: Commit): EventOrigin
}

/** A reader further behind sees the rest of our own commits as somebody's. */
const kept = 10_000

export function createOwnCommits(): OwnCommits {
  const transactions = new Map<Oid, string>()
  return {
    add(commit, transaction) {
      transactions.set(commit, transaction)
      for (const oldest of transactions.keys()) {
        if (transactions.size <= kept) break
        transactions.delete(oldest)
      }
    },
    originOf({ oid, author: { name, email } }) {
      const transaction = transactions.get(oid)
      const by = transaction === undefined ? 'other' : 'self'
      return {
        by,
        ...(transaction === undefined ? {} : { transaction }),
        commit: oid,
        author: { name, email },
      }
    },
  }
}
