import {
  tab,
  lineFeed,
  space,
  doubleQuote,
  hash,
  singleQuote,
  comma,
  dash,
  colon,
  question,
  leftBracket,
  rightBracket,
  leftBrace,
  rightBrace,
  indicators,
} from './character-codes.ts'
import { resolvePlain } from '../scalar/resolve-plain.ts'
import { KeySet } from './key-set.ts'
import { LineReader, giveUp, scalar } from './line-reader.ts'
import {
  type ListItem,
  type ListNode,
  type MapEntry,
  type MapNode,
  type Node,
  type ScalarNode,
  maxDepth,
} from './node.ts'

/** Reads flow collections. */
export class FlowReader extends LineReader {
  /** A flow collection that begins at `pos`; leaves `pos` after its end. */
  protected flow(parent: number): MapNode | ListNode {
    if (++this.depth > maxDepth) throw giveUp
    const start = this.pos
    const isMap = this.code(start) === leftBrace
    const close = isMap ? rightBrace : rightBracket
    const entries: MapEntry[] = []
    const items: ListItem[] = []
    const keys = new KeySet()
    this.pos++
    for (;;) {
      this.flowSpace(parent)
      if (this.code(this.pos) === close) break
      if (isMap) entries.push(this.flowEntry(parent, keys))
      else {
        const value = this.flowValue(parent)
        items.push({ start: value.start, end: value.end, value })
      }
      this.flowSpace(parent)
      const code = this.code(this.pos)
      if (code === comma) this.pos++
      else if (code !== close) throw giveUp
    }
    this.pos++
    this.depth--
    const end = this.pos
    return isMap ?
        { kind: 'map', flow: true, start, end, properties: undefined, entries }
      : { kind: 'list', flow: true, start, end, properties: undefined, items }
  }

  protected flowEntry(parent: number, keys: KeySet): MapEntry {
    const start = this.pos
    const keyNode = this.flowScalar(true)
    const key = String(keyNode.value)
    if (keyNode.value === null || !keys.add(key) || (key === '<<' && keyNode.style === 'plain')) throw giveUp
    while (this.code(this.pos) === space) this.pos++
    if (this.code(this.pos) !== colon || this.pos >= this.limit) throw giveUp
    if (keyNode.style === 'plain' && !this.endsWord(this.pos + 1)) throw giveUp
    const colonEnd = ++this.pos
    this.flowSpace(parent)
    const value = this.flowValue(parent)
    return { start, colonEnd, end: value.end, key, keyNode, explicit: false, merge: false, value }
  }

  protected flowValue(parent: number): Node {
    const code = this.code(this.pos)
    return code === leftBracket || code === leftBrace ? this.flow(parent) : this.flowScalar(false)
  }

  protected flowScalar(isKey: boolean): ScalarNode {
    const start = this.pos
    const first = this.code(start)
    if (first === doubleQuote || first === singleQuote) {
      const end = this.quotedEnd(start, first)
      if (end < 0 || this.text.slice(start, end).includes('\n')) throw giveUp
      this.pos = end
      if (!isKey) this.notAKey()
      return this.quotedNode(start, end, first)
    }
    if (
      indicators.has(first) ||
      first === lineFeed ||
      first === dash ||
      first === question ||
      first === colon
    ) {
      // `-1` and `-c` are scalars, `- ` and `-,` are mistakes.
      if (first !== dash || !isWordCode(this.code(start + 1))) throw giveUp
    }
    let at = start
    for (; at < this.limit; at++) {
      const code = this.text.charCodeAt(at)
      if (code === lineFeed || code === comma || code === rightBracket || code === rightBrace) break
      if (code === leftBracket || code === leftBrace || code === tab) throw giveUp
      if (code === hash && this.text.charCodeAt(at - 1) === space) break
      if (code === colon) {
        const next = this.code(at + 1)
        if (next === space || next === lineFeed) break
        if (next === comma || next === leftBracket || next === rightBracket) throw giveUp
        if (next === leftBrace || next === rightBrace) throw giveUp
      }
    }
    const end = this.trimEnd(start, at)
    this.pos = end
    if (!isKey) this.notAKey()
    return scalar('plain', start, end, resolvePlain(this.text.slice(start, end)))
  }

  /** A colon after a value would make it a pair; a line break would continue it. */
  protected notAKey(): void {
    let at = this.pos
    while (this.code(at) === space || this.code(at) === lineFeed) {
      if (at >= this.limit) throw giveUp
      at++
    }
    const code = this.code(at)
    if (code !== comma && code !== rightBracket && code !== rightBrace && code !== hash) throw giveUp
  }

  protected flowSpace(parent: number): void {
    for (;;) {
      const code = this.code(this.pos)
      if (this.pos >= this.limit) throw giveUp
      if (code === space) this.pos++
      else if (code === hash) {
        const before = this.text.charCodeAt(this.pos - 1)
        if (before !== space && before !== lineFeed) throw giveUp
        this.pos = this.lineEnd(this.pos)
      } else if (code === lineFeed) {
        const line = this.pos + 1
        let at = line
        while (this.code(at) === space) at++
        const next = this.code(at)
        if (next === tab) throw giveUp
        if (next !== lineFeed && next !== hash && at - line <= parent) throw giveUp
        this.pos = at >= this.limit ? this.limit : at
      } else return
    }
  }
}

function isWordCode(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === dash
  )
}
