import type { Position } from '../errors.ts'

/** The text of a stream, with what reading its documents needs, worked out once and only when asked for. */
export interface StreamText {
  /**
   * The text with a space for each carriage return before a line feed, where it means as little; so all
   * offsets stay. Only a block scalar could tell, and is read from the text itself.
   */
  withSpacedLines(): string
  /** As `positionAt` of the text, in a time that does not grow with it. */
  positionAt(offset: number): Position
}

export function streamText(text: string): StreamText {
  let spaced: string | undefined
  let starts: readonly number[] | undefined
  return {
    withSpacedLines: () => (spaced ??= text.replaceAll('\r\n', ' \n')),
    positionAt: (offset) => {
      starts ??= lineStarts(text)
      let low = 0
      let high = starts.length
      while (high - low > 1) {
        const middle = (low + high) >> 1
        if ((starts[middle] as number) <= offset) low = middle
        else high = middle
      }
      const start = starts[low] as number
      const mark = start === 0 && offset > 0 && text.charCodeAt(0) === 0xfeff ? 1 : 0
      return { line: low + 1, column: offset - start - mark + 1, offset }
    },
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  const lineEnd = /\r\n?|\n/g
  while (lineEnd.exec(text) !== null) starts.push(lineEnd.lastIndex)
  return starts
}
