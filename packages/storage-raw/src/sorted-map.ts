/**
 * An immutable map ordered by key (by code unit). A changed copy shares what did not change, so that many
 * versions of one large map cost little more than one.
 */
export interface SortedMap<Value> {
  readonly size: number
  get(key: string): Value | undefined
  /** Entries in order; only those whose key begins with `prefix`. */
  entries(prefix?: string): Iterable<readonly [key: string, value: Value]>
  /** A copy with these entries set, or removed where the value is `undefined`. The last of equal keys wins. */
  with(changes: ReadonlyMap<string, Value | undefined>): SortedMap<Value>
}

interface Chunk<Value> {
  readonly keys: readonly string[]
  readonly values: readonly Value[]
}

/** Chunks are split above twice this; larger makes a change dearer, smaller makes a copy dearer. */
const chunkSize = 128

export function createSortedMap<Value>(): SortedMap<Value> {
  return fromChunks<Value>([], 0)
}

function fromChunks<Value>(chunks: readonly Chunk<Value>[], size: number): SortedMap<Value> {
  /** The chunk that holds `key`, or would. */
  const chunkOf = (key: string): number => {
    let low = 0
    let high = chunks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (first(chunks[middle]) <= key) low = middle + 1
      else high = middle
    }
    return Math.max(0, low - 1)
  }

  return {
    size,
    get(key) {
      const chunk = chunks[chunkOf(key)]
      if (chunk === undefined) return undefined
      const at = lowerBound(chunk.keys, key)
      return chunk.keys[at] === key ? chunk.values[at] : undefined
    },
    *entries(prefix = '') {
      for (let index = chunkOf(prefix); index < chunks.length; index++) {
        const { keys, values } = chunks[index] as Chunk<Value>
        for (let at = lowerBound(keys, prefix); at < keys.length; at++) {
          const key = keys[at] as string
          if (!key.startsWith(prefix)) return
          yield [key, values[at] as Value]
        }
      }
    },
    with(changes) {
      if (changes.size === 0) return this
      const sorted = [...changes].sort(([a], [b]) => (a < b ? -1 : 1))
      const result: Chunk<Value>[] = []
      let done = 0
      let newSize = size
      for (let from = 0; from < sorted.length;) {
        const index = chunkOf((sorted[from] as [string, unknown])[0])
        const next = chunks[index + 1]
        const end = next === undefined ? undefined : first(next)
        let to = from + 1
        for (; to < sorted.length; to++) {
          if (end !== undefined && (sorted[to] as [string, unknown])[0] >= end) break
        }
        result.push(...chunks.slice(done, index))
        const old = chunks[index] ?? { keys: [], values: [] }
        const merged = merge(old, sorted.slice(from, to))
        newSize += merged.keys.length - old.keys.length
        result.push(...split(merged))
        done = index + 1
        from = to
      }
      for (const chunk of chunks.slice(done)) result.push(chunk)
      return fromChunks(result, newSize)
    },
  }
}

const first = <Value>(chunk: Chunk<Value> | undefined): string => chunk?.keys[0] ?? ''

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((keys[middle] as string) < key) low = middle + 1
    else high = middle
  }
  return low
}

function merge<Value>(
  chunk: Chunk<Value>,
  changes: readonly (readonly [string, Value | undefined])[],
): { readonly keys: string[]; readonly values: Value[] } {
  const keys: string[] = []
  const values: Value[] = []
  const add = (key: string, value: Value): void => {
    keys.push(key)
    values.push(value)
  }
  let at = 0
  for (const [key, value] of changes) {
    for (; at < chunk.keys.length && (chunk.keys[at] as string) < key; at++) {
      add(chunk.keys[at] as string, chunk.values[at] as Value)
    }
    if (chunk.keys[at] === key) at++
    if (value !== undefined) add(key, value)
  }
  for (; at < chunk.keys.length; at++) add(chunk.keys[at] as string, chunk.values[at] as Value)
  return { keys, values }
}

function split<Value>(chunk: Chunk<Value>): Chunk<Value>[] {
  const { keys, values } = chunk
  if (keys.length === 0) return []
  if (keys.length <= 2 * chunkSize) return [chunk]
  const parts: Chunk<Value>[] = []
  for (let at = 0; at < keys.length; at += chunkSize) {
    parts.push({ keys: keys.slice(at, at + chunkSize), values: values.slice(at, at + chunkSize) })
  }
  return parts
}
