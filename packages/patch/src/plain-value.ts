import { isRecord } from '@lg/runtime'
import { invalidPatch, type PatchPath } from './errors.ts'

/** Levels that a patch may have, as many as a document. */
const maxDepth = 1000

/**
 * Refuses what no document can hold: functions, symbols, instances of classes, and what goes on for ever.
 *
 * @param path where the value stands in the patch.
 * @throws {LgError} `INVALID_PATCH` with the path.
 */
export function requirePlain(value: unknown, path: PatchPath = []): void {
  const at = [...path]
  const visit = (item: unknown, depth: number): void => {
    if (depth > maxDepth)
      throw invalidPatch(at.slice(0, 10), `has more than ${maxDepth} levels, or contains itself`)
    if (typeof item === 'function' || typeof item === 'symbol') throw invalidPatch(at, `is a ${typeof item}`)
    if (typeof item !== 'object' || item === null) return
    if (!Array.isArray(item) && !isPlainMap(item))
      throw invalidPatch(at, 'is no plain value, but an instance')
    for (const [key, below] of Object.entries(item)) {
      at.push(key)
      visit(below, depth + 1)
      at.pop()
    }
  }
  visit(value, 1)
}

/** A literal, also of another realm, or a map without a prototype. */
function isPlainMap(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return isRecord(value) && (prototype === null || Object.getPrototypeOf(prototype) === null)
}
