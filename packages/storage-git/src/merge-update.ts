import type { Commit } from '@lg/git'
import {
  formatApiVersion,
  groupVersionKindOf,
  type CallOptions,
  type KubernetesObject,
  type ObjectKey,
} from '@lg/runtime'
import type { Serializer } from '@lg/serializer'
import type { ReadStorage, Storage, StoredObject, WriteOptions, WriteResult } from '@lg/storage'
import { contentVersion, rawStorageErrors } from '@lg/storage-raw'
import { conflictError } from './conflict.ts'
import { mergeValues } from './merge-values.ts'

export interface MergeTools {
  readonly serializer: Serializer
  /** What the attempt stands on, which shows what others have done. */
  readonly base: ReadStorage
  /** The commit that changed a document last. */
  readonly lastChange: (stored: StoredObject, options: CallOptions) => Promise<Commit>
  /** The text that a document had in an earlier version. */
  readonly textOf: (
    stored: StoredObject,
    version: string,
    options: CallOptions,
  ) => Promise<string | undefined>
}

export type MergingUpdate = (object: KubernetesObject, options?: WriteOptions) => Promise<WriteResult>

/**
 * Updates objects by what was changed in each since it was read: where something else is stored by now, the change
 * is applied to that, field by field. What the transaction wrote itself in between is no conflict. An object of
 * which nobody knows when it was read replaces what is stored.
 *
 * @throws {LgError} `CONFLICT` with the fields that others have changed too.
 */
export function createMergingUpdate(storage: Storage, tools: MergeTools): MergingUpdate {
  const { serializer, base } = tools
  /**
   * What an object was when this attempt stored it, for when it is changed and stored again. The version is empty when
   * more was stored than the object says.
   */
  const written = new WeakMap<object, { readonly value: KubernetesObject; readonly version: string }>()

  const merge = async (
    object: KubernetesObject,
    stored: StoredObject,
    read: { readonly text: string; readonly version: string },
    call: CallOptions,
  ): Promise<KubernetesObject> => {
    const like = (other: KubernetesObject): KubernetesObject => asVersionOf(serializer, other, object)
    const decoder = serializer.decoder({ strict: false, decodeUnknown: true })
    const before = like(await decoder.decodeDocument(read.text, call))
    const theirs = await readIfThere(base, stored.key, call)
    if (theirs !== undefined && theirs.version !== read.version) {
      const { conflicts } = mergeValues(before, object, like(theirs.object))
      if (conflicts.length > 0)
        throw conflictError(stored.key, conflicts, await tools.lastChange(theirs, call))
    }
    // Whatever stands against ours now was written by this transaction, and is older.
    const since = written.get(object)?.value ?? before
    const merged = mergeValues(since, like(stored.object), object).value as KubernetesObject
    serializer.copySource(stored.object, merged)
    return merged
  }

  return async (object, options = {}) => {
    const { expected, dryRun, ...call } = options
    const source = serializer.sourceOf(object)
    const sourceVersion = source === undefined ? undefined : contentVersion(Buffer.from(source))
    const version = expected ?? written.get(object)?.version ?? sourceVersion
    const stored = await storage.read(storage.keyOf(object), call)
    const readVersion = expected ?? sourceVersion
    let result: WriteResult
    let isMerged = false
    if (version === undefined || readVersion === undefined || version === stored.version) {
      result = await storage.update(object, options)
    } else {
      const text = readVersion === sourceVersion ? source : await tools.textOf(stored, readVersion, call)
      // Without the text that the token stands for, nobody can tell what was changed since.
      if (text === undefined) return await storage.update(object, options)
      const merged = await merge(object, stored, { text, version: readVersion }, call)
      result = await storage.update(merged, { ...call, dryRun, expected: stored.version })
      isMerged = true
    }
    if (dryRun !== true)
      written.set(object, { value: structuredClone(object), version: isMerged ? '' : result.version })
    return result
  }
}

/** The object in the version of another one, so that fields of both mean the same. */
export function asVersionOf(
  { scheme, converter }: Serializer,
  object: KubernetesObject,
  like: KubernetesObject,
): KubernetesObject {
  const { version, ...kind } = groupVersionKindOf(like)
  if (object.apiVersion === formatApiVersion({ ...kind, version })) return object
  return scheme.versionsOf(kind).length === 0 ? object : converter().convert(object, version)
}

async function readIfThere(
  storage: ReadStorage,
  key: ObjectKey,
  options: CallOptions,
): Promise<StoredObject | undefined> {
  try {
    return await storage.read(key, options)
  } catch (error) {
    if (rawStorageErrors.is(error, 'NOT_FOUND')) return undefined
    throw error
  }
}
