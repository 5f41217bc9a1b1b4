import type { Commit } from '@lg/git'
import type { CallOptions, ObjectKey } from '@lg/runtime'
import {
  describeChange,
  documentChanges,
  problemError,
  type EventOrigin,
  type ObjectEvent,
  type ObjectState,
  type ReadStorage,
} from '@lg/storage'
import type { FileProblem } from '@lg/storage-raw'
import type { CommitState } from './commit-state.ts'

export interface EventTools {
  readonly storageOf: (state: CommitState) => ReadStorage
  readonly changedPaths: (
    from: CommitState,
    to: CommitState,
    options: CallOptions,
  ) => Promise<readonly string[]>
  readonly originOf: (commit: Commit) => EventOrigin
  /** Whether objects of this kind are shown. */
  readonly serves: (key: ObjectKey) => boolean
}

/** What exists at a commit, as events that begin a watch: objects by key, then files that cannot be served. */
export async function* initialEvents(
  state: CommitState,
  commit: Commit,
  tools: EventTools,
  options: CallOptions,
): AsyncGenerator<ObjectEvent> {
  const storage = tools.storageOf(state)
  const position = state.commit
  const origin = tools.originOf(commit)
  for (const { key } of state.index.list()) {
    if (!tools.serves(key)) continue
    const stored = await readOrReport(storage, key, options)
    if (stored === undefined) continue
    yield 'error' in stored ?
      { type: 'error', error: stored.error, position }
    : { type: 'added', ...stored, initial: true, origin, position }
  }
  for (const problem of problemsOf(state)) yield { type: 'error', error: problemError(problem), position }
}

/**
 * What a commit changed. Every event but the last carries the position before the commit: who resumes in the middle
 * gets all of the commit again, and misses nothing.
 */
export async function* commitEvents(
  before: CommitState,
  after: CommitState,
  commit: Commit,
  tools: EventTools,
  options: CallOptions,
): AsyncGenerator<ObjectEvent> {
  const paths = new Set(await tools.changedPaths(before, after, options))
  const origin = tools.originOf(commit)
  const events = changes(before, after, paths, origin, tools, options)
  let current = await events.next()
  while (!current.done) {
    const following = await events.next()
    yield { ...current.value, position: following.done ? after.commit : before.commit }
    current = following
  }
}

async function* changes(
  before: CommitState,
  after: CommitState,
  paths: ReadonlySet<string>,
  origin: EventOrigin,
  tools: EventTools,
  options: CallOptions,
): AsyncGenerator<ObjectEvent> {
  const position = after.commit
  // A second file with an object makes a problem of a file that did not change.
  const known = new Set(problemsOf(before).map(problemId))
  for (const problem of problemsOf(after)) {
    if (!paths.has(problem.location.path) && known.has(problemId(problem))) continue
    yield { type: 'error', error: problemError(problem), position }
  }
  for (const { key, before: was, after: is } of documentChanges(before.index, after.index, paths)) {
    if (!tools.serves(key)) continue
    const previous = was && (await readOrReport(tools.storageOf(before), key, options))
    const stored = is && (await readOrReport(tools.storageOf(after), key, options))
    const event = describeChange(previous, stored, { origin, position })
    if (event !== undefined) yield event
  }
}

/** What is meant to be no object, such as the values of a chart, is no news. */
const problemsOf = ({ index }: CommitState): readonly FileProblem[] =>
  index.problems().filter(({ type }) => type !== 'noObject')

const problemId = ({ type, location, message }: FileProblem): string =>
  `${type} ${location.path} ${location.document} ${message}`

/** An object that does not decode is one event, and does not end the watch. */
async function readOrReport(
  storage: ReadStorage,
  key: ObjectKey,
  options: CallOptions,
): Promise<ObjectState> {
  try {
    return await storage.read(key, { ...options, unstructured: true })
  } catch (error) {
    options.signal?.throwIfAborted()
    return { error: error as Error }
  }
}
