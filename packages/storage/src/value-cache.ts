/** Values by content: what was made from the same bytes is the same. Bounded by the size of the bytes. */
export interface ValueCache<Value> {
  get(id: string): Value | undefined
  /** @param size bytes that the value was made from. */
  set(id: string, value: Value, size: number): void
  clear(): void
}

/** A decoded value takes several times the room of its text. */
const expansion = 8
/** What an entry takes besides. */
const overhead = 256

/**
 * A cache that lets go of what was not asked for longest, once all entries together are estimated to be larger than
 * `limit` bytes of memory.
 */
export function createValueCache<Value>({ limit }: { readonly limit: number }): ValueCache<Value> {
  const entries = new Map<string, { readonly value: Value; readonly size: number }>()
  let total = 0
  const remove = (id: string): void => {
    total -= entries.get(id)?.size ?? 0
    entries.delete(id)
  }
  return {
    get(id) {
      const entry = entries.get(id)
      if (entry === undefined) return undefined
      // A map keeps the order of insertion, so the longest unused is always the first.
      entries.delete(id)
      entries.set(id, entry)
      return entry.value
    },
    set(id, value, bytes) {
      remove(id)
      const size = bytes * expansion + overhead
      if (size > limit) return
      entries.set(id, { value, size })
      total += size
      for (const oldest of entries.keys()) {
        if (total <= limit) break
        remove(oldest)
      }
    },
    clear() {
      entries.clear()
      total = 0
    },
  }
}
