import type { Position, YamlEditError } from './errors.ts'
import { YamlEditError as EditError } from './errors.ts'
import type { Path } from './path.ts'
import { positionAt } from './position.ts'
import { type DocumentRange, splitDocuments } from './stream/documents.ts'
import { type StreamText, streamText } from './stream/stream-text.ts'
import { type Node, outerStart } from './syntax/node.ts'
import { parseDocument } from './syntax/parse-document.ts'
import { mergedEntries, toValue } from './syntax/to-value.ts'

/** Where a node stands: the position of its first character, and the offset after its last. */
export interface NodeLocation extends Position {
  readonly end: number
  /** For a value in a map: where its key stands. */
  readonly key?: Position
}

/** One document of a stream. */
export interface YamlDocument {
  /** Its number in the stream, from 0, empty documents counted too. */
  readonly index: number
  /** Offsets in the text: its directives, comments and `---` line included, the next `---` line not. */
  readonly range: { readonly start: number; readonly end: number }
  /** It holds nothing, at most comments. Its value is then null. */
  readonly empty: boolean
  /** The plain value; undefined when there are errors. Of duplicate keys alone the last one holds. */
  readonly value: unknown
  /** What is wrong with it, in the order of the text. */
  readonly errors: readonly YamlEditError[]
  /** Where the value at a path stands; undefined when nothing is there. Aliases and merge keys are followed. */
  locate(path: Path): NodeLocation | undefined
}

/**
 * Reads every document of a stream as Kubernetes reads it; see {@link parseYaml} for the values.
 * It never throws for what the text holds: each document carries its errors, and one broken document
 * leaves the others readable.
 *
 * @example
 * ```ts
 * const [first] = parseYamlDocuments('metadata:\n  name: demo\n')
 * first.value                              // { metadata: { name: 'demo' } }
 * first.locate(['metadata', 'name'])?.line // 2
 * ```
 */
export function parseYamlDocuments(text: string): readonly YamlDocument[] {
  const stream = streamText(text)
  return splitDocuments(text).map((range) => readDocument(text, range, stream))
}

/**
 * The value of a text that holds one document, as Kubernetes reads it: `yes` and `on` are booleans,
 * `0644` is 420, dates are strings, an integer beyond 2^53 is a `bigint`, `__proto__` is an ordinary key.
 * Keys that are numbers or booleans become strings, as in JSON. An empty text is null.
 *
 * @throws {YamlEditError} the first error of the text; `SYNTAX` when there are several documents.
 */
export function parseYaml(text: string): unknown {
  const [document, second] = parseYamlDocuments(text)
  const error = document?.errors[0]
  if (error !== undefined) throw error
  if (second !== undefined) {
    const position = positionAt(text, second.range.start)
    const message = `line ${position.line}: a second document begins here; use parseYamlDocuments`
    throw new EditError('SYNTAX', message, { ...position, reason: 'MULTIPLE_DOCS', document: 1 })
  }
  return document?.value
}

function readDocument(text: string, range: DocumentRange, stream: StreamText): YamlDocument {
  // The tree is many times as large as the value, and few ask where a value stands: it is read again for those.
  let root: Node | undefined
  return {
    ...readValue(text, range, stream),
    locate(path) {
      root ??= parseDocument(text, range, stream).root
      return locate(text, stream, root, path, range.index)
    },
  }
}

function readValue(text: string, range: DocumentRange, stream: StreamText): Omit<YamlDocument, 'locate'> {
  const tree = parseDocument(text, range, stream)
  let errors = tree.errors
  let value: unknown
  if (errors.every(({ code }) => code === 'DUPLICATE_KEY')) {
    try {
      value = toValue(tree.root, text, range.index)
    } catch (error) {
      if (!(error instanceof EditError)) throw error
      errors = [...errors, error]
    }
  }
  return {
    index: range.index,
    range: { start: range.start, end: range.end },
    empty: errors.length === 0 && isNothing(tree.root),
    value,
    errors,
  }
}

function isNothing(root: Node): boolean {
  return root.kind === 'scalar' && root.style === 'empty' && root.properties === undefined
}

function locate(
  text: string,
  stream: StreamText,
  root: Node,
  path: Path,
  document: number,
): NodeLocation | undefined {
  let node: Node = root
  let keyAt: number | undefined
  for (const part of path) {
    const here: Node = node.kind === 'alias' ? node.target : node
    keyAt = undefined
    if (here.kind === 'list') {
      const item = here.items[Number(part)]
      if (item === undefined) return undefined
      node = item.value
    } else if (here.kind === 'map') {
      const entry = here.entries.find((each) => !each.merge && each.key === String(part))
      const merged = entry === undefined ? findMerged(here, String(part), text, document) : undefined
      const found = entry?.value ?? merged
      if (found === undefined) return undefined
      keyAt = entry?.start
      node = found
    } else {
      return undefined
    }
  }
  const location = { ...stream.positionAt(outerStart(node)), end: node.end }
  return keyAt === undefined ? location : { ...location, key: stream.positionAt(keyAt) }
}

function findMerged(
  map: Node & { kind: 'map' },
  key: string,
  text: string,
  document: number,
): Node | undefined {
  for (const [name, node] of mergedEntries(map, { text, document })) if (name === key) return node
  return undefined
}
