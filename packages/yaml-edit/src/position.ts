import type { Position } from './errors.ts'

/** Line and column of an offset. Lines end with LF, CRLF or a lone CR. */
export function positionAt(text: string, offset: number): Position {
  let line = 1
  let lineStart = text.charCodeAt(0) === 0xfeff && offset > 0 ? 1 : 0
  for (let at = 0; at < offset; at++) {
    const code = text.charCodeAt(at)
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) {
      line++
      lineStart = at + 1
    }
  }
  return { line, column: offset - lineStart + 1, offset }
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
