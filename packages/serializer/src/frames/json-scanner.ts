import { backslash, doubleQuote } from '../byte-codes.ts'
import { skipByteOrderMark, type DocumentScanner } from './document-scanner.ts'

/** White space of JSON, and the record separator of JSON text sequences (RFC 7464). */
const isSpace = (byte: number): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0x1e
const opens = (byte: number): boolean => byte === 0x7b || byte === 0x5b
const closes = (byte: number): boolean => byte === 0x7d || byte === 0x5d

/** JSON texts one after the other, with or without white space between; objects and lists frame themselves. */
export function createJsonScanner(): DocumentScanner {
  let started = false
  let start: number | undefined
  let at = 0
  let depth = 0
  let inString = false

  return {
    shift(count) {
      at -= count
      if (start !== undefined) start -= count
    },
    next(bytes, atEnd) {
      if (!started) {
        if (bytes.length < 3 && !atEnd) return 'more'
        started = true
        at = skipByteOrderMark(bytes)
      }
      const finish = (end: number) => {
        const document = { start: start ?? end, end, empty: false }
        start = undefined
        depth = 0
        inString = false
        at = end
        return document
      }
      for (; at < bytes.length; at++) {
        const byte = bytes[at] as number
        if (start === undefined) {
          if (isSpace(byte)) continue
          start = at
        } else if (depth === 0 && !inString && (isSpace(byte) || opens(byte))) {
          return finish(at)
        }
        if (inString) {
          if (byte === backslash) {
            if (at + 1 >= bytes.length && !atEnd) return 'more'
            at++
          } else if (byte === doubleQuote) inString = false
        } else if (byte === doubleQuote) inString = true
        else if (opens(byte)) depth++
        else if (closes(byte) && --depth <= 0) return finish(at + 1)
      }
      if (!atEnd) return 'more'
      return start === undefined ? undefined : finish(Math.min(at, bytes.length))
    },
  }
}
