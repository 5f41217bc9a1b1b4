import { gitErrors, type Oid } from '@lg/git'
import { abortable, type CallOptions } from '@lg/runtime'
import { createObjectIndex } from '@lg/storage-raw'
import { followCommit, readCommitState, type CommitState, type IndexTools } from './commit-state.ts'
import type { IndexStore } from './index-store.ts'

/** The states of commits, each made once and kept while it may be asked for again. */
export interface CommitStates {
  /** Made from the nearest known state, by reading only what differs. */
  of(commit: Oid, options?: CallOptions): Promise<CommitState>
  /** Waits for what is being saved, and saves what is not. */
  close(): Promise<void>
}

export interface CommitStatesOptions {
  readonly tools: () => IndexTools
  /** Where the index outlives the process; without one it does not. */
  readonly store: () => IndexStore | undefined
}

/** States share what they have in common, so keeping some costs little. */
const keptStates = 16

export function createCommitStates({ tools, store }: CommitStatesOptions): CommitStates {
  const known = new Map<Oid, CommitState>()
  const running = new Map<Oid, Promise<CommitState>>()
  let saved: Oid | undefined
  let latest: CommitState | undefined
  let first: Promise<CommitState> | undefined

  const keep = (state: CommitState): CommitState => {
    known.delete(state.commit)
    known.set(state.commit, state)
    for (const oldest of known.keys()) {
      if (known.size <= keptStates) break
      known.delete(oldest)
    }
    return state
  }
  const save = async (state: CommitState): Promise<void> => {
    if (saved === state.commit) return
    saved = state.commit
    await store()?.save(state)
  }
  const make = async (commit: Oid): Promise<CommitState> => {
    const nearest = [...known.values()].at(-1)
    latest = nearest === undefined ? await open(commit) : await followCommit(tools(), nearest, commit)
    return latest
  }
  /** The first state of all: from the disk where it is there, else by reading every file. */
  const open = async (commit: Oid): Promise<CommitState> => {
    const loaded = await store()?.load()
    if (loaded !== undefined) {
      saved = loaded.commit
      const before = { commit: loaded.commit, index: createObjectIndex(loaded.files) }
      try {
        return await followCommit(tools(), before, commit)
      } catch (error) {
        // Rewritten on the remote, and packed away here since.
        if (!gitErrors.is(error, 'OBJECT_NOT_FOUND')) throw error
      }
    }
    const state = await readCommitState(tools(), commit)
    // Nobody waits for it: what a reader wants is there.
    void save(state)
    return state
  }

  return {
    async of(commit, { signal } = {}) {
      signal?.throwIfAborted()
      const found = known.get(commit)
      if (found !== undefined) return keep(found)
      // Shared by all who ask, so no one's signal may end it. What can follow another state waits for the first.
      const shared = running.get(commit) ?? start(commit)
      running.set(commit, shared)
      return abortable(shared, signal)
    },
    async close() {
      if (latest !== undefined) await save(latest)
      await store()?.settled()
    },
  }

  function start(commit: Oid): Promise<CommitState> {
    const before = first === undefined ? undefined : first.catch(() => {})
    const made = (before === undefined ? make(commit) : before.then(() => make(commit)))
      .then(keep)
      .finally(() => running.delete(commit))
    if (known.size === 0) {
      first = made
      made.catch(() => (first = undefined))
    }
    return made
  }
}
