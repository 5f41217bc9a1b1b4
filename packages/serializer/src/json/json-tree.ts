/** Where the parts of a JSON text stand. Offsets are in UTF-16 code units. */
export interface JsonNode {
  readonly start: number
  readonly end: number
  /** Entries of a map, in order, a repeated key each time. */
  readonly entries?: readonly JsonEntry[]
  readonly items?: readonly JsonNode[]
}

export interface JsonEntry {
  readonly key: string
  /** The opening quote of the key. */
  readonly start: number
  readonly value: JsonNode
}

/** The tree of a text that is known to be JSON, such as one that `parseJson` took. */
export function readJsonTree(text: string): JsonNode {
  // Strings are unrolled, so that one of many megabytes does not exhaust the matcher's stack.
  const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/gsy
  const space = /\s*/gy
  let at = 0
  const next = (): string => {
    space.lastIndex = at
    space.exec(text)
    token.lastIndex = space.lastIndex
    const word = token.exec(text)?.[0] ?? ''
    at = token.lastIndex
    return word
  }
  const node = (word: string): JsonNode => {
    const start = at - word.length
    if (word === '{') return { start, entries: entries(), end: at }
    if (word === '[') return { start, items: items(), end: at }
    return { start, end: at }
  }
  const entries = (): JsonEntry[] => {
    const found: JsonEntry[] = []
    for (let word = next(); word !== '}'; word = next()) {
      if (word === ',') word = next()
      const start = at - word.length
      next()
      found.push({ key: JSON.parse(word) as string, start, value: node(next()) })
    }
    return found
  }
  const items = (): JsonNode[] => {
    const found: JsonNode[] = []
    for (let word = next(); word !== ']'; word = next()) found.push(node(word === ',' ? next() : word))
    return found
  }
  return node(next())
}
