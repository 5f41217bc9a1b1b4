import { equalValues, isRecord, setOwn } from '@lg/runtime'
import {
  deletePrefix,
  identityOf,
  isDirective,
  orderPrefix,
  ownValue,
  patchDirective,
  retainKeysDirective,
} from './directives.ts'
import { invalidPatch, type PatchPath } from './errors.ts'
import { requirePlain } from './plain-value.ts'
import { createSchemaNode, type PatchSchema, type SchemaNode } from './patch-schema.ts'

type Values = Record<string, unknown>

/**
 * What a strategic merge patch (Kubernetes) makes of a value: maps are merged, `null` removes, and lists are merged by
 * the keys that the schema names; without a schema they are replaced. `$patch`, `$retainKeys`,
 * `$deleteFromPrimitiveList/<list>` and `$setElementOrder/<list>` are understood. Neither argument is changed.
 *
 * @param schema the schema of the whole value.
 * @throws {LgError} `INVALID_PATCH` with the path.
 */
export function applyStrategicMergePatch(value: unknown, patch: unknown, schema?: PatchSchema): unknown {
  if (!isRecord(patch)) throw invalidPatch([], 'is not a map')
  requirePlain(patch)
  return mergeMap(isRecord(value) ? value : {}, patch, createSchemaNode(schema), [])
}

function mergeMap(current: Values, patch: Values, schema: SchemaNode, path: PatchPath): Values {
  const directive = ownValue(patch, patchDirective)
  if (directive === 'delete') return {}
  if (directive === 'replace' || (schema.isAtomic && directive === undefined && path.length > 0)) {
    return withoutDirectives(patch, schema, path) as Values
  }
  if (directive !== undefined && directive !== 'merge') {
    throw invalidPatch(
      [...path, patchDirective],
      `is ${JSON.stringify(directive)}, not merge, replace or delete`,
    )
  }
  const result = retained(current, patch, path)
  for (const [key, item] of Object.entries(patch)) {
    if (isDirective(key)) continue
    const at = [...path, key]
    const before = ownValue(result, key)
    const below = schema.field(key)
    if (item === null) delete result[key]
    else if (item === undefined) continue
    else if (isRecord(item)) setOwn(result, key, mergeMap(isRecord(before) ? before : {}, item, below, at))
    else if (Array.isArray(item))
      setOwn(result, key, mergeList(Array.isArray(before) ? before : [], item, below, at))
    else setOwn(result, key, item)
  }
  for (const [key, values] of Object.entries(patch)) {
    if (key.startsWith(deletePrefix)) {
      const list = key.slice(deletePrefix.length)
      const removed = requireList(values, [...path, key])
      const before = ownValue(result, list)
      if (!Array.isArray(before)) continue
      setOwn(
        result,
        list,
        before.filter((item) => !removed.some((other) => equalValues(other, item))),
      )
    }
  }
  for (const [key, values] of Object.entries(patch)) {
    if (key.startsWith(orderPrefix)) {
      const list = key.slice(orderPrefix.length)
      const order = requireList(values, [...path, key])
      const merged = ownValue(result, list)
      if (Array.isArray(merged))
        setOwn(result, list, ordered(merged, order, schema.field(list), [...path, list]))
    }
  }
  return result
}

function retained(current: Values, patch: Values, path: PatchPath): Values {
  const keys = ownValue(patch, retainKeysDirective)
  const kept = keys === undefined ? undefined : requireList(keys, [...path, retainKeysDirective])
  const result: Values = {}
  for (const [key, item] of Object.entries(current)) {
    if (kept === undefined || kept.includes(key)) setOwn(result, key, item)
  }
  return result
}

function mergeList(
  current: readonly unknown[],
  patch: readonly unknown[],
  schema: SchemaNode,
  path: PatchPath,
): unknown[] {
  const replaces = patch.some((item) => ownValue(item, patchDirective) === 'replace')
  const strategy = schema.list()
  const plain = (items: readonly unknown[]): unknown[] =>
    items.map((item, index) => withoutDirectives(item, schema.item(), [...path, index]))
  if (replaces || strategy.type === 'replace') return plain(patch.filter((item) => !isDirectiveItem(item)))
  if (strategy.type === 'set') {
    const added = patch.filter((item, index) => {
      return (
        !current.some((other) => equalValues(other, item)) &&
        patch.findIndex((other) => equalValues(other, item)) === index
      )
    })
    return [...current, ...plain(added)]
  }
  const result = [...current]
  for (const [index, item] of patch.entries()) {
    const at = [...path, index]
    if (!isRecord(item)) throw invalidPatch(at, 'is not a map, so it has no merge key')
    const identity = identityOf(item, strategy.keys)
    if (identity === undefined) throw invalidPatch(at, `lacks the merge key ${strategy.keys.join(', ')}`)
    const found = result.findIndex((other) => identityOf(other, strategy.keys) === identity)
    if (ownValue(item, patchDirective) === 'delete') {
      if (found >= 0) result.splice(found, 1)
    } else if (found >= 0) {
      const before = result[found]
      result[found] = mergeMap(isRecord(before) ? before : {}, item, schema.item(), at)
    } else {
      result.push(withoutDirectives(item, schema.item(), at))
    }
  }
  return result
}

/** An item such as `{ $patch: replace }`, which says something of its list and is none of its items. */
const isDirectiveItem = (item: unknown): boolean =>
  isRecord(item) && Object.keys(item).join() === patchDirective

/** New content: what a patch makes of nothing. */
function withoutDirectives(value: unknown, schema: SchemaNode, path: PatchPath): unknown {
  if (Array.isArray(value)) return mergeList([], value, schema, path)
  if (!isRecord(value)) return value
  const { [patchDirective]: _, ...content } = value
  const result: Values = {}
  for (const [key, item] of Object.entries(content)) {
    if (isDirective(key) || item === null || item === undefined) continue
    setOwn(result, key, withoutDirectives(item, schema.field(key), [...path, key]))
  }
  return result
}

/**
 * Items in the wanted order. One that the order does not name stays behind the item that it stood behind.
 */
function ordered(
  items: readonly unknown[],
  order: readonly unknown[],
  schema: SchemaNode,
  path: PatchPath,
): unknown[] {
  const strategy = schema.list()
  const idOf = (item: unknown): string => {
    if (strategy.type !== 'byKey') return JSON.stringify(String(item))
    const identity = identityOf(item, strategy.keys)
    if (identity === undefined)
      throw invalidPatch(path, `has an item without the merge key ${strategy.keys.join(', ')}`)
    return identity
  }
  const rank = new Map(order.map((item, index) => [idOf(item), index]))
  const named = items.filter((item) => rank.has(idOf(item)))
  named.sort((a, b) => (rank.get(idOf(a)) ?? 0) - (rank.get(idOf(b)) ?? 0))
  const result: unknown[] = named
  for (const [index, item] of items.entries()) {
    if (rank.has(idOf(item))) continue
    const previous = index === 0 ? -1 : result.indexOf(items[index - 1])
    result.splice(previous + 1, 0, item)
  }
  return result
}

function requireList(value: unknown, path: PatchPath): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw invalidPatch(path, 'is not a list')
}
