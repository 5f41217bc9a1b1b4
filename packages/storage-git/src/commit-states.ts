import type { Oid } from '@lg/git'
import { abortable, type CallOptions } from '@lg/runtime'
import { followCommit, readCommitState, type CommitState, type IndexTools } from './commit-state.ts'

/** The states of commits, each made once and kept while it may be asked for again. */
export interface CommitStates {
  /** Made from the nearest known state, by reading only what differs. */
  of(commit: Oid, options?: CallOptions): Promise<CommitState>
}

/** States share what they have in common, so keeping some costs little. */
const keptStates = 16

export function createCommitStates(tools: () => IndexTools): CommitStates {
  const known = new Map<Oid, CommitState>()
  const running = new Map<Oid, Promise<CommitState>>()

  const keep = (state: CommitState): CommitState => {
    known.delete(state.commit)
    known.set(state.commit, state)
    for (const oldest of known.keys()) {
      if (known.size <= keptStates) break
      known.delete(oldest)
    }
    return state
  }
  const make = async (commit: Oid): Promise<CommitState> => {
    const nearest = [...known.values()].at(-1)
    return nearest === undefined ? readCommitState(tools(), commit) : followCommit(tools(), nearest, commit)
  }

  return {
    async of(commit, { signal } = {}) {
      signal?.throwIfAborted()
      const found = known.get(commit)
      if (found !== undefined) return keep(found)
      // Shared by all who ask, so no one's signal may end it.
      const shared =
        running.get(commit) ??
        make(commit)
          .then(keep)
          .finally(() => running.delete(commit))
      running.set(commit, shared)
      return abortable(shared, signal)
    },
  }
}
