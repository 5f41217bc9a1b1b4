import { type PlainMap, type PlainValue, equalValues, isPlainMap } from '../plain-value.ts'
import type { MapEntry, MapNode } from '../syntax/node.ts'
import { type DiffContext, storedValue } from './diff-context.ts'

/**
 * Keys that were renamed, from the stored to the wanted key: the value is the same, no other key that
 * came or went has it, and it is either telling enough by itself or stands at the same place.
 */
export function renamedKeys(
  context: DiffContext,
  node: MapNode,
  removed: readonly MapEntry[],
  added: readonly string[],
  value: PlainMap,
): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>()
  if (removed.length === 0 || added.length === 0 || removed.length * added.length > 10_000) return renamed
  const storedKeys = node.entries.map((entry) => entry.key)
  const wantedKeys = Object.keys(value)
  const gone = removed.map((entry) => ({ entry, value: storedValue(context, entry.value) }))
  for (const { entry, value: stored } of gone) {
    const candidates = added.filter((key) => equalValues(value[key], stored))
    const [key] = candidates
    if (key === undefined || candidates.length > 1) continue
    if (gone.filter((other) => equalValues(other.value, stored)).length > 1) continue
    const samePlace = neighbours(storedKeys, entry.key) === neighbours(wantedKeys, key)
    if (samePlace || isTelling(stored)) renamed.set(entry.key, key)
  }
  return renamed
}

function neighbours(keys: readonly string[], key: string): string {
  const at = keys.indexOf(key)
  return JSON.stringify([keys[at - 1] ?? null, keys[at + 1] ?? null])
}

/** A value that two unrelated keys or items are unlikely to share. */
export function isTelling(value: PlainValue | undefined): boolean {
  if (typeof value === 'string') return value.length >= 8
  if (Array.isArray(value)) return value.length > 1 || value.some(isTelling)
  return isPlainMap(value) && Object.keys(value).length > 0
}
