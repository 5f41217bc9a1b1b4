import { equalValues, isRecord, setOwn } from '@lg/runtime'
import { applyStrategicMergePatch } from './apply-strategic-merge-patch.ts'
import {
  deletePrefix,
  identityFields,
  identityOf,
  orderPrefix,
  ownValue,
  patchDirective,
  retainKeysDirective,
} from './directives.ts'
import { describe, invalidPatch, patchErrors, type PatchPath } from './errors.ts'
import { createSchemaNode, type PatchSchema, type SchemaNode } from './patch-schema.ts'

type Values = Record<string, unknown>

/**
 * The strategic merge patch (Kubernetes) that leads from one value to another; `{}` when they are equal. Lists are
 * merged by the keys that the schema names; without a schema they are replaced as a whole.
 *
 * @throws {LgError} `NOT_REPRESENTABLE` when a field would have to become `null`; `INVALID_PATCH` when one of the
 *   values is no map.
 * @example
 * ```ts
 * createStrategicMergePatch(car, { ...car, status: { ...car.status, speed: 24.7 } }) // { status: { speed: 24.7 } }
 * ```
 */
export function createStrategicMergePatch(from: unknown, to: unknown, schema?: PatchSchema): unknown {
  for (const value of [from, to]) if (!isRecord(value)) throw invalidPatch([], 'is not a map')
  const patch = diffMaps(from as Values, to as Values, createSchemaNode(schema), []) ?? {}
  if (!equalValues(applyStrategicMergePatch(from, patch, schema), to)) {
    const reason = 'cannot be reached: a field would have to become null, or a list holds an item twice'
    throw patchErrors.create('NOT_REPRESENTABLE', `No strategic merge patch: ${describe([])} ${reason}`, {
      path: [],
      reason,
    })
  }
  return patch
}

/** `undefined` when nothing differs. */
function diffMaps(from: Values, to: Values, schema: SchemaNode, path: PatchPath): Values | undefined {
  if (equalValues(from, to)) return undefined
  const patch: Values = {}
  if (schema.isAtomic && path.length > 0) return { ...to, [patchDirective]: 'replace' }
  for (const key of Object.keys(from)) if (ownValue(to, key) === undefined) setOwn(patch, key, null)
  for (const [key, item] of Object.entries(to)) {
    const before = ownValue(from, key)
    if (item === undefined || equalValues(before, item)) continue
    const below = schema.field(key)
    const at = [...path, key]
    if (isRecord(before) && isRecord(item)) setOwn(patch, key, diffMaps(before, item, below, at))
    else if (Array.isArray(before) && Array.isArray(item)) diffLists(patch, key, before, item, below, at)
    else setOwn(patch, key, item)
  }
  if (schema.retainsKeys) patch[retainKeysDirective] = Object.keys(to).toSorted()
  return patch
}

function diffLists(
  patch: Values,
  key: string,
  from: readonly unknown[],
  to: readonly unknown[],
  schema: SchemaNode,
  path: PatchPath,
): void {
  const strategy = schema.list()
  if (strategy.type === 'set') {
    const missing = (items: readonly unknown[], others: readonly unknown[]): unknown[] =>
      items.filter((item) => !others.some((other) => equalValues(other, item)))
    const added = missing(to, from)
    const removed = missing(from, to)
    patch[orderPrefix + key] = [...to]
    if (added.length > 0) setOwn(patch, key, added)
    if (removed.length > 0) patch[deletePrefix + key] = removed
    return
  }
  const identities =
    strategy.type === 'byKey' ? distinct(to, strategy.keys) && distinct(from, strategy.keys) : undefined
  if (strategy.type === 'replace' || identities !== true) {
    setOwn(patch, key, strategy.type === 'replace' ? [...to] : [...to, { [patchDirective]: 'replace' }])
    return
  }
  const { keys } = strategy
  const before = new Map(from.map((item) => [identityOf(item, keys), item]))
  const kept = new Set(to.map((item) => identityOf(item, keys)))
  const changes: unknown[] = []
  for (const [index, item] of to.entries()) {
    const old = before.get(identityOf(item, keys))
    if (old === undefined) changes.push(item)
    else if (!equalValues(old, item)) {
      const changed = diffMaps(old as Values, item as Values, schema.item(), [...path, index]) ?? {}
      changes.push({ ...changed, ...identityFields(item, keys) })
    }
  }
  for (const [identity, item] of before) {
    if (!kept.has(identity)) changes.push({ [patchDirective]: 'delete', ...identityFields(item, keys) })
  }
  patch[orderPrefix + key] = to.map((item) => identityFields(item, keys))
  if (changes.length > 0) setOwn(patch, key, changes)
}

/** True when every item is a map with its keys, and no two are the same. */
function distinct(items: readonly unknown[], keys: readonly string[]): boolean {
  const found = new Set(items.map((item) => identityOf(item, keys)))
  return !found.has(undefined) && found.size === items.length
}
