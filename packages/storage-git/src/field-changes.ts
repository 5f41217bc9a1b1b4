import { equalValues, isRecord } from '@lg/runtime'

/** One field that differs between two states. `undefined` stands for an absent field. */
export interface FieldChange {
  readonly path: FieldPath
  readonly before: unknown
  readonly after: unknown
}

/** Keys and list indices from the root of an object. */
export type FieldPath = readonly (string | number)[]

/** The smallest fields that differ, in the order of the later value. Lists of different lengths are one field. */
export function fieldChanges(before: unknown, after: unknown): readonly FieldChange[] {
  const found: FieldChange[] = []
  collect(before, after, [], found)
  return found
}

function collect(before: unknown, after: unknown, path: FieldPath, found: FieldChange[]): void {
  if (equalValues(before, after)) return
  if (isRecord(before) && isRecord(after)) {
    for (const key of new Set([...Object.keys(after), ...Object.keys(before)])) {
      collect(fieldAt(before, [key]), fieldAt(after, [key]), [...path, key], found)
    }
  } else if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    after.forEach((item, index) => collect(before[index], item, [...path, index], found))
  } else {
    found.push({ path, before, after })
  }
}

/** The value at a path; `undefined` where there is none. */
export function fieldAt(value: unknown, path: FieldPath): unknown {
  let current = value
  for (const part of path) {
    if (Array.isArray(current) && typeof part === 'number') current = current[part]
    else if (isRecord(current) && Object.hasOwn(current, part)) current = current[part]
    else return undefined
  }
  return current
}
