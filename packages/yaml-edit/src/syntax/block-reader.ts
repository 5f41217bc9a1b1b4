import {
  tab,
  lineFeed,
  space,
  doubleQuote,
  hash,
  ampersand,
  singleQuote,
  asterisk,
  dash,
  colon,
  greater,
  question,
  leftBracket,
  leftBrace,
  bar,
  indicators,
} from './character-codes.ts'
import { resolvePlain } from '../scalar/resolve-plain.ts'
import { readBlockScalar } from './block-scalar.ts'
import { FlowReader } from './flow-reader.ts'
import { KeySet } from './key-set.ts'
import { giveUp, scalar } from './line-reader.ts'
import {
  type ListItem,
  type ListNode,
  type MapEntry,
  type MapNode,
  type Node,
  type Properties,
  type ScalarNode,
  emptyNode,
  maxDepth,
} from './node.ts'
import { foldLines } from './quoted.ts'

/** Reads block collections, and all that may stand in them. */
export class BlockReader extends FlowReader {
  readonly #anchors = new Map<string, Node>()
  /** It has met an alias or a merge key. */
  protected aliases = false

  /** A node of any kind at `pos`, inside a collection at column `parent`. */
  protected block(parent: number): Node {
    const code = this.code(this.pos)
    if (code === dash && this.endsWord(this.pos + 1)) return this.list()
    const keyEnd = this.keyEnd()
    if (keyEnd >= 0) return this.map(keyEnd)
    return this.scalarOrFlow(parent)
  }

  protected list(): ListNode {
    if (++this.depth > maxDepth) throw giveUp
    const column = this.column
    const start = this.pos
    const items: ListItem[] = []
    let end = start
    do {
      const itemStart = this.pos
      let at = itemStart + 1
      while (this.code(at) === space) at++
      const code = this.code(at)
      let value: Node
      if (code === lineFeed || code === hash) {
        this.pos = itemStart + 1
        this.endLine()
        value = this.column > column ? this.block(column) : emptyNode(itemStart + 1)
      } else if (code === ampersand || code === asterisk) {
        value = this.marked(at, column, false)
      } else {
        this.pos = at
        this.column = column + at - itemStart
        value = this.block(column)
      }
      end = Math.max(value.end, value.properties?.end ?? 0)
      items.push({ start: itemStart, end, value })
    } while (this.column === column && this.code(this.pos) === dash && this.endsWord(this.pos + 1))
    this.depth--
    return { kind: 'list', flow: false, start, end, properties: undefined, items }
  }

  protected map(firstKeyEnd: number): MapNode {
    if (++this.depth > maxDepth) throw giveUp
    const column = this.column
    const start = this.pos
    const entries: MapEntry[] = []
    const keys = new KeySet()
    let keyEnd = firstKeyEnd
    let end = start
    for (;;) {
      const entryStart = this.pos
      const keyNode = this.key(entryStart, keyEnd)
      const key = String(keyNode.value)
      if (keyNode.value === null || !keys.add(key)) throw giveUp
      const merge = key === '<<' && keyNode.style === 'plain'
      if (merge) this.aliases = true
      const colonEnd = this.code(keyEnd) === colon ? keyEnd + 1 : this.text.indexOf(':', keyEnd) + 1
      const value = this.mapValue(column, colonEnd)
      end = Math.max(colonEnd, value.end, value.properties?.end ?? 0)
      entries.push({ start: entryStart, colonEnd, end, key, keyNode, explicit: false, merge, value })
      if (this.column < column) break
      if (this.column > column) throw giveUp
      keyEnd = this.code(this.pos) === dash && this.endsWord(this.pos + 1) ? -1 : this.keyEnd()
      if (keyEnd < 0) throw giveUp
    }
    this.depth--
    return { kind: 'map', flow: false, start, end, properties: undefined, entries }
  }

  protected mapValue(column: number, colonEnd: number): Node {
    let at = colonEnd
    while (this.code(at) === space) at++
    const code = this.code(at)
    if (code !== lineFeed && code !== hash) {
      this.pos = at
      if (code === dash && this.endsWord(at + 1)) throw giveUp
      if (code === ampersand || code === asterisk) return this.marked(at, column, true)
      return this.scalarOrFlow(column)
    }
    this.pos = colonEnd
    return this.below(column, true) ?? emptyNode(colonEnd)
  }

  /** The value on the lines below a key or dash at `column`, after the rest of its line. */
  protected below(column: number, inMap: boolean): Node | undefined {
    this.endLine()
    if (this.column > column) return this.block(column)
    const isList = this.column === column && this.code(this.pos) === dash && this.endsWord(this.pos + 1)
    return inMap && isList ? this.list() : undefined
  }

  /** An alias, or a value after an anchor. */
  protected marked(start: number, column: number, inMap: boolean): Node {
    let end = start + 1
    while (!this.endsWord(end)) end++
    const anchor = this.text.slice(start + 1, end)
    if (!/^[\w./-]+$/.test(anchor)) throw giveUp
    this.pos = end
    if (this.code(start) === asterisk) {
      const target = this.#anchors.get(anchor)
      if (target === undefined) throw giveUp
      this.aliases = true
      this.endLine()
      if (this.column > column) throw giveUp
      return { kind: 'alias', anchor, start, end, properties: undefined, target }
    }
    const properties: Properties = { start, end, anchor }
    let at = end
    while (this.code(at) === space) at++
    const code = this.code(at)
    let value: Node | undefined
    if (code === lineFeed || code === hash) value = this.below(column, inMap)
    else {
      this.pos = at
      // On the line of a dash the anchor may be that of a key.
      if (!inMap && this.keyEnd() >= 0) throw giveUp
      if (code === dash && this.endsWord(at + 1)) throw giveUp
      value = this.scalarOrFlow(column)
    }
    if (value?.properties !== undefined || value?.kind === 'alias') throw giveUp
    const node: Node = value === undefined ? emptyNode(end, properties) : { ...value, properties }
    this.#anchors.set(anchor, node)
    return node
  }

  /** The end of the implicit key at `pos`, its quotes included; -1 when there is none on this line. */
  protected keyEnd(): number {
    const start = this.pos
    const first = this.code(start)
    if (first === doubleQuote || first === singleQuote) {
      const end = this.quotedEnd(start, first)
      if (end < 0) return -1
      let at = end
      while (this.code(at) === space) at++
      if (this.code(at) !== colon || !this.endsWord(at + 1)) return -1
      if (this.text.slice(start, end).includes('\n') || end - start > 1000) throw giveUp
      return end
    }
    if (indicators.has(first)) return -1
    if ((first === question || first === colon) && this.endsWord(start + 1)) throw giveUp
    const end = this.plainEnd(start)
    if (this.code(end) !== colon || end >= this.limit) return -1
    if (end - start > 1000) throw giveUp
    return this.trimEnd(start, end)
  }

  protected key(start: number, end: number): ScalarNode {
    const first = this.code(start)
    if (first === doubleQuote || first === singleQuote) return this.quotedNode(start, end, first)
    return scalar('plain', start, end, resolvePlain(this.text.slice(start, end)))
  }

  protected scalarOrFlow(parent: number): Node {
    const start = this.pos
    const first = this.code(start)
    if (first === doubleQuote || first === singleQuote) {
      const end = this.quotedEnd(start, first)
      if (end < 0) throw giveUp
      this.checkContinuation(start, end, parent)
      this.pos = end
      this.endLine()
      return this.quotedNode(start, end, first)
    }
    if (first === bar || first === greater) return this.blockScalar(start, first, parent)
    if (first === leftBracket || first === leftBrace) {
      const node = this.flow(parent)
      this.endLine()
      return node
    }
    if (indicators.has(first)) throw giveUp
    if ((first === dash || first === question || first === colon) && this.endsWord(start + 1)) throw giveUp
    return this.plain(start, parent)
  }

  protected blockScalar(start: number, first: number, parent: number): ScalarNode {
    if (parent < 0) throw giveUp
    const block = readBlockScalar(this.source, start, this.limit, parent)
    if (block === undefined) throw giveUp
    this.pos = block.next
    this.nextContent()
    // Text left of the block but right of its parent is a mistake; what is read next would not say so.
    if (this.column > parent && this.column >= 0) throw giveUp
    return scalar(first === bar ? 'literal' : 'folded', start, block.end, block.value)
  }

  /** Further lines of a quoted scalar must stand right of its parent. */
  protected checkContinuation(start: number, end: number, parent: number): void {
    let at = this.text.indexOf('\n', start)
    while (at >= 0 && at < end) {
      let content = at + 1
      while (this.code(content) === space) content++
      const code = this.code(content)
      if (code === tab || (code !== lineFeed && content - at - 1 <= parent)) throw giveUp
      at = this.text.indexOf('\n', at + 1)
    }
  }

  protected plain(start: number, parent: number): ScalarNode {
    const stop = this.plainEnd(start)
    if (this.code(stop) === colon && stop < this.limit) throw giveUp
    let end = this.trimEnd(start, stop)
    if (stop < this.limit && this.text.charCodeAt(stop) === hash) {
      this.pos = stop - 1
      this.endLine()
      if (this.column > parent) throw giveUp
      return scalar('plain', start, end, resolvePlain(this.text.slice(start, end)))
    }
    // Deeper lines continue it.
    let lines = 1
    for (;;) {
      this.pos = Math.min(this.lineEnd(end) + 1, this.limit)
      const before = this.pos
      this.nextContent()
      if (this.column <= parent) break
      if (this.text.slice(before, this.pos).includes('#')) throw giveUp
      const lineStop = this.plainEnd(this.pos)
      if (lineStop < this.limit && this.text.charCodeAt(lineStop) !== lineFeed) throw giveUp
      end = this.trimEnd(this.pos, lineStop)
      lines++
    }
    const source = this.text.slice(start, end)
    return scalar('plain', start, end, lines > 1 ? foldLines(source) : resolvePlain(source))
  }
}
