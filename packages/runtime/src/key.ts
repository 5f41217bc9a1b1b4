import { formatGroupKind, type GroupKind } from './kind.ts'
import { groupVersionKindOf, isRecord, type KubernetesObject } from './object.ts'
import { runtimeErrors } from './runtime-errors.ts'

/**
 * What identifies an object: group, kind, namespace and name, in any version.
 * A cluster-scoped kind has the empty namespace.
 */
export interface ObjectKey extends GroupKind {
  readonly namespace: string
  readonly name: string
}

/** The namespace of a namespaced object that states none. */
export const defaultNamespace = 'default'

/**
 * A checked, frozen key. Without `namespace` the key is cluster-scoped.
 *
 * @throws {LgError} `INVALID_KEY` when kind or name is empty, or a part holds NUL or is not a string.
 */
export function objectKey(parts: {
  readonly group: string
  readonly kind: string
  readonly namespace?: string | undefined
  readonly name: string
}): ObjectKey {
  if (!isRecord(parts)) throw invalid('it', 'is not a map')
  const { group, kind, namespace = '', name } = parts
  check('group', group)
  check('kind', kind)
  check('namespace', namespace)
  check('name', name)
  return Object.freeze({ group, kind, namespace, name })
}

function check(part: string, value: unknown): void {
  const reason =
    typeof value !== 'string' ? 'is not a string'
    : value.includes('\0') ? 'holds a NUL character'
    : value === '' && (part === 'kind' || part === 'name') ? 'is empty'
    : undefined
  if (reason !== undefined) throw invalid(part, reason)
}

function invalid(part: string, reason: string): Error {
  return runtimeErrors.create('INVALID_KEY', `Not an object key: ${part} ${reason}`, { part, reason })
}

/** Whether kinds are namespaced; a {@link Scheme} knows. */
export interface KindScopes {
  scopeOf(kind: GroupKind): 'namespaced' | 'cluster' | undefined
}

/**
 * The key of an object. A namespaced object without a namespace has the key of the default namespace; a
 * cluster-scoped one never has a namespace. Without `scopes`, or for a kind they do not know, the object's
 * own metadata decides: no namespace means none.
 *
 * @throws {LgError} `INVALID_KEY` when the object has no name.
 */
export function keyOf(
  object: KubernetesObject,
  options: { readonly scopes?: KindScopes; readonly defaultNamespace?: string } = {},
): ObjectKey {
  const { group, kind } = groupVersionKindOf(object)
  const scope = options.scopes?.scopeOf({ group, kind })
  const stated = object.metadata.namespace ?? ''
  const namespace =
    scope === 'cluster' ? ''
    : scope === 'namespaced' && stated === '' ? (options.defaultNamespace ?? defaultNamespace)
    : stated
  return objectKey({ group, kind, namespace, name: object.metadata.name ?? '' })
}

/** `namespace/name`, or the name alone when there is no namespace. */
export function formatName({ namespace, name }: Pick<ObjectKey, 'namespace' | 'name'>): string {
  return namespace === '' ? name : `${namespace}/${name}`
}

/** The key as people read it: `Car.sample-app.weave.works default/foo`. */
export function formatKey(key: ObjectKey): string {
  return `${formatGroupKind(key)} ${formatName(key)}`
}

/** One string per key, equal exactly when the keys are: for maps and sets. NUL cannot stand in a part. */
export function keyId({ group, kind, namespace, name }: ObjectKey): string {
  return `${group}\0${kind}\0${namespace}\0${name}`
}

/** Orders by group, kind, namespace and name, each by code unit: the same everywhere. */
export function compareKeys(a: ObjectKey, b: ObjectKey): number {
  return (
    compare(a.group, b.group) ||
    compare(a.kind, b.kind) ||
    compare(a.namespace, b.namespace) ||
    compare(a.name, b.name)
  )
}

const compare = (a: string, b: string): number =>
  a < b ? -1
  : a > b ? 1
  : 0
