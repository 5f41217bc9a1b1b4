import type { FileChange, Oid } from '@lg/git'
import { keyId, type CallOptions, type ObjectKey } from '@lg/runtime'
import { documentState, type DocumentState, type Layer } from './document-state.ts'
import { fieldChanges, type FieldChange } from './field-changes.ts'
import type { TransactionDecision } from './transaction-result.ts'

/**
 * What a transaction would do, or did: a plain value. `stringifyJson` and `parseJson` of `@lg/runtime` store it with
 * every integer exact; `GitStorage.apply` carries it out, on another base too.
 */
export interface TransactionPlan {
  /** Name of the transaction that made it. */
  readonly transaction: string
  /** The commit that it was made on. */
  readonly base: Oid
  readonly decision: TransactionDecision
  /** Ordered by file, as far as objects have one. */
  readonly objects: readonly PlannedObject[]
  /** The files that change, ordered by path. */
  readonly files: readonly PlannedFile[]
}

export interface PlannedObject {
  readonly key: ObjectKey
  /** `move`: only the file is another one. */
  readonly operation: 'create' | 'update' | 'move' | 'delete'
  readonly before?: DocumentState | undefined
  readonly after?: DocumentState | undefined
  /** The fields that an update changes; none when only the text differs. */
  readonly fields: readonly FieldChange[]
}

export interface PlannedFile {
  readonly path: string
  readonly operation: 'create' | 'update' | 'delete'
}

/** What differs between two layers in the documents of some files. */
export async function plannedObjects(
  before: Pick<Layer, 'raw' | 'storage'>,
  after: Pick<Layer, 'raw' | 'storage'>,
  paths: Iterable<string>,
  options: CallOptions = {},
): Promise<readonly PlannedObject[]> {
  const keys = new Map<string, ObjectKey>()
  for (const path of paths) {
    for (const { raw } of [before, after]) {
      for (const key of await raw.keysOf(path, options)) keys.set(keyId(key), key)
    }
  }
  const objects: PlannedObject[] = []
  for (const key of keys.values()) {
    const [was, is] = [await documentState(before, key, options), await documentState(after, key, options)]
    const planned = plannedObject(key, was, is)
    if (planned !== undefined) objects.push(planned)
  }
  return objects
}

/** `undefined` when nothing but the number of the document in its file differs. */
export function plannedObject(
  key: ObjectKey,
  before: DocumentState | undefined,
  after: DocumentState | undefined,
): PlannedObject | undefined {
  if (before === undefined) return after && { key, operation: 'create', after, fields: [] }
  if (after === undefined) return { key, operation: 'delete', before, fields: [] }
  if (before.version !== after.version) {
    return { key, operation: 'update', before, after, fields: fieldChanges(before.object, after.object) }
  }
  if (before.location.path === after.location.path) return undefined
  return { key, operation: 'move', before, after, fields: [] }
}

export async function plannedFiles(
  changes: readonly FileChange[],
  existed: (path: string) => Promise<boolean>,
): Promise<readonly PlannedFile[]> {
  return await Promise.all(
    changes.map(async ({ type, path }): Promise<PlannedFile> => {
      if (type === 'delete') return { path, operation: 'delete' }
      return { path, operation: (await existed(path)) ? 'update' : 'create' }
    }),
  )
}

/** The same change the other way round. */
export function reversed(objects: readonly PlannedObject[]): readonly PlannedObject[] {
  return objects.flatMap(({ key, before, after }) => plannedObject(key, after, before) ?? [])
}
