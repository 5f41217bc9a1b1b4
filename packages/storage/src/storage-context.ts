import {
  groupVersionKindOf,
  isRecord,
  objectKey,
  runtimeErrors,
  type GroupKind,
  type Kind,
  type KubernetesObject,
  type ObjectKey,
} from '@lg/runtime'
import { copyValue } from './copy-value.ts'
import type { ObjectReader } from './object-reader.ts'
import type { ReadOptions } from './storage.ts'
import type { StorageOptions } from './storage-options.ts'

/** What the parts of a storage share. */
export interface StorageContext {
  readonly options: StorageOptions
  readonly reader: ObjectReader
  readonly keyOf: (object: KubernetesObject) => ObjectKey
}

export function allowsUnstructured({ options }: StorageContext, call: ReadOptions): boolean {
  return call.unstructured ?? options.unstructured ?? false
}

/**
 * Refuses a kind that the scheme does not know in any version, unless it may come as it stands.
 *
 * @throws {LgError} `INVALID_KEY` for what is no kind; `UNRECOGNIZED_GROUP`, `UNRECOGNIZED_KIND`.
 */
export function requireKind(context: StorageContext, kind: GroupKind, call: ReadOptions): void {
  const { scheme } = context.options.serializer
  if (!isRecord(kind) || typeof kind.group !== 'string' || typeof kind.kind !== 'string') {
    const reason = 'needs group and kind, both strings'
    throw runtimeErrors.create('INVALID_KEY', `Not a kind: it ${reason}`, { part: 'kind', reason })
  }
  if (allowsUnstructured(context, call) || scheme.versionsOf(kind).length > 0) return
  scheme.get({ group: kind.group, kind: kind.kind, version: '' })
}

/**
 * The checked key of an object whose kind may be served.
 *
 * @throws {LgError} `INVALID_KEY`, `UNRECOGNIZED_GROUP`, `UNRECOGNIZED_KIND`.
 */
export function requireKey(context: StorageContext, key: ObjectKey, call: ReadOptions = {}): ObjectKey {
  const checked = objectKey(key)
  requireKind(context, checked, call)
  return checked
}

/**
 * Refuses an object that could not be read again, since the scheme does not know its version.
 *
 * @throws {LgError} `UNRECOGNIZED_GROUP`, `UNRECOGNIZED_KIND`, `UNRECOGNIZED_VERSION`.
 */
export function requireKnownVersion(context: StorageContext, object: KubernetesObject): void {
  if (!allowsUnstructured(context, {})) context.options.serializer.scheme.get(groupVersionKindOf(object))
}

/** The caller's own copy, which still knows the text that it came from. */
export function giveAway<T extends KubernetesObject>(context: StorageContext, object: KubernetesObject): T {
  const copy = copyValue(object)
  context.options.serializer.copySource(object, copy)
  return copy as T
}

/** The version of the kind that was asked for, where one was. */
export function versionOf<T extends KubernetesObject>(kind: Kind<T> | GroupKind): Kind<T> | undefined {
  return 'version' in kind && 'schema' in kind ? kind : undefined
}

/** The object in the version that is wanted. */
export function inVersion(
  { options }: StorageContext,
  object: KubernetesObject,
  wanted: Kind<never> | Kind | undefined,
): KubernetesObject {
  if (wanted === undefined) return object
  const { group, version, kind } = groupVersionKindOf(object)
  if (group === wanted.group && kind === wanted.kind && version === wanted.version) return object
  return options.serializer.converter().convertInto(object, wanted)
}
