import type { Commit } from '@lg/git'
import { equalValues, keyId, type CallOptions, type ObjectKey } from '@lg/runtime'
import type { EventOrigin, ObjectChange, ObjectEvent, ReadStorage, StoredObject } from '@lg/storage'
import type { FileProblem, IndexedDocument, ObjectIndex } from '@lg/storage-raw'
import type { CommitState } from './commit-state.ts'
import { problemError } from './problem-error.ts'

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
  for (const key of touchedKeys(before.index, after.index, paths)) {
    if (!tools.serves(key)) continue
    const change = { origin, position }
    const was = before.index.get(key)
    const is = after.index.get(key)
    if (sameDocument(was, is)) continue
    const previous = was && (await readOrReport(tools.storageOf(before), key, options))
    const stored = is && (await readOrReport(tools.storageOf(after), key, options))
    const event = describe(previous, stored, change)
    if (event !== undefined) yield event
  }
}

/** What is meant to be no object, such as the values of a chart, is no news. */
const problemsOf = ({ index }: CommitState): readonly FileProblem[] =>
  index.problems().filter(({ type }) => type !== 'noObject')

const problemId = ({ type, location, message }: FileProblem): string =>
  `${type} ${location.path} ${location.document} ${message}`

type Read = StoredObject | { readonly error: Error } | undefined

function describe(
  previous: Read,
  stored: Read,
  change: Pick<ObjectChange, 'origin' | 'position'>,
): ObjectEvent | undefined {
  if (stored !== undefined && 'error' in stored)
    return { type: 'error', error: stored.error, position: change.position }
  // What could not be read before was never reported as there.
  const known = previous !== undefined && !('error' in previous) ? previous : undefined
  if (stored === undefined) return known && { type: 'deleted', ...known, ...change }
  if (known === undefined) return { type: 'added', ...stored, ...change }
  const type = equalValues(known.object, stored.object) ? 'textChanged' : 'modified'
  return { type, ...stored, previous: known.object, ...change }
}

/** The keys in files that differ, each once, in the order of files: only they can have changed. */
function touchedKeys(
  before: ObjectIndex,
  after: ObjectIndex,
  paths: ReadonlySet<string>,
): Iterable<ObjectKey> {
  const keys = new Map<string, ObjectKey>()
  for (const path of paths) {
    for (const index of [before, after]) {
      for (const { key } of index.file(path)?.documents ?? []) keys.set(keyId(key), key)
    }
  }
  return keys.values()
}

const sameDocument = (a: IndexedDocument | undefined, b: IndexedDocument | undefined): boolean =>
  a?.version === b?.version &&
  a?.location.path === b?.location.path &&
  a?.location.document === b?.location.document

/** An object that does not decode is one event, and does not end the watch. */
async function readOrReport(storage: ReadStorage, key: ObjectKey, options: CallOptions): Promise<Read> {
  try {
    return await storage.read(key, { ...options, unstructured: true })
  } catch (error) {
    options.signal?.throwIfAborted()
    return { error: error as Error }
  }
}
