import { formatApiVersion, parseApiVersion, type GroupVersionKind } from './kind.ts'
import { runtimeErrors } from './runtime-errors.ts'

export interface TypeMeta {
  apiVersion: string
  kind: string
}

/** The part of Kubernetes' ObjectMeta that lg reads; every other field is kept as it stands. */
export interface ObjectMeta {
  name?: string | undefined
  generateName?: string | undefined
  namespace?: string | undefined
  uid?: string | undefined
  labels?: Record<string, string> | undefined
  annotations?: Record<string, string> | undefined
  creationTimestamp?: string | null | undefined
  finalizers?: string[] | undefined
  [field: string]: unknown
}

/** A Kubernetes-style object: a plain JavaScript value, never a class instance. */
export interface KubernetesObject extends TypeMeta {
  metadata: ObjectMeta
}

/** An object of which only type and metadata were read. It cannot be stored. */
export interface PartialObject extends KubernetesObject {
  readonly [partial]: true
}

/** An object of a kind that no scheme describes. */
export interface UnstructuredObject extends KubernetesObject {
  [field: string]: unknown
}

const partial: unique symbol = Symbol.for('@lg/partial-object')

/** Type and metadata of `object`, marked so that no storage takes it for the whole. */
export function toPartialObject(object: KubernetesObject): PartialObject {
  const result = { apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata }
  Object.defineProperty(result, partial, { value: true })
  return result as PartialObject
}

export function isPartialObject(value: unknown): value is PartialObject {
  return typeof value === 'object' && value !== null && partial in value
}

/** Group, version and kind as the object itself states them. */
export function groupVersionKindOf(object: TypeMeta): GroupVersionKind {
  const { group, version } = parseApiVersion(object.apiVersion)
  return { group, version, kind: object.kind }
}

/** `apiVersion` and `kind` for an object literal. */
export function typeMeta(kind: GroupVersionKind): TypeMeta {
  return { apiVersion: formatApiVersion(kind), kind: kind.kind }
}

/** True for a map with `apiVersion` and `kind`: what may be a Kubernetes-style object at all. */
export function hasTypeMeta(value: unknown): value is TypeMeta {
  return isRecord(value) && isFilled(value['apiVersion']) && isFilled(value['kind'])
}

/**
 * The value as an object, when it has apiVersion, kind and a metadata map whose name is a string.
 *
 * @throws {LgError} `INVALID_OBJECT` with the path of the first field that is missing or of another type.
 */
export function asObject(value: unknown): KubernetesObject {
  const fail = (path: readonly string[], reason: string): never => {
    throw runtimeErrors.create(
      'INVALID_OBJECT',
      `Not an object: ${path.join('.') || 'the value'} ${reason}`,
      {
        path,
        reason,
      },
    )
  }
  if (!isRecord(value)) return fail([], 'is not a map')
  for (const field of ['apiVersion', 'kind'] as const) {
    if (!isFilled(value[field])) fail([field], 'is missing or not a string')
  }
  const metadata = value['metadata']
  if (!isRecord(metadata)) return fail(['metadata'], 'is missing or not a map')
  for (const field of ['name', 'namespace', 'uid'] as const) {
    const part = metadata[field]
    if (part !== undefined && part !== null && typeof part !== 'string') {
      fail(['metadata', field], 'is not a string; put it in quotes')
    }
  }
  return value as unknown as KubernetesObject
}

/** A map that is not a list: what JSON and YAML call an object or mapping. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const isFilled = (value: unknown): value is string => typeof value === 'string' && value !== ''
