/** Values by content: what was made from the same bytes is the same. Bounded by an estimate of their memory. */
export interface ValueCache<Value> {
  get(id: string): Value | undefined
  /** @param size bytes of text that the value was made from. */
  set(id: string, value: Value, size: number): void
  /** True for an id that {@link get} knows. Asking keeps nothing longer. */
  has(id: string): boolean
  /**
   * What was made of many values, by the list that it was made for. It is let go together with the first value, so it
   * must hold no others.
   */
  readonly lists: { get(list: object): unknown; set(list: object, made: unknown): void }
}

/** A decoded value takes several times the room of its text. */
const expansion = 8
/** What an entry takes besides. */
const overhead = 256

interface Entry<Value> {
  readonly value: Value
  readonly size: number
}

/**
 * A cache of two generations: once the young one holds half of `limit` bytes it becomes the old one, and what is in
 * that and was not asked for since is let go. Asking for a young value costs one look, and moves nothing.
 */
export function createValueCache<Value>({ limit }: { readonly limit: number }): ValueCache<Value> {
  let young = new Map<string, Entry<Value>>()
  let old = new Map<string, Entry<Value>>()
  let youngSize = 0
  let lists = new WeakMap<object, unknown>()
  const put = (id: string, entry: Entry<Value>): void => {
    if (youngSize + entry.size > limit / 2) {
      old = young
      young = new Map()
      youngSize = 0
      lists = new WeakMap()
    }
    young.set(id, entry)
    youngSize += entry.size
  }
  return {
    lists: { get: (list) => lists.get(list), set: (list, made) => void lists.set(list, made) },
    has: (id) => young.has(id) || old.has(id),
    get(id) {
      const entry = young.get(id)
      if (entry !== undefined) return entry.value
      const aged = old.get(id)
      if (aged === undefined) return undefined
      old.delete(id)
      put(id, aged)
      return aged.value
    },
    set(id, value, bytes) {
      const size = bytes * expansion + overhead
      youngSize -= young.get(id)?.size ?? 0
      young.delete(id)
      old.delete(id)
      if (size <= limit / 2) put(id, { value, size })
    },
  }
}
