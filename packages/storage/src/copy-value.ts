import { setOwn } from '@lg/runtime'

/** A deep copy of a plain value; `__proto__` stays an ordinary key. */
export function copyValue<T>(value: T): T {
  return copy(value) as T
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy)
  if (typeof value !== 'object' || value === null) return value
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(value)) setOwn(result, key, copy((value as Record<string, unknown>)[key]))
  return result
}

/** Makes a plain value immutable, with all that is in it. */
export function freezeValue<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const item of Object.values(value)) freezeValue(item)
    Object.freeze(value)
  }
  return value
}
