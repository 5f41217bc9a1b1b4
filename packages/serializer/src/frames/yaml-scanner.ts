import { carriageReturn, dash, dot, hash, newline, percent, space, tab } from '../byte-codes.ts'
import { skipByteOrderMark, type DocumentRange, type DocumentScanner } from './document-scanner.ts'

interface Marker {
  readonly type: 'start' | 'end'
  readonly start: number
  /** Behind its line. */
  readonly end: number
  /** Where content begins on its own line; `undefined` for nothing or a comment. */
  readonly content: number | undefined
}

/**
 * Documents of a YAML stream (YAML 1.2.2, chapter 9): a line `---` starts one, a line `...` ends one, wherever they
 * stand, since no scalar may contain such a line. Comments before the first `---` belong to no document; directives
 * belong to the document that they precede.
 */
export function createYamlScanner(): DocumentScanner {
  let started = false
  /** Where the text of the document begins, and where its body does, behind directives and marker. */
  let textStart = 0
  let bodyStart = 0
  /** A `---` opened the document, so it counts even when it is empty. */
  let opened = false
  let inline = false
  let lineStart = 0

  const open = (marker: Marker): void => {
    textStart = marker.content ?? marker.end
    bodyStart = marker.end
    opened = true
    inline = marker.content !== undefined
    lineStart = marker.end
  }
  const reset = (at: number): void => {
    textStart = bodyStart = lineStart = at
    opened = inline = false
  }

  return {
    shift(count) {
      textStart -= count
      bodyStart -= count
      lineStart -= count
    },
    next(bytes, atEnd) {
      if (!started) {
        if (bytes.length < 3 && !atEnd) return 'more'
        started = true
        reset(skipByteOrderMark(bytes))
      }
      for (;;) {
        const found = findMarker(bytes, lineStart, atEnd)
        if (typeof found === 'number') {
          lineStart = found
          return 'more'
        }
        const end = found?.start ?? bytes.length
        const content = firstContent(bytes, bodyStart, end)
        const empty = content === end && !inline
        if (!opened && !empty && found?.type === 'start' && bytes[content] === percent) {
          open(found)
          textStart = content
          continue
        }
        const document: DocumentRange = { start: textStart, end, empty }
        const exists = opened || !empty
        if (found === undefined) reset(end)
        else if (found.type === 'start') open(found)
        else reset(found.end)
        if (exists) return document
        if (found === undefined) return undefined
      }
    },
  }
}

/** The next marker from the start of a line on; the start of the line to go on from when more bytes are needed. */
function findMarker(bytes: Uint8Array, from: number, atEnd: boolean): Marker | number | undefined {
  const { length } = bytes
  let line = from
  while (line < length) {
    const first = bytes[line]
    if (first === dash || first === dot) {
      if (!atEnd && line + 4 > length) return line
      if (bytes[line + 1] === first && bytes[line + 2] === first && endsWord(bytes[line + 3])) {
        const end = bytes.indexOf(newline, line)
        if (end < 0 && !atEnd) return line
        return marker(bytes, line, end < 0 ? length : end + 1)
      }
    }
    // Lines are so short that to look at each byte is faster than to search.
    let end = line
    while (end < length && bytes[end] !== newline) end++
    if (end === length) return atEnd ? undefined : line
    line = end + 1
  }
  return atEnd ? undefined : line
}

function marker(bytes: Uint8Array, start: number, end: number): Marker {
  let at = start + 3
  while (at < end && isBlank(bytes[at])) at++
  return {
    type: bytes[start] === dash ? 'start' : 'end',
    start,
    end,
    content: at < end && bytes[at] !== hash ? at : undefined,
  }
}

/** Offset of the first byte that is neither white space nor in a comment line; `end` when there is none. */
function firstContent(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end) {
    while (at < end && isBlank(bytes[at])) at++
    if (at >= end || bytes[at] !== hash) return at
    const next = bytes.indexOf(newline, at)
    at = next < 0 ? end : Math.min(next + 1, end)
  }
  return end
}

const isBlank = (byte: number | undefined): boolean =>
  byte === space || byte === tab || byte === newline || byte === carriageReturn
const endsWord = (byte: number | undefined): boolean => byte === undefined || isBlank(byte)
