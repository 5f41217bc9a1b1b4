import { type CST, Composer, type Document, Parser, type ParsedNode } from 'yaml'
import type { YamlEditError } from '../errors.ts'
import type { DocumentRange } from '../stream/documents.ts'
import { type StreamText, streamText } from '../stream/stream-text.ts'
import { type Faults, createFaults } from './faults.ts'
import { type Node, emptyNode, maxDepth } from './node.ts'
import { TreeReader } from './tree-reader.ts'

/** What the full parser makes of one document; `root` is empty when there are errors of its syntax. */
export interface FullParse {
  readonly root: Node
  readonly errors: readonly YamlEditError[]
}

/** Reads any document with the `yaml` package, and turns its tree into ours. */
export function parseFully(
  text: string,
  range: DocumentRange,
  stream: StreamText = streamText(text),
): FullParse {
  const faults = createFaults(stream, range.index)
  return { root: readRoot(text, range, faults) ?? emptyNode(range.contentStart), errors: faults.errors }
}

function readRoot(text: string, range: DocumentRange, faults: Faults): Node | undefined {
  const { textStart: base, end } = range
  findInvalidCharacter(text, range, faults)
  if (faults.errors.length > 0) return undefined
  const slice = text.slice(base, end)
  const tokens = [...new Parser().parse(slice)]
  findTooDeep(tokens, base, faults)
  if (faults.errors.length > 0) return undefined
  const documents = compose(tokens, slice.length)
  const [document, second] = documents
  for (const error of documents.flatMap((each) => each.errors)) {
    faults.syntax(Math.min(base + error.pos[0], text.length), error.code, error.message)
  }
  if (second !== undefined && faults.errors.length === 0) {
    const message = 'the content of the document ends before this'
    faults.syntax(Math.min(base + second.range[0], text.length), 'MULTIPLE_DOCS', message)
  }
  if (document === undefined || faults.errors.length > 0) return undefined
  const start = tokens.find((token) => token.type === 'document')
  const contents = document.contents as ParsedNode | null
  return new TreeReader(text, range, faults).root(contents, start?.type === 'document' ? start.start : [])
}

/** Scalars stay text, and keys that stand twice stay: both are judged by us. */
function compose(tokens: readonly CST.Token[], length: number): readonly Document.Parsed[] {
  const composer = new Composer({
    keepSourceTokens: true,
    uniqueKeys: false,
    schema: 'failsafe',
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  return [...composer.compose(tokens, true, length)] as Document.Parsed[]
}

function findInvalidCharacter(text: string, { start, end }: DocumentRange, faults: Faults): void {
  const match = /[^\P{Cc}\t\n\r\u0085]|[\ufffe\uffff]|\p{Cs}/u.exec(text.slice(start, end))
  if (match === null) return
  const character = `U+${match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
  faults.invalidCharacter(start + match.index, character)
}

/** The composer recurses; the tokens are walked without recursion first. */
function findTooDeep(tokens: readonly CST.Token[], base: number, faults: Faults): void {
  const pending: { token: CST.Token; depth: number }[] = []
  for (const token of tokens) {
    if (token.type === 'document' && token.value) pending.push({ token: token.value, depth: 1 })
  }
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { token, depth } = next
    if (!('items' in token)) continue
    if (depth > maxDepth) {
      faults.tooDeep(base + token.offset, maxDepth)
      return
    }
    for (const item of token.items) {
      if (item.key) pending.push({ token: item.key, depth: depth + 1 })
      if (item.value) pending.push({ token: item.value, depth: depth + 1 })
    }
  }
}
