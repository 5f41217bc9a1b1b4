import { applyPatch, type Patch, type PatchSchema } from '@lg/patch'
import {
  asObject,
  formatKey,
  groupVersionKindOf,
  isPartialObject,
  isRecord,
  keyId,
  systemClock,
  type CallOptions,
  type KubernetesObject,
  type ObjectKey,
} from '@lg/runtime'
import { jsonSchemaOf } from '@lg/serializer'
import {
  contentTypeOf,
  createQueue,
  rawStorageErrors,
  type RawChange,
  type RawDocument,
} from '@lg/storage-raw'
import { copyValue } from './copy-value.ts'
import { storageErrors } from './errors.ts'
import type { WriteOptions, WriteResult, WriteStorage } from './storage.ts'
import { giveAway, requireKey, requireKnownVersion, type StorageContext } from './storage-context.ts'
import { validateWrite } from './validator.ts'
import { planWrite, type DocumentPlan, type WritePlan } from './write-plan.ts'

/** How often a write without an expected version starts over because another program was faster. */
const attempts = 5

/** The writing half of a storage. */
export function createWriteStorage(context: StorageContext): WriteStorage {
  const { raw, serializer, validators = [], creationTimestamp = false, clock = systemClock } = context.options
  const { storageVersion = 'object' } = context.options
  const encoder = serializer.encoder()
  /** A write reads, plans and writes: another in between would have it start over. */
  const writes = createQueue()

  /** The key of an object that may be written: whole, and of a kind and version that the scheme knows. */
  const checkKey = (object: KubernetesObject): ObjectKey => {
    const key = context.keyOf(object)
    requireKnownVersion(context, object)
    if (!isPartialObject(object)) return key
    throw storageErrors.create(
      'PARTIAL_OBJECT',
      `Of ${formatKey(key)} only type and metadata were read; read the whole object to write it`,
      { key },
    )
  }
  /** The object in the version that is written. */
  const toStorageVersion = (
    object: KubernetesObject,
    stored: KubernetesObject | undefined,
  ): KubernetesObject => {
    if (serializer.scheme.versionsOf(context.keyOf(object)).length === 0) return object
    if (storageVersion === 'hub') return serializer.converter().convertToHub(object)
    if (storageVersion === 'object' || stored === undefined) return object
    const { apiVersion } = stored
    return serializer.converter().convert(object, apiVersion.slice(apiVersion.indexOf('/') + 1))
  }
  /** What validators get is frozen, and the caller's object is not theirs to freeze. */
  const shareable = (object: KubernetesObject): KubernetesObject =>
    validators.length === 0 ? object : copyValue(object)
  const finish = (
    operation: WritePlan['operation'],
    change: RawChange,
    objects: Pick<WritePlan, 'before' | 'after'>,
    ledger: WritePlan['ledger'],
  ): WriteResult => {
    const { key, version, location, file } = change
    const own = (object: KubernetesObject | undefined): KubernetesObject | undefined =>
      object && giveAway(context, object)
    const plan = {
      operation,
      key,
      before: own(objects.before),
      after: own(objects.after),
      files: [file],
      ledger,
    }
    return { key, version: version ?? '', location, changed: !sameBytes(file.before, file.after), plan }
  }

  /** Replaces the stored object by what `change` makes of it. */
  const replace = async (
    key: ObjectKey,
    change: (stored: KubernetesObject) => KubernetesObject,
    { expected, dryRun, signal }: WriteOptions,
  ): Promise<WriteResult> => {
    for (let attempt = 1; ; attempt++) {
      const document = await raw.read(key, { signal })
      requireVersion(document, expected)
      const before = await context.reader.read(document, { unstructured: true, signal })
      const after = shareable(toStorageVersion(change(before), before))
      await validateWrite(validators, { operation: 'update', key, before, after }, { signal })
      const { bytes, contentType } = document
      const stored = { bytes, object: before }
      const planned: DocumentPlan = await planWrite(encoder, after, { contentType, stored, signal })
      try {
        const { version } = document
        const written = await raw.write(key, planned.after, {
          expected: version,
          contentType,
          dryRun,
          signal,
        })
        return finish('update', written, { before, after }, planned.ledger)
      } catch (error) {
        // Without a version of the caller's to keep to, the change is made again on what is there now.
        const moved = rawStorageErrors.is(error, 'CONFLICT') && error.details.actual !== undefined
        if (!moved || expected !== undefined || attempt === attempts) throw error
      }
    }
  }

  const create: WriteStorage['create'] = async (object, { path, dryRun, signal } = {}) => {
    const key = checkKey(object)
    const given = creationTimestamp ? withTimestamp(object, clock.now()) : object
    const after = shareable(toStorageVersion(given, undefined))
    await validateWrite(validators, { operation: 'create', key, before: undefined, after }, { signal })
    const contentType = path === undefined ? await raw.contentType(key, { signal }) : contentTypeOf(path)
    const planned = await planWrite(encoder, after, {
      contentType: contentType ?? 'application/yaml',
      signal,
    })
    const written = await raw.write(key, planned.after, { expected: null, contentType, path, dryRun, signal })
    return finish('create', written, { before: undefined, after }, planned.ledger)
  }
  const update: WriteStorage['update'] = async (object, options = {}) => {
    const key = checkKey(object)
    return await replace(key, () => object, options)
  }
  const patch: WriteStorage['patch'] = async (key, change, options = {}) => {
    const checked = requireKey(context, key)
    return await replace(checked, (stored) => patched(context, checked, stored, change), options)
  }
  const remove: WriteStorage['delete'] = async (given, { expected, dryRun, signal } = {}) => {
    const key = requireKey(context, given)
    const before = await decodeIfPossible(context, key, { signal })
    await validateWrite(validators, { operation: 'delete', key, before, after: undefined }, { signal })
    const written = await raw.delete(key, { expected, dryRun, signal })
    return finish('delete', written, { before, after: undefined }, [])
  }
  return {
    create: (object, options) => writes.run(() => create(object, options)),
    update: (object, options) => writes.run(() => update(object, options)),
    patch: (key, change, options) => writes.run(() => patch(key, change, options)),
    delete: (key, options) => writes.run(() => remove(key, options)),
  }
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && Buffer.compare(a, b) === 0)
}

function requireVersion({ key, version }: RawDocument, expected: string | undefined): void {
  if (expected === undefined || version === expected) return
  throw rawStorageErrors.create(
    'CONFLICT',
    `${formatKey(key)} is not as expected: it has changed since it was read; read it again`,
    { key, expected, actual: version },
  )
}

function patched(
  context: StorageContext,
  key: ObjectKey,
  stored: KubernetesObject,
  change: Patch,
): KubernetesObject {
  const object = asObject(applyPatch(stored, change, { schema: schemaOf(context, stored) }))
  const changed = context.keyOf(object)
  if (keyId(changed) === keyId(key)) {
    requireKnownVersion(context, object)
    return object
  }
  throw storageErrors.create(
    'KEY_CHANGED',
    `The patch would make ${formatKey(changed)} of ${formatKey(key)}; create the one and delete the other instead`,
    { key, changed },
  )
}

/** Where the merge keys of a strategic merge patch come from. */
function schemaOf({ options }: StorageContext, object: KubernetesObject): PatchSchema | undefined {
  const kind = options.serializer.scheme.find(groupVersionKindOf(object))
  return kind && jsonSchemaOf(kind)
}

function withTimestamp(object: KubernetesObject, now: number): KubernetesObject {
  if (!isRecord(object.metadata) || object.metadata.creationTimestamp) return object
  const copy = copyValue(object)
  copy.metadata.creationTimestamp = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z')
  return copy
}

/** A broken text can be deleted too; what fails otherwise fails here. */
async function decodeIfPossible(
  context: StorageContext,
  key: ObjectKey,
  { signal }: CallOptions,
): Promise<KubernetesObject | undefined> {
  const document = await context.options.raw.read(key, { signal })
  try {
    return await context.reader.read(document, { unstructured: true, signal })
  } catch {
    signal?.throwIfAborted()
    return undefined
  }
}
