import type { Position } from './errors.ts'
import { streamText } from './stream/stream-text.ts'

/** Line and column of an offset. Lines end with LF, CRLF or a lone CR. */
export function positionAt(text: string, offset: number): Position {
  return streamText(text.slice(0, offset)).positionAt(offset)
}

/** The offset at which the line of `offset` begins. */
export function lineStartAt(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
}

/** The offset of the line feed that ends the line of `offset`, or the end of the text. */
export function lineFeedAt(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end < 0 ? text.length : end
}

/** The offset just after the line of `offset`, its line feed included. */
export function nextLineAt(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end < 0 ? text.length : end + 1
}
