import { isRecord } from './object.ts'

/**
 * True when two values are the same data: maps in any order, lists in order, numbers by value (`1n` equals `1`).
 * An entry that is `undefined` counts as absent.
 */
export function equalValues(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || a === b) return true
  if (typeof a === 'bigint') return typeof b === 'number' && Number.isInteger(b) && BigInt(b) === a
  if (typeof b === 'bigint') return typeof a === 'number' && equalValues(b, a)
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equalValues(item, b[index]))
  }
  if (!isRecord(a) || !isRecord(b)) return false
  const keys = definedKeys(a)
  return (
    keys.length === definedKeys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equalValues(a[key], b[key]))
  )
}

const definedKeys = (map: Record<string, unknown>): string[] =>
  Object.keys(map).filter((key) => map[key] !== undefined)
