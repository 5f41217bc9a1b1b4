import { equalValues, isRecord, setOwn } from '@lg/runtime'

/** A field that both sides changed, each to something else. `undefined` stands for an absent field. */
export interface FieldConflict {
  readonly path: readonly (string | number)[]
  readonly base: unknown
  readonly ours: unknown
  readonly theirs: unknown
}

export interface MergedValue {
  /** With their side where there is a conflict. */
  readonly value: unknown
  readonly conflicts: readonly FieldConflict[]
}

/**
 * Merges two changes of one value, field by field: what one side changed is taken, what both changed to the same is
 * taken once, and only a field that both changed differently is a conflict.
 *
 * Lists whose items are maps with unique `name`, `key` or `id` are merged item by item, in their order with our new
 * items behind; any other list is one field.
 */
export function mergeValues(base: unknown, ours: unknown, theirs: unknown): MergedValue {
  const conflicts: FieldConflict[] = []
  const value = merge(base, ours, theirs, [], conflicts)
  return { value, conflicts }
}

function merge(
  base: unknown,
  ours: unknown,
  theirs: unknown,
  path: readonly (string | number)[],
  conflicts: FieldConflict[],
): unknown {
  if (equalValues(ours, theirs) || equalValues(ours, base)) return theirs
  if (equalValues(theirs, base)) return ours
  if (isRecord(ours) && isRecord(theirs) && (base === undefined || isRecord(base))) {
    return mergeMaps(base ?? {}, ours, theirs, path, conflicts)
  }
  if (Array.isArray(ours) && Array.isArray(theirs) && (base === undefined || Array.isArray(base))) {
    const key = mergeKeyOf(base ?? [], ours, theirs)
    if (key !== undefined) return mergeLists(key, base ?? [], ours, theirs, path, conflicts)
  }
  conflicts.push({ path, base, ours, theirs })
  return theirs
}

function mergeMaps(
  base: Record<string, unknown>,
  ours: Record<string, unknown>,
  theirs: Record<string, unknown>,
  path: readonly (string | number)[],
  conflicts: FieldConflict[],
): Record<string, unknown> {
  const merged: Record<string, unknown> = {}
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
    const value = merge(own(base, key), own(ours, key), own(theirs, key), [...path, key], conflicts)
    if (value !== undefined) setOwn(merged, key, value)
  }
  return merged
}

type Items = readonly Record<string, unknown>[]

function mergeLists(
  key: string,
  base: readonly unknown[],
  ours: readonly unknown[],
  theirs: readonly unknown[],
  path: readonly (string | number)[],
  conflicts: FieldConflict[],
): unknown[] {
  const byName = (items: readonly unknown[]): Map<unknown, Record<string, unknown>> =>
    new Map((items as Items).map((item) => [item[key], item]))
  const [before, left, right] = [byName(base), byName(ours), byName(theirs)]
  const merged: unknown[] = []
  for (const name of new Set([...right.keys(), ...left.keys()])) {
    const place = [...path, String(name)]
    const item = merge(before.get(name), left.get(name), right.get(name), place, conflicts)
    if (item !== undefined) merged.push(item)
  }
  return merged
}

/** The field that names the items of all three lists, each once in a list. */
function mergeKeyOf(...lists: readonly (readonly unknown[])[]): string | undefined {
  return ['name', 'key', 'id'].find((key) =>
    lists.every((items) => {
      const names = items.map((item) => (isRecord(item) ? own(item, key) : undefined))
      return names.every((name) => typeof name === 'string') && new Set(names).size === names.length
    }),
  )
}

const own = (map: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(map, key) ? map[key] : undefined
