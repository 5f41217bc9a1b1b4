import { tab, lineFeed, space, doubleQuote, hash, singleQuote, colon, backslash } from './character-codes.ts'
import type { ScalarValue } from '../scalar/resolve-plain.ts'
import type { ScalarNode } from './node.ts'
import { decodeDouble, decodeSingle } from './quoted.ts'

/** Thrown where the text is not in the plain subset; whoever began the quick pass catches it. */
export const giveUp: unique symbol = Symbol('not in the plain subset')

/**
 * Goes through a text line by line. Between calls `pos` is at the first character of the next content, and
 * `column` is its column, or -1 at the end of the document.
 */
export class LineReader {
  /** The text as it is, for block scalars. */
  protected readonly source: string
  /** The text without carriage returns, of the same length. */
  protected readonly text: string
  protected readonly limit: number
  protected pos: number
  protected column = -1
  protected depth = 0

  constructor(source: string, text: string, start: number, end: number) {
    this.source = source
    this.text = text
    this.pos = start
    this.limit = end
  }

  protected code(at: number): number {
    return at < this.limit ? this.text.charCodeAt(at) : lineFeed
  }

  protected endsWord(at: number): boolean {
    const code = this.code(at)
    return code === space || code === lineFeed
  }

  /** From the start of a line, over blank lines and comments, to the next content. */
  protected nextContent(): void {
    const text = this.text
    let at = this.pos
    for (;;) {
      const line = at
      while (at < this.limit && text.charCodeAt(at) === space) at++
      if (at >= this.limit) {
        this.pos = this.limit
        this.column = -1
        return
      }
      const code = text.charCodeAt(at)
      if (code === tab) throw giveUp
      if (code === hash) at = this.lineEnd(at)
      else if (code !== lineFeed) {
        this.pos = at
        this.column = at - line
        return
      }
      at++
    }
  }

  protected lineEnd(at: number): number {
    const end = this.text.indexOf('\n', at)
    return end < 0 || end > this.limit ? this.limit : end
  }

  /** After a value: only white space and a comment may follow on its line. */
  protected endLine(): void {
    const from = this.pos
    let at = from
    while (this.code(at) === space) at++
    const code = this.code(at)
    if (code === hash && at > from) at = this.lineEnd(at)
    else if (code !== lineFeed) throw giveUp
    this.pos = Math.min(at + 1, this.limit)
    this.nextContent()
  }

  protected trimEnd(start: number, end: number): number {
    let at = end
    while (at > start && this.text.charCodeAt(at - 1) === space) at--
    return at
  }

  /** Where a plain scalar stops on its line: at `: `, ` #` or the line feed; white space not yet trimmed. */
  protected plainEnd(start: number): number {
    const text = this.text
    const limit = this.limit
    for (let at = start; at < limit; at++) {
      const code = text.charCodeAt(at)
      if (code > colon) continue
      if (code === lineFeed) return at
      if (code === colon && this.endsWord(at + 1)) return at
      if (code === hash && at > start && text.charCodeAt(at - 1) === space) return at
      if (code === tab) throw giveUp
    }
    return limit
  }

  /** The offset after the closing quote, or -1 when the text ends before. */
  protected quotedEnd(start: number, quote: number): number {
    const text = this.text
    if (quote === singleQuote) {
      for (let at = start + 1; at < this.limit; at++) {
        if (text.charCodeAt(at) !== singleQuote) continue
        if (this.code(at + 1) !== singleQuote) return at + 1
        at++
      }
      return -1
    }
    for (let at = start + 1; at < this.limit; at++) {
      const code = text.charCodeAt(at)
      if (code === doubleQuote) return at + 1
      if (code === backslash) at++
    }
    return -1
  }

  protected quotedNode(start: number, end: number, quote: number): ScalarNode {
    const body = this.text.slice(start + 1, end - 1)
    if (quote === singleQuote) return scalar('single', start, end, decodeSingle(body))
    const value = decodeDouble(body)
    if (value === undefined || (body.includes('\\') && /\\[uU]/.test(body) && /\p{Cs}/u.test(value)))
      throw giveUp
    return scalar('double', start, end, value)
  }
}

export function scalar(
  style: ScalarNode['style'],
  start: number,
  end: number,
  value: ScalarValue,
): ScalarNode {
  return { kind: 'scalar', style, start, end, properties: undefined, value }
}
