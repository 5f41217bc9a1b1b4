import { equalValues, isRecord, setOwn } from '@lg/runtime'
import type { FieldPath } from './errors.ts'
import type { FilledField } from './source.ts'
import { valueAt } from './value-at.ts'

/**
 * Puts `defaults` where `target` has no entry, deeply in maps; what is there, `null` included, stays, and lists are
 * taken as a whole. Changes `target` and returns what was put where.
 */
export function fillAbsent(target: Record<string, unknown>, defaults: unknown): FilledField[] {
  const filled: FilledField[] = []
  const visit = (into: Record<string, unknown>, from: unknown, path: FieldPath): void => {
    if (!isRecord(from)) return
    for (const [key, value] of Object.entries(from)) {
      if (value === undefined) continue
      const present = Object.hasOwn(into, key) ? into[key] : undefined
      if (present === undefined) {
        const copy = copyValue(value)
        setOwn(into, key, copy)
        filled.push({ path: [...path, key], value: copyValue(value) })
      } else if (isRecord(present)) visit(present, value, [...path, key])
    }
  }
  visit(target, defaults, [])
  return filled
}

/** A deep copy of data. `__proto__` stays an ordinary key. */
export function copyValue<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyValue) as T
  if (!isRecord(value)) return value
  const copy: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) setOwn(copy, key, copyValue(item))
  return copy as T
}

/** A copy without the entries that were filled and still hold the same; `stored` keeps those that it has itself. */
export function withoutFilled<T>(value: T, filled: readonly FilledField[], stored?: unknown): T {
  const untouched = filled.filter(
    (field) =>
      equalValues(valueAt(value, field.path), field.value) && valueAt(stored, field.path) === undefined,
  )
  if (untouched.length === 0) return value
  const copy = copyValue(value)
  for (const { path } of untouched) deleteAt(copy, path)
  return copy
}

/** The entries of `full` that `bare` lacks, each with the highest path at which it is missing. */
export function addedEntries(bare: unknown, full: unknown): FilledField[] {
  if (!isRecord(bare)) return []
  return fillAbsent(copyValue(bare), full)
}

function deleteAt(value: unknown, path: FieldPath): void {
  const parent = valueAt(value, path.slice(0, -1))
  const key = path.at(-1)
  if (isRecord(parent) && typeof key === 'string') delete parent[key]
}
