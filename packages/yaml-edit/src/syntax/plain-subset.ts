import { type StreamText, streamText } from '../stream/stream-text.ts'
import { BlockReader } from './block-reader.ts'
import { giveUp } from './line-reader.ts'
import { type Node, emptyNode } from './node.ts'

// Control characters, lone surrogates and exotic line breaks are for the full parser.
const unusual = /[^\t\n\r\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u

/** What the quick pass read. */
export interface PlainSubset {
  readonly root: Node
  /** It has aliases, whose values stand elsewhere, or merge keys. */
  readonly aliases: boolean
}

/**
 * Reads what manifests are made of: block maps and lists, plain and quoted scalars, literal and folded
 * blocks, flow collections, comments, anchors and aliases of values. Tags, directives, tabs, `?` keys,
 * duplicate keys and everything that might be a mistake are not for it.
 *
 * @param stream - that of the text; pass it where one text is read many times.
 * @returns the root, or undefined when the text needs the full parser. It never reads a text otherwise
 *   than the full parser does.
 */
export function parsePlainSubset(
  text: string,
  start: number,
  end: number,
  emptyAt: number = start,
  stream: StreamText = streamText(text),
): PlainSubset | undefined {
  const whole = start === 0 && end === text.length ? text : text.slice(start, end)
  if (unusual.test(whole) || whole.includes('\n%')) return undefined
  const windows = whole.includes('\r')
  if (windows && /\r(?!\n)|\\\r/.test(whole)) return undefined
  const parser = new PlainSubsetParser(text, windows ? stream.withSpacedLines() : text, start, end)
  try {
    return parser.document(emptyAt)
  } catch (thrown) {
    if (thrown === giveUp) return undefined
    throw thrown
  }
}

class PlainSubsetParser extends BlockReader {
  document(emptyAt: number): PlainSubset {
    this.nextContent()
    if (this.column < 0) return { root: emptyNode(emptyAt), aliases: false }
    const root = this.block(-1)
    if (this.column >= 0) throw giveUp
    return { root, aliases: this.aliases }
  }
}
