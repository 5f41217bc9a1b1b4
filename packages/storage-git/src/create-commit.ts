import type { Commit, FileChange, Oid } from '@lg/git'
import { markOf } from './commit-mark.ts'
import { formatCommitMessage } from './commit-message.ts'
import type { TransactionContext } from './transaction-context.ts'
import type { CommitDetails } from './transaction-result.ts'

/** Stores the commit of a transaction in the clone, where nobody sees it yet. */
export function createCommit(
  { gitDirectory, author: committer, sign, clock, random }: TransactionContext,
  base: Commit,
  changes: readonly FileChange[],
  details: CommitDetails,
  signal: AbortSignal,
): Promise<Oid> {
  const time = clock.now()
  const content = {
    parents: [base.oid],
    author: { ...(details.author ?? committer), time },
    committer: { ...committer, time },
    message: formatCommitMessage(details),
  }
  const call = { signal }
  return gitDirectory.repository.createCommit(
    {
      ...content,
      changes,
      headers: markOf(content, random),
      ...(sign && { sign: (payload: Uint8Array) => sign(payload, call) }),
    },
    call,
  )
}
