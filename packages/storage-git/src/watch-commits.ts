import { gitErrors, type Commit, type Oid } from '@lg/git'
import type { GitDirectory } from '@lg/gitdir'
import type { CallOptions } from '@lg/runtime'
import { storageErrors, type ObjectEvent, type WatchOptions } from '@lg/storage'
import { commitEvents, initialEvents, type EventTools } from './commit-events.ts'
import type { CommitState } from './commit-state.ts'

export interface WatchTools extends EventTools {
  readonly gitDirectory: GitDirectory
  readonly stateOf: (commit: Oid, options: CallOptions) => Promise<CommitState>
  /** Resolves with the head once it is another commit than `seen`; with `undefined` when the watch is to end. */
  readonly headAfter: (seen: Oid | undefined, options: CallOptions) => Promise<Commit | undefined>
  /** Told when a reader has everything up to a commit. */
  readonly reached: (commit: Oid) => void
}

/** More commits than these are reported as one change: their sum. */
const commitLimit = 10_000

/**
 * The events of one reader. The history is the log: each reader walks it at its own pace from its own commit, so a
 * slow one needs no buffer and loses nothing.
 */
export async function* watchCommits(tools: WatchTools, options: WatchOptions): AsyncGenerator<ObjectEvent> {
  const { since, signal } = options
  const call: CallOptions = { signal }
  const first = await tools.headAfter(undefined, call)
  if (first === undefined) return
  let state =
    since === undefined ? await tools.stateOf(first.oid, call) : await resumeFrom(since, first, tools, call)
  if (since === undefined) yield* initialEvents(state, first, tools, call)
  for (let synced = false; ;) {
    const head = tools.gitDirectory.head
    if (head === undefined || head.oid === state.commit) {
      if (!synced) yield { type: 'synced', position: state.commit }
      synced = true
      tools.reached(state.commit)
      if ((await tools.headAfter(state.commit, call)) === undefined) return
      continue
    }
    for (const commit of await commitsTo(head, state.commit, tools, call)) {
      const next = await tools.stateOf(commit.oid, call)
      yield* commitEvents(state, next, commit, tools, call)
      state = next
    }
  }
}

async function resumeFrom(
  position: string,
  head: Commit,
  tools: WatchTools,
  options: CallOptions,
): Promise<CommitState> {
  const { repository } = tools.gitDirectory
  const known = await repository.isAncestor(position, head.oid, options).catch((error: unknown) => {
    if (gitErrors.is(error, 'OBJECT_NOT_FOUND') || gitErrors.is(error, 'HISTORY_INCOMPLETE')) return false
    throw error
  })
  if (known) return tools.stateOf(position, options)
  throw storageErrors.create(
    'EXPIRED',
    `The commit ${position.slice(0, 40)} is not part of ${tools.gitDirectory.branch} any more; watch again from the start`,
    { position },
  )
}

/** The commits of the branch from `from` to the head, oldest first; only the head when there is no such way. */
async function commitsTo(
  head: Commit,
  from: Oid,
  tools: WatchTools,
  options: CallOptions,
): Promise<readonly Commit[]> {
  const { repository } = tools.gitDirectory
  if (!(await repository.isAncestor(from, head.oid, options))) return [head]
  const commits: Commit[] = []
  const log = repository.log(head.oid, {
    ...options,
    exclude: from,
    firstParent: true,
    limit: commitLimit + 1,
  })
  for await (const commit of log) commits.push(commit)
  return commits.length > commitLimit ? [head] : commits.reverse()
}
