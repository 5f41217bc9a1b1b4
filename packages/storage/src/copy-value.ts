/** A deep copy of a plain value; `__proto__` stays an ordinary key. */
export function copyValue<T>(value: T): T {
  return copy(value) as T
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copy)
  // A spread makes every key an own one, so that setting `__proto__` below sets that and no prototype.
  const result: Record<string, unknown> = { ...value }
  // Unlike a list of the keys this loop costs no memory; inherited ones are not own, so they are left alone.
  for (const key in result) {
    const item = result[key]
    if (typeof item === 'object' && item !== null && Object.hasOwn(result, key)) result[key] = copy(item)
  }
  return result
}

/** Makes a plain value immutable, with all that is in it. What is frozen outside counts as frozen inside. */
export function freezeValue<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const item of Object.values(value)) freezeValue(item)
    Object.freeze(value)
  }
  return value
}
