import { equalValues, keyId, type ObjectKey } from '@lg/runtime'
import type { FileProblem, IndexedDocument, ObjectIndex } from '@lg/storage-raw'
import { storageErrors } from './errors.ts'
import type { ObjectChange, ObjectEvent } from './events.ts'
import type { StoredObject } from './storage.ts'

/** A key that is served by another document than before. */
export interface DocumentChange {
  readonly key: ObjectKey
  readonly before: IndexedDocument | undefined
  readonly after: IndexedDocument | undefined
}

/**
 * What differs between two states of the same files, each key once, in the order of files.
 *
 * @param paths the files that differ: only their keys are compared.
 */
export function* documentChanges(
  before: ObjectIndex,
  after: ObjectIndex,
  paths: Iterable<string>,
): Iterable<DocumentChange> {
  const keys = new Map<string, ObjectKey>()
  for (const path of paths) {
    for (const index of [before, after]) {
      for (const { key } of index.file(path)?.documents ?? []) keys.set(keyId(key), key)
    }
  }
  for (const key of keys.values()) {
    const change = { key, before: before.get(key), after: after.get(key) }
    if (!sameDocument(change.before, change.after)) yield change
  }
}

const sameDocument = (a: IndexedDocument | undefined, b: IndexedDocument | undefined): boolean =>
  a?.version === b?.version &&
  a?.location.path === b?.location.path &&
  a?.location.document === b?.location.document

/** An object at one moment: absent, or why it cannot be served. */
export type ObjectState = StoredObject | { readonly error: Error } | undefined

/** The event of a key whose state changed; none where nobody could tell the two apart. */
export function describeChange(
  before: ObjectState,
  after: ObjectState,
  change: Pick<ObjectChange, 'origin' | 'position'>,
): ObjectEvent | undefined {
  if (after !== undefined && 'error' in after)
    return { type: 'error', error: after.error, position: change.position }
  // What could not be read before was never reported as there.
  const known = before !== undefined && !('error' in before) ? before : undefined
  if (after === undefined) return known && { type: 'deleted', ...known, ...change }
  if (known === undefined) return { type: 'added', ...after, ...change }
  const type = equalValues(known.object, after.object) ? 'textChanged' : 'modified'
  return { type, ...after, previous: known.object, ...change }
}

/** A file that cannot be served, as the error of an event. */
export function problemError(problem: FileProblem): Error {
  const { location, line, message } = problem
  return storageErrors.create('FILE_PROBLEM', `${location.path}:${line}: ${message}`, { problem })
}
