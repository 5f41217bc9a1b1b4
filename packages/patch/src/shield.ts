import { setOwn } from '@lg/runtime'

/**
 * The libraries below treat names that every object inherits (`__proto__`, `constructor`, `toString`) as special, or
 * trip over them. In a shielded copy such keys bear a mark, so that they are names like any other.
 */
const mark = '\0'

const isSpecial = (key: string): boolean =>
  key.startsWith(mark) || key in Object.prototype || key in functionNames
/** `toJSON` is called where it is there. */
const functionNames: Readonly<Record<string, true>> = { prototype: true, toJSON: true }

export const shieldKey = (key: string): string => (isSpecial(key) ? mark + key : key)
const unshieldKey = (key: string): string => (key.startsWith(mark) ? key.slice(1) : key)

/** A deep copy with every special key marked. */
export const shield = (value: unknown): unknown => mapKeys(value, shieldKey)
/** A deep copy with the marks taken off. */
export const unshield = (value: unknown): unknown => mapKeys(value, unshieldKey)

function mapKeys(value: unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => mapKeys(item, rename))
  if (typeof value !== 'object' || value === null) return value
  const result: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) setOwn(result, rename(key), mapKeys(item, rename))
  }
  return result
}
