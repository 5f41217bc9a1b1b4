import { type CST, isAlias, isMap, isPair, isScalar, isSeq } from 'yaml'
import type { Alias, Pair, ParsedNode, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import { type ScalarValue, resolvePlain } from '../scalar/resolve-plain.ts'
import type { DocumentRange } from '../stream/documents.ts'
import { readBlockScalar } from './block-scalar.ts'
import type { Faults } from './faults.ts'
import type { AliasNode, ListItem, MapEntry, Node, Properties, ScalarNode, ScalarStyle } from './node.ts'
import { emptyNode } from './node.ts'
import { decodeDouble } from './quoted.ts'
import { resolveTagged } from './tags.ts'

type SourceToken = CST.SourceToken

/** Turns the tree that the `yaml` package composed of one document into ours. */
export class TreeReader {
  readonly #text: string
  readonly #range: DocumentRange
  readonly #base: number
  readonly #faults: Faults
  readonly #anchors = new Map<string, Node>()

  constructor(text: string, range: DocumentRange, faults: Faults) {
    this.#text = text
    this.#range = range
    this.#base = range.textStart
    this.#faults = faults
  }

  /** @param tokens - those before the content: its anchor and tag are among them. */
  root(contents: ParsedNode | null, tokens: readonly SourceToken[]): Node {
    return this.#node(contents, this.#properties(tokens), -1, this.#range.contentStart)
  }

  #properties(tokens: readonly SourceToken[] | undefined): Properties | undefined {
    let start = -1
    let end = -1
    let anchor: string | undefined
    let tag: string | undefined
    for (const token of tokens ?? []) {
      if (token.type === 'anchor') anchor = token.source.slice(1)
      else if (token.type === 'tag') tag = token.source
      else if (
        token.type === 'map-value-ind' ||
        token.type === 'explicit-key-ind' ||
        token.type === 'seq-item-ind'
      ) {
        start = -1
        anchor = tag = undefined
        continue
      } else continue
      if (start < 0) start = this.#base + token.offset
      end = this.#base + token.offset + token.source.length
    }
    if (start < 0) return undefined
    return { start, end, ...(anchor !== undefined && { anchor }), ...(tag !== undefined && { tag }) }
  }

  #node(
    node: ParsedNode | null | undefined,
    properties: Properties | undefined,
    parent: number,
    at: number,
  ): Node {
    const read = this.#bare(node, properties, parent, at)
    if (properties?.anchor !== undefined) this.#anchors.set(properties.anchor, read)
    return read
  }

  #bare(
    node: ParsedNode | null | undefined,
    properties: Properties | undefined,
    parent: number,
    at: number,
  ): Node {
    if (isAlias(node)) return this.#alias(node)
    if (isMap(node)) return this.#map(node as YAMLMap.Parsed, properties)
    if (isSeq(node)) return this.#list(node as YAMLSeq.Parsed, properties)
    if (isScalar(node)) return this.#scalar(node as Scalar.Parsed, properties, parent, at)
    return this.#resolved(emptyNode(properties?.end ?? at, properties), undefined)
  }

  #alias(node: Alias.Parsed): AliasNode {
    const start = this.#base + node.range[0]
    const end = this.#base + node.range[1]
    const target = this.#anchors.get(node.source)
    if (target === undefined) {
      this.#faults.unknownAnchor(start, node.source)
    }
    return {
      kind: 'alias',
      anchor: node.source,
      start,
      end,
      properties: undefined,
      target: target ?? emptyNode(start),
    }
  }

  #scalar(node: Scalar.Parsed, properties: Properties | undefined, parent: number, at: number): ScalarNode {
    const start = this.#base + node.range[0]
    const end = this.#base + node.range[1]
    const source = typeof node.source === 'string' ? node.source : ''
    const style = styles.get(node.type as string) ?? 'plain'
    if (style === 'literal' || style === 'folded') {
      const block = readBlockScalar(this.#text, start, this.#range.contentEnd, parent)
      if (block !== undefined) {
        return this.#resolved(
          { kind: 'scalar', style, start, end: block.end, properties, value: block.value },
          node.tag,
        )
      }
      const stop = this.#text.slice(start, end).trimEnd().length + start
      return this.#resolved({ kind: 'scalar', style, start, end: stop, properties, value: source }, node.tag)
    }
    if (style === 'plain' && start === end) {
      return this.#resolved(emptyNode(properties?.end ?? at, properties), node.tag)
    }
    const value = style === 'double' ? (this.#double(start, end) ?? source) : source
    return this.#resolved({ kind: 'scalar', style, start, end, properties, value }, node.tag)
  }

  /** Blank lines after an escaped line break are line feeds to Kubernetes' reader. */
  #double(start: number, end: number): string | undefined {
    return decodeDouble(this.#text.slice(start + 1, end - 1).replaceAll('\r\n', '\n'))
  }

  /** Gives a scalar, whose value is still its text, the value that its tag or its looks give it. */
  #resolved(node: ScalarNode, tag: string | undefined): ScalarNode {
    const source = node.value === null ? '' : String(node.value)
    const plain = node.style === 'plain' || node.style === 'empty'
    const known = node.properties?.tag === undefined ? undefined : (tag ?? node.properties.tag)
    let value: ScalarValue | undefined
    if (known === undefined) value = plain ? this.#plain(node, source) : source
    else value = resolveTagged(known, source)
    if (value === undefined) {
      const message = `the text does not fit its tag ${node.properties?.tag}`
      this.#faults.syntax(node.start, 'TAG_RESOLVE_FAILED', message)
      value = source
    }
    return { ...node, value }
  }

  /** A plain scalar over several lines is a string whatever it looks like. */
  #plain(node: ScalarNode, source: string): ScalarValue {
    return this.#text.slice(node.start, node.end).includes('\n') ? source : resolvePlain(source)
  }

  #columnOf(offset: number): number {
    const start = this.#text.lastIndexOf('\n', offset - 1) + 1
    const mark = start === 0 && this.#text.charCodeAt(0) === 0xfeff ? 1 : 0
    return offset - start - mark
  }

  #list(node: YAMLSeq.Parsed, properties: Properties | undefined): Node {
    const start = this.#base + node.range[0]
    const flow = node.flow === true
    const token = node.srcToken as CST.BlockSequence | CST.FlowCollection
    const sources = (token.items as CST.CollectionItem[]).filter((item) =>
      flow ? isPresent(item) : item.start.some((each) => each.type === 'seq-item-ind'),
    )
    const column = this.#columnOf(start)
    const items = node.items.map((item, index): ListItem => {
      const source = sources[index]
      const itemProperties = this.#properties(source?.key === undefined ? source?.start : [])
      const dash = source?.start.find((each) => each.type === 'seq-item-ind')
      const dashAt = dash === undefined ? -1 : this.#base + dash.offset
      const value = this.#node(item as ParsedNode, itemProperties, column, dashAt + 1)
      const end = Math.max(value.end, itemProperties?.end ?? 0)
      return {
        start: flow ? Math.min(value.start, itemProperties?.start ?? value.start) : dashAt,
        end,
        value,
      }
    })
    const end = flow ? this.#base + node.range[1] : (items.at(-1)?.end ?? start)
    return { kind: 'list', flow, start, end, properties, items }
  }

  #map(node: YAMLMap.Parsed, properties: Properties | undefined): Node {
    const flow = node.flow === true
    const column = this.#columnOf(this.#base + node.range[0])
    const entries: MapEntry[] = []
    const seen = new Map<string, number>()
    for (const pair of node.items) {
      if (!isPair(pair)) continue
      const entry = this.#entry(pair as Pair<ParsedNode, ParsedNode | null>, column)
      if (entry === undefined) continue
      const first = seen.get(entry.key)
      if (first !== undefined && !entry.merge) this.#faults.duplicateKey(entry.start, entry.key, first)
      seen.set(entry.key, entry.start)
      entries.push(entry)
    }
    const start = Math.min(this.#base + node.range[0], flow ? Infinity : (entries[0]?.start ?? Infinity))
    const end = flow ? this.#base + node.range[1] : (entries.at(-1)?.end ?? start)
    return { kind: 'map', flow, start, end, properties, entries }
  }

  #entry(pair: Pair<ParsedNode, ParsedNode | null>, column: number): MapEntry | undefined {
    const source = pair.srcToken as CST.CollectionItem
    const explicitAt = source.start.find((each) => each.type === 'explicit-key-ind')
    const colon = source.sep?.find((each) => each.type === 'map-value-ind')
    const keyProperties = this.#properties(source.start)
    const keyAt =
      this.#base + (explicitAt ? explicitAt.offset + 1 : (colon?.offset ?? pair.key?.range?.[0] ?? 0))
    const key = this.#node(pair.key, keyProperties, column, keyAt)
    const resolved = key.kind === 'alias' ? key.target : key
    if (
      resolved.kind !== 'scalar' ||
      resolved.value === null ||
      (key.kind !== 'alias' && key.kind !== 'scalar')
    ) {
      this.#faults.unsupportedKey(key.start, resolved.kind === 'scalar' ? 'null' : `a ${resolved.kind}`)
      return undefined
    }
    const start = Math.min(
      explicitAt ? this.#base + explicitAt.offset : Infinity,
      keyProperties?.start ?? Infinity,
      key.start,
    )
    const colonEnd = colon === undefined ? key.end : this.#base + colon.offset + 1
    const valueProperties = this.#properties(source.sep)
    const value = this.#node(pair.value, valueProperties, column, colonEnd)
    const merge = resolved.value === '<<' && key.kind === 'scalar' && key.style === 'plain'
    const end = Math.max(colonEnd, value.end, valueProperties?.end ?? 0)
    return {
      start,
      colonEnd,
      end,
      key: String(resolved.value),
      keyNode: key,
      explicit: explicitAt !== undefined,
      merge,
      value,
    }
  }
}

const styles: ReadonlyMap<string, ScalarStyle> = new Map([
  ['PLAIN', 'plain'],
  ['QUOTE_SINGLE', 'single'],
  ['QUOTE_DOUBLE', 'double'],
  ['BLOCK_LITERAL', 'literal'],
  ['BLOCK_FOLDED', 'folded'],
])

function isPresent(item: CST.CollectionItem): boolean {
  return (
    item.key !== undefined ||
    item.sep !== undefined ||
    item.value !== undefined ||
    item.start.some((each) => each.type === 'anchor' || each.type === 'tag')
  )
}
