import { type ScalarValue, resolvePlain } from '../scalar/resolve-plain.ts'
import { readBlockScalar } from './block-scalar.ts'
import {
  type ListItem, type ListNode, type MapEntry, type MapNode, type Node, type Properties, type ScalarNode, emptyNode, maxDepth,
} from './node.ts'
import { decodeDouble, decodeSingle, foldLines } from './quoted.ts'

/** Thrown, and caught below, when the text is not in the plain subset. */
const giveUp: unique symbol = Symbol('not in the plain subset')

// Control characters, lone surrogates and exotic line breaks are for the full parser.
const unusual = /[^\t\n\r\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u

const tab = 0x09
const lineFeed = 0x0a
const space = 0x20
const doubleQuote = 0x22
const hash = 0x23
const ampersand = 0x26
const singleQuote = 0x27
const asterisk = 0x2a
const comma = 0x2c
const dash = 0x2d
const colon = 0x3a
const greater = 0x3e
const question = 0x3f
const leftBracket = 0x5b
const backslash = 0x5c
const rightBracket = 0x5d
const leftBrace = 0x7b
const bar = 0x7c
const rightBrace = 0x7d

/** `, [ ] { } # & * ! | > ' " % @ `` and tab: what a plain scalar cannot begin with. */
const indicators: ReadonlySet<number> = new Set([...',[]{}#&*!|>\'"%@`\t'].map((c) => c.charCodeAt(0)))

/** What the quick pass read. */
export interface PlainSubset {
  readonly root: Node
  /** It has aliases, whose values stand elsewhere, or merge keys. */
  readonly aliases: boolean
}

/**
 * Reads what manifests are made of: block maps and lists, plain and quoted scalars, literal and folded
 * blocks, flow collections, comments, anchors and aliases of values. Tags, directives, tabs, `?` keys, duplicate keys and
 * everything that might be a mistake are not for it.
 *
 * @returns the root, or undefined when the text needs the full parser. It never reads a text otherwise
 *   than the full parser does.
 */
export function parsePlainSubset(text: string, start: number, end: number, emptyAt: number = start): PlainSubset | undefined {
  const whole = start === 0 && end === text.length ? text : text.slice(start, end)
  if (unusual.test(whole) || whole.includes('\n%')) return undefined
  // Before a line feed a space means as little as a carriage return, but where a block scalar is read.
  const windows = whole.includes('\r')
  if (windows && /\r(?!\n)|\\\r/.test(whole)) return undefined
  const parser = new PlainSubsetParser(text, windows ? text.replaceAll('\r\n', ' \n') : text, start, end)
  try {
    return parser.document(emptyAt)
  } catch (thrown) {
    if (thrown === giveUp) return undefined
    throw thrown
  }
}

/**
 * One pass over the text. Between calls `pos` is at the first character of the next content, `column` is
 * its column, or -1 at the end of the document.
 */
class PlainSubsetParser {
  readonly #source: string
  readonly #text: string
  readonly #limit: number
  #pos: number
  #column = -1
  #depth = 0
  readonly #anchors = new Map<string, Node>()
  #aliases = false

  constructor(source: string, text: string, start: number, end: number) {
    this.#source = source
    this.#text = text
    this.#pos = start
    this.#limit = end
  }

  document(emptyAt: number): PlainSubset {
    this.#nextContent()
    if (this.#column < 0) return { root: emptyNode(emptyAt), aliases: false }
    const root = this.#block(-1)
    if (this.#column >= 0) throw giveUp
    return { root, aliases: this.#aliases }
  }

  #code(at: number): number {
    return at < this.#limit ? this.#text.charCodeAt(at) : lineFeed
  }

  #endsWord(at: number): boolean {
    const code = this.#code(at)
    return code === space || code === lineFeed
  }

  /** From the start of a line, over blank lines and comments, to the next content. */
  #nextContent(): void {
    const text = this.#text
    let at = this.#pos
    for (;;) {
      const line = at
      while (at < this.#limit && text.charCodeAt(at) === space) at++
      if (at >= this.#limit) {
        this.#pos = this.#limit
        this.#column = -1
        return
      }
      const code = text.charCodeAt(at)
      if (code === tab) throw giveUp
      if (code === hash) at = this.#lineEnd(at)
      else if (code !== lineFeed) {
        this.#pos = at
        this.#column = at - line
        return
      }
      at++
    }
  }

  #lineEnd(at: number): number {
    const end = this.#text.indexOf('\n', at)
    return end < 0 || end > this.#limit ? this.#limit : end
  }

  /** After a value: only white space and a comment may follow on its line. */
  #endLine(): void {
    const from = this.#pos
    let at = from
    while (this.#code(at) === space) at++
    const code = this.#code(at)
    if (code === hash && at > from) at = this.#lineEnd(at)
    else if (code !== lineFeed) throw giveUp
    this.#pos = Math.min(at + 1, this.#limit)
    this.#nextContent()
  }

  /** A node of any kind at `pos`, inside a collection at column `parent`. */
  #block(parent: number): Node {
    const code = this.#code(this.#pos)
    if (code === dash && this.#endsWord(this.#pos + 1)) return this.#list()
    const keyEnd = this.#keyEnd()
    if (keyEnd >= 0) return this.#map(keyEnd)
    return this.#scalarOrFlow(parent)
  }

  #list(): ListNode {
    if (++this.#depth > maxDepth) throw giveUp
    const column = this.#column
    const start = this.#pos
    const items: ListItem[] = []
    let end = start
    do {
      const itemStart = this.#pos
      let at = itemStart + 1
      while (this.#code(at) === space) at++
      const code = this.#code(at)
      let value: Node
      if (code === lineFeed || code === hash) {
        this.#pos = itemStart + 1
        this.#endLine()
        value = this.#column > column ? this.#block(column) : emptyNode(itemStart + 1)
      } else if (code === ampersand || code === asterisk) {
        value = this.#marked(at, column, false)
      } else {
        this.#pos = at
        this.#column = column + at - itemStart
        value = this.#block(column)
      }
      end = Math.max(value.end, value.properties?.end ?? 0)
      items.push({ start: itemStart, end, value })
    } while (this.#column === column && this.#code(this.#pos) === dash && this.#endsWord(this.#pos + 1))
    this.#depth--
    return { kind: 'list', flow: false, start, end, properties: undefined, items }
  }

  #map(firstKeyEnd: number): MapNode {
    if (++this.#depth > maxDepth) throw giveUp
    const column = this.#column
    const start = this.#pos
    const entries: MapEntry[] = []
    const keys = new KeySet()
    let keyEnd = firstKeyEnd
    let end = start
    for (;;) {
      const entryStart = this.#pos
      const keyNode = this.#key(entryStart, keyEnd)
      const key = String(keyNode.value)
      if (keyNode.value === null || !keys.add(key)) throw giveUp
      const merge = key === '<<' && keyNode.style === 'plain'
      if (merge) this.#aliases = true
      const colonEnd = this.#code(keyEnd) === colon ? keyEnd + 1 : this.#text.indexOf(':', keyEnd) + 1
      const value = this.#mapValue(column, colonEnd)
      end = Math.max(colonEnd, value.end, value.properties?.end ?? 0)
      entries.push({ start: entryStart, colonEnd, end, key, keyNode, explicit: false, merge, value })
      if (this.#column < column) break
      if (this.#column > column) throw giveUp
      keyEnd = this.#code(this.#pos) === dash && this.#endsWord(this.#pos + 1) ? -1 : this.#keyEnd()
      if (keyEnd < 0) throw giveUp
    }
    this.#depth--
    return { kind: 'map', flow: false, start, end, properties: undefined, entries }
  }

  #mapValue(column: number, colonEnd: number): Node {
    let at = colonEnd
    while (this.#code(at) === space) at++
    const code = this.#code(at)
    if (code !== lineFeed && code !== hash) {
      this.#pos = at
      if (code === dash && this.#endsWord(at + 1)) throw giveUp
      if (code === ampersand || code === asterisk) return this.#marked(at, column, true)
      return this.#scalarOrFlow(column)
    }
    this.#pos = colonEnd
    return this.#below(column, true) ?? emptyNode(colonEnd)
  }

  /** The value on the lines below a key or dash at `column`, after the rest of its line. */
  #below(column: number, inMap: boolean): Node | undefined {
    this.#endLine()
    if (this.#column > column) return this.#block(column)
    const isList = this.#column === column && this.#code(this.#pos) === dash && this.#endsWord(this.#pos + 1)
    return inMap && isList ? this.#list() : undefined
  }

  /** An alias, or a value after an anchor. */
  #marked(start: number, column: number, inMap: boolean): Node {
    let end = start + 1
    while (!this.#endsWord(end)) end++
    const anchor = this.#text.slice(start + 1, end)
    if (!/^[\w./-]+$/.test(anchor)) throw giveUp
    this.#pos = end
    if (this.#code(start) === asterisk) {
      const target = this.#anchors.get(anchor)
      if (target === undefined) throw giveUp
      this.#aliases = true
      this.#endLine()
      if (this.#column > column) throw giveUp
      return { kind: 'alias', anchor, start, end, properties: undefined, target }
    }
    const properties: Properties = { start, end, anchor }
    let at = end
    while (this.#code(at) === space) at++
    const code = this.#code(at)
    let value: Node | undefined
    if (code === lineFeed || code === hash) value = this.#below(column, inMap)
    else {
      this.#pos = at
      // On the line of a dash the anchor may be that of a key.
      if (!inMap && this.#keyEnd() >= 0) throw giveUp
      if (code === dash && this.#endsWord(at + 1)) throw giveUp
      value = this.#scalarOrFlow(column)
    }
    if (value?.properties !== undefined || value?.kind === 'alias') throw giveUp
    const node: Node = value === undefined ? emptyNode(end, properties) : { ...value, properties }
    this.#anchors.set(anchor, node)
    return node
  }

  /** The end of the implicit key at `pos`, its quotes included; -1 when there is none on this line. */
  #keyEnd(): number {
    const start = this.#pos
    const first = this.#code(start)
    if (first === doubleQuote || first === singleQuote) {
      const end = this.#quotedEnd(start, first)
      if (end < 0) return -1
      let at = end
      while (this.#code(at) === space) at++
      if (this.#code(at) !== colon || !this.#endsWord(at + 1)) return -1
      if (this.#text.slice(start, end).includes('\n') || end - start > 1000) throw giveUp
      return end
    }
    if (indicators.has(first)) return -1
    if ((first === question || first === colon) && this.#endsWord(start + 1)) throw giveUp
    const end = this.#plainEnd(start)
    if (this.#code(end) !== colon || end >= this.#limit) return -1
    if (end - start > 1000) throw giveUp
    return this.#trimEnd(start, end)
  }

  #key(start: number, end: number): ScalarNode {
    const first = this.#code(start)
    if (first === doubleQuote || first === singleQuote) return this.#quotedNode(start, end, first)
    return scalar('plain', start, end, resolvePlain(this.#text.slice(start, end)))
  }

  #trimEnd(start: number, end: number): number {
    let at = end
    while (at > start && this.#text.charCodeAt(at - 1) === space) at--
    return at
  }

  /** Where a plain scalar stops on its line: at `: `, ` #` or the line feed; white space not yet trimmed. */
  #plainEnd(start: number): number {
    const text = this.#text
    const limit = this.#limit
    for (let at = start; at < limit; at++) {
      const code = text.charCodeAt(at)
      if (code > colon) continue
      if (code === lineFeed) return at
      if (code === colon && this.#endsWord(at + 1)) return at
      if (code === hash && at > start && text.charCodeAt(at - 1) === space) return at
      if (code === tab) throw giveUp
    }
    return limit
  }

  /** The offset after the closing quote, or -1 when the text ends before. */
  #quotedEnd(start: number, quote: number): number {
    const text = this.#text
    if (quote === singleQuote) {
      for (let at = start + 1; at < this.#limit; at++) {
        if (text.charCodeAt(at) !== singleQuote) continue
        if (this.#code(at + 1) !== singleQuote) return at + 1
        at++
      }
      return -1
    }
    for (let at = start + 1; at < this.#limit; at++) {
      const code = text.charCodeAt(at)
      if (code === doubleQuote) return at + 1
      if (code === backslash) at++
    }
    return -1
  }

  #quotedNode(start: number, end: number, quote: number): ScalarNode {
    const body = this.#text.slice(start + 1, end - 1)
    if (quote === singleQuote) return scalar('single', start, end, decodeSingle(body))
    const value = decodeDouble(body)
    if (value === undefined || (body.includes('\\') && /\\[uU]/.test(body) && /\p{Cs}/u.test(value))) throw giveUp
    return scalar('double', start, end, value)
  }

  #scalarOrFlow(parent: number): Node {
    const start = this.#pos
    const first = this.#code(start)
    if (first === doubleQuote || first === singleQuote) {
      const end = this.#quotedEnd(start, first)
      if (end < 0) throw giveUp
      this.#checkContinuation(start, end, parent)
      this.#pos = end
      this.#endLine()
      return this.#quotedNode(start, end, first)
    }
    if (first === bar || first === greater) return this.#blockScalar(start, first, parent)
    if (first === leftBracket || first === leftBrace) {
      const node = this.#flow(parent)
      this.#endLine()
      return node
    }
    if (indicators.has(first)) throw giveUp
    if ((first === dash || first === question || first === colon) && this.#endsWord(start + 1)) throw giveUp
    return this.#plain(start, parent)
  }

  #blockScalar(start: number, first: number, parent: number): ScalarNode {
    if (parent < 0) throw giveUp
    const block = readBlockScalar(this.#source, start, this.#limit, parent)
    if (block === undefined) throw giveUp
    this.#pos = block.next
    this.#nextContent()
    // Text left of the block but right of its parent is a mistake; what is read next would not say so.
    if (this.#column > parent && this.#column >= 0) throw giveUp
    return scalar(first === bar ? 'literal' : 'folded', start, block.end, block.value)
  }

  /** Further lines of a quoted scalar must stand right of its parent. */
  #checkContinuation(start: number, end: number, parent: number): void {
    let at = this.#text.indexOf('\n', start)
    while (at >= 0 && at < end) {
      let content = at + 1
      while (this.#code(content) === space) content++
      const code = this.#code(content)
      if (code === tab || (code !== lineFeed && content - at - 1 <= parent)) throw giveUp
      at = this.#text.indexOf('\n', at + 1)
    }
  }

  #plain(start: number, parent: number): ScalarNode {
    const stop = this.#plainEnd(start)
    if (this.#code(stop) === colon && stop < this.#limit) throw giveUp
    let end = this.#trimEnd(start, stop)
    if (stop < this.#limit && this.#text.charCodeAt(stop) === hash) {
      this.#pos = stop - 1
      this.#endLine()
      if (this.#column > parent) throw giveUp
      return scalar('plain', start, end, resolvePlain(this.#text.slice(start, end)))
    }
    // Deeper lines continue it.
    let lines = 1
    for (;;) {
      this.#pos = Math.min(this.#lineEnd(end) + 1, this.#limit)
      const before = this.#pos
      this.#nextContent()
      if (this.#column <= parent) break
      if (this.#text.slice(before, this.#pos).includes('#')) throw giveUp
      const lineStop = this.#plainEnd(this.#pos)
      if (lineStop < this.#limit && this.#text.charCodeAt(lineStop) !== lineFeed) throw giveUp
      end = this.#trimEnd(this.#pos, lineStop)
      lines++
    }
    const source = this.#text.slice(start, end)
    return scalar('plain', start, end, lines > 1 ? foldLines(source) : resolvePlain(source))
  }

  /** A flow collection that begins at `pos`; leaves `pos` after its end. */
  #flow(parent: number): MapNode | ListNode {
    if (++this.#depth > maxDepth) throw giveUp
    const start = this.#pos
    const isMap = this.#code(start) === leftBrace
    const close = isMap ? rightBrace : rightBracket
    const entries: MapEntry[] = []
    const items: ListItem[] = []
    const keys = new KeySet()
    this.#pos++
    for (;;) {
      this.#flowSpace(parent)
      if (this.#code(this.#pos) === close) break
      if (isMap) entries.push(this.#flowEntry(parent, keys))
      else {
        const value = this.#flowValue(parent)
        items.push({ start: value.start, end: value.end, value })
      }
      this.#flowSpace(parent)
      const code = this.#code(this.#pos)
      if (code === comma) this.#pos++
      else if (code !== close) throw giveUp
    }
    this.#pos++
    this.#depth--
    const end = this.#pos
    return isMap
      ? { kind: 'map', flow: true, start, end, properties: undefined, entries }
      : { kind: 'list', flow: true, start, end, properties: undefined, items }
  }

  #flowEntry(parent: number, keys: KeySet): MapEntry {
    const start = this.#pos
    const keyNode = this.#flowScalar(true)
    const key = String(keyNode.value)
    if (keyNode.value === null || !keys.add(key) || (key === '<<' && keyNode.style === 'plain')) throw giveUp
    while (this.#code(this.#pos) === space) this.#pos++
    if (this.#code(this.#pos) !== colon || this.#pos >= this.#limit) throw giveUp
    if (keyNode.style === 'plain' && !this.#endsWord(this.#pos + 1)) throw giveUp
    const colonEnd = ++this.#pos
    this.#flowSpace(parent)
    const value = this.#flowValue(parent)
    return { start, colonEnd, end: value.end, key, keyNode, explicit: false, merge: false, value }
  }

  #flowValue(parent: number): Node {
    const code = this.#code(this.#pos)
    return code === leftBracket || code === leftBrace ? this.#flow(parent) : this.#flowScalar(false)
  }

  #flowScalar(isKey: boolean): ScalarNode {
    const start = this.#pos
    const first = this.#code(start)
    if (first === doubleQuote || first === singleQuote) {
      const end = this.#quotedEnd(start, first)
      if (end < 0 || this.#text.slice(start, end).includes('\n')) throw giveUp
      this.#pos = end
      if (!isKey) this.#notAKey()
      return this.#quotedNode(start, end, first)
    }
    if (indicators.has(first) || first === lineFeed || first === dash || first === question || first === colon) {
      // `-1` is a number, `- ` and `-,` are mistakes.
      const next = this.#code(start + 1)
      if (first !== dash || next < 0x30 || next > 0x39) throw giveUp
    }
    let at = start
    for (; at < this.#limit; at++) {
      const code = this.#text.charCodeAt(at)
      if (code === lineFeed || code === comma || code === rightBracket || code === rightBrace) break
      if (code === leftBracket || code === leftBrace || code === tab) throw giveUp
      if (code === hash && this.#text.charCodeAt(at - 1) === space) break
      if (code === colon) {
        const next = this.#code(at + 1)
        if (next === space || next === lineFeed) break
        if (next === comma || next === leftBracket || next === rightBracket) throw giveUp
        if (next === leftBrace || next === rightBrace) throw giveUp
      }
    }
    const end = this.#trimEnd(start, at)
    this.#pos = end
    if (!isKey) this.#notAKey()
    return scalar('plain', start, end, resolvePlain(this.#text.slice(start, end)))
  }

  /** A colon after a value would make it a pair; a line break would continue it. */
  #notAKey(): void {
    let at = this.#pos
    while (this.#code(at) === space || this.#code(at) === lineFeed) {
      if (at >= this.#limit) throw giveUp
      at++
    }
    const code = this.#code(at)
    if (code !== comma && code !== rightBracket && code !== rightBrace && code !== hash) throw giveUp
  }

  #flowSpace(parent: number): void {
    for (;;) {
      const code = this.#code(this.#pos)
      if (this.#pos >= this.#limit) throw giveUp
      if (code === space) this.#pos++
      else if (code === hash) {
        const before = this.#text.charCodeAt(this.#pos - 1)
        if (before !== space && before !== lineFeed) throw giveUp
        this.#pos = this.#lineEnd(this.#pos)
      } else if (code === lineFeed) {
        const line = this.#pos + 1
        let at = line
        while (this.#code(at) === space) at++
        const next = this.#code(at)
        if (next === tab) throw giveUp
        if (next !== lineFeed && next !== hash && at - line <= parent) throw giveUp
        this.#pos = at >= this.#limit ? this.#limit : at
      } else return
    }
  }
}

function scalar(style: ScalarNode['style'], start: number, end: number, value: ScalarValue): ScalarNode {
  return { kind: 'scalar', style, start, end, properties: undefined, value }
}

/** Which keys a map has. Most maps have a handful, for which an array is faster than a Set. */
class KeySet {
  readonly #few: string[] = []
  #many: Set<string> | undefined

  /** False when the key was there before. */
  add(key: string): boolean {
    if (this.#many !== undefined) {
      const size = this.#many.size
      return this.#many.add(key).size > size
    }
    if (this.#few.includes(key)) return false
    this.#few.push(key)
    if (this.#few.length > 12) this.#many = new Set(this.#few)
    return true
  }
}
