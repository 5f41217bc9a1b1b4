import type { Commit } from '@lg/git'
import type { CallOptions, KubernetesObject } from '@lg/runtime'
import type { Serializer } from '@lg/serializer'
import type { StoredObject } from '@lg/storage'
import { contentTypeOf } from '@lg/storage-raw'
import { conflictError } from './conflict.ts'
import { documentState, type DocumentState, type Layer } from './document-state.ts'
import { fieldChanges } from './field-changes.ts'
import { asVersionOf } from './merge-update.ts'
import { mergeValues, type FieldConflict } from './merge-values.ts'
import type { PlannedObject } from './plan.ts'
import { moveDocument } from './transaction-storage.ts'

export interface ApplyTools {
  readonly serializer: Serializer
  /** The commit that changed a document last. */
  readonly lastChange: (
    stored: Pick<StoredObject, 'key' | 'location'>,
    options: CallOptions,
  ) => Promise<Commit>
}

/**
 * Makes planned changes on a layer. Where a document is as it was when the change was planned it gets exactly the
 * planned text; where it is not, the planned fields are changed in what is there.
 *
 * @throws {LgError} `CONFLICT` where others have changed the same fields.
 */
export async function applyObjects(
  layer: Layer,
  objects: readonly PlannedObject[],
  tools: ApplyTools,
  options: CallOptions = {},
): Promise<void> {
  // What goes makes room for what comes.
  for (const planned of objects) if (planned.after === undefined) await remove(layer, planned, tools, options)
  for (const planned of objects) {
    const { before, after } = planned
    if (after === undefined) continue
    if (before === undefined) await create(layer, planned, after, tools, options)
    else await change(layer, planned, before, after, tools, options)
  }
}

async function remove(
  layer: Layer,
  { key, before }: PlannedObject,
  tools: ApplyTools,
  options: CallOptions,
): Promise<void> {
  const stored = await documentState(layer, key, options)
  if (stored === undefined) return
  const changes = stored.version === before?.version ? [] : fieldChanges(before?.object, stored.object)
  if (changes.length > 0) {
    const fields = changes.map(({ path, before: base, after: theirs }): FieldConflict => ({
      path,
      base,
      ours: undefined,
      theirs,
    }))
    throw conflictError(key, fields, await tools.lastChange({ key, location: stored.location }, options))
  }
  await layer.raw.delete(key, options)
}

async function create(
  layer: Layer,
  { key }: PlannedObject,
  after: DocumentState,
  tools: ApplyTools,
  options: CallOptions,
): Promise<void> {
  const stored = await documentState(layer, key, options)
  if (stored === undefined) return await write(layer, key, after, options)
  const { conflicts } = mergeValues(undefined, after.object, stored.object)
  if (stored.version === after.version || conflicts.length === 0) return
  throw conflictError(key, conflicts, await tools.lastChange({ key, location: stored.location }, options))
}

async function change(
  layer: Layer,
  { key }: PlannedObject,
  before: DocumentState,
  after: DocumentState,
  tools: ApplyTools,
  options: CallOptions,
): Promise<void> {
  const stored = await documentState(layer, key, options)
  const conflict = async (fields: readonly FieldConflict[], { location }: DocumentState): Promise<Error> =>
    conflictError(key, fields, await tools.lastChange({ key, location }, options))
  if (stored === undefined) {
    throw await conflict([{ path: [], base: before.object, ours: after.object, theirs: undefined }], before)
  }
  if (stored.version === before.version) {
    if (after.version !== before.version) await write(layer, key, after, options)
  } else if (stored.version !== after.version) {
    const [base, ours, theirs] = [before.object, after.object, stored.object]
    // A text that does not decode has no fields to merge.
    if (!base || !ours || !theirs) throw await conflict([{ path: [], base, ours, theirs }], stored)
    const like = (object: KubernetesObject): KubernetesObject => asVersionOf(tools.serializer, object, ours)
    const { value, conflicts } = mergeValues(like(base), ours, like(theirs))
    if (conflicts.length > 0) throw await conflict(conflicts, stored)
    const merged = value as KubernetesObject
    tools.serializer.copySource(theirs, merged)
    await layer.storage.update(merged, { ...options, expected: stored.version })
  }
  const isInPlace = stored.location.path === before.location.path
  if (isInPlace && after.location.path !== before.location.path)
    await moveDocument(layer, key, after.location.path, options)
}

async function write(
  { raw, storage }: Layer,
  key: PlannedObject['key'],
  { text, location: { path } }: DocumentState,
  options: CallOptions,
): Promise<void> {
  await raw.write(key, Buffer.from(text), { ...options, contentType: contentTypeOf(path), path })
  // A plan that came from outside is checked as an object is.
  await storage.get(key, { ...options, unstructured: true })
}
