import { backslash, colon, dash, doubleQuote, hash, singleQuote, space, tab } from '../byte-codes.ts'

/** What the first byte of a value says of it. */
export const special = 1
export const opening = 2
export const blockScalar = 3
export const classes: Uint8Array = (() => {
  const table = new Uint8Array(256)
  // Anchors, aliases, tags, explicit keys, reserved characters: left to a parser.
  for (const character of '&*!?%@`,]}') table[character.charCodeAt(0)] = special
  for (const character of '[{') table[character.charCodeAt(0)] = opening
  for (const character of '|>') table[character.charCodeAt(0)] = blockScalar
  return table
})()

export const noKey = -1
export const unsure = -2

/** Offset of the colon behind the key that starts a line. */
export function endOfKey(bytes: Uint8Array, start: number, stop: number): number {
  const first = bytes[start] as number
  const style = classes[first]
  if (style === special) return unsure
  if (style === opening || style === blockScalar) return noKey
  if (first === doubleQuote || first === singleQuote) {
    const close = endOfQuoted(bytes, start, stop)
    return close >= 0 && bytes[close] === colon && isSpaceOrEnd(bytes, close + 1, stop) ? close : noKey
  }
  for (let at = start; at < stop; at++) {
    const byte = bytes[at] as number
    if (byte === colon && isSpaceOrEnd(bytes, at + 1, stop)) return bytes[at - 1] === space ? unsure : at
    if (byte === hash && bytes[at - 1] === space) return noKey
    if (byte === tab) return unsure
  }
  return noKey
}

/** Offset behind the closing quote, -1 when the line has none. */
export function endOfQuoted(bytes: Uint8Array, start: number, stop: number): number {
  const quote = bytes[start]
  for (let at = start + 1; at < stop; at++) {
    const byte = bytes[at]
    if (byte === backslash && quote === doubleQuote) at++
    else if (byte === quote) {
      if (quote === singleQuote && bytes[at + 1] === singleQuote) at++
      else return at + 1
    }
  }
  return -1
}

/** A flow collection that ends on its line, of plain words and one-line strings. */
export function isClosedFlow(bytes: Uint8Array, start: number, stop: number): boolean {
  let depth = 0
  for (let at = start; at < stop; at++) {
    const byte = bytes[at] as number
    if (byte === doubleQuote || byte === singleQuote) {
      const before = bytes[at - 1] as number
      // A quote inside a plain word is part of it; telling which is left to a parser.
      if (before !== space && before !== 0x2c && before !== colon && classes[before] !== opening) return false
      const close = endOfQuoted(bytes, at, stop)
      if (close < 0) return false
      at = close - 1
    } else if (classes[byte] === opening) depth++
    else if (byte === 0x5d || byte === 0x7d) {
      if (--depth === 0) return isBlankOrComment(bytes, at + 1, stop)
    } else if (byte === hash || byte === 0x26 || byte === 0x2a || byte === 0x21 || byte === 0x3f) return false
  }
  return false
}

/** No `: ` and no trailing colon, which a plain scalar cannot hold; a comment may follow. */
export function isPlainText(bytes: Uint8Array, start: number, stop: number): boolean {
  for (let at = start; at < stop; at++) {
    const byte = bytes[at]
    if (byte === colon && isSpaceOrEnd(bytes, at + 1, stop)) return false
    if (byte === hash && bytes[at - 1] === space) return true
    if (byte === tab) return false
  }
  return true
}

/** A plain scalar that is a string under every reading, `undefined` for all others. `known` is one met before. */
export function plainString(
  bytes: Uint8Array,
  start: number,
  stop: number,
  known: string | undefined,
): string | undefined {
  let end = start
  while (end < stop && isWordByte(bytes[end] as number)) end++
  if (!isLetter(bytes[start] as number) || !isBlankOrComment(bytes, end, stop)) return undefined
  if (known !== undefined && equals(bytes, start, end, known)) return known
  const value = text(bytes, start, end)
  return value.length <= 5 && /^(?:y|n|yes|no|on|off|true|false|null)$/i.test(value) ? undefined : value
}

/** The inside of quotes when it stands for itself. `known` is a string met before. */
export function plainAscii(
  bytes: Uint8Array,
  start: number,
  end: number,
  known: string | undefined,
): string | undefined {
  if (known !== undefined && equals(bytes, start, end, known)) return known
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (byte < space || byte > 0x7e || byte === backslash || byte === singleQuote) return undefined
  }
  return text(bytes, start, end)
}

export function isBlockHeader(bytes: Uint8Array, start: number, stop: number): boolean {
  let at = start
  while (at < stop && (bytes[at] === dash || bytes[at] === 0x2b || isDigit(bytes[at] as number))) at++
  return isBlankOrComment(bytes, at, stop)
}

export function isBlankOrComment(bytes: Uint8Array, start: number, stop: number): boolean {
  let at = start
  while (at < stop && bytes[at] === space) at++
  return at === stop || (bytes[at] === hash && at > start)
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39
export const isSpaceOrEnd = (bytes: Uint8Array, at: number, stop: number): boolean =>
  at >= stop || bytes[at] === space || bytes[at] === tab

const isLetter = (byte: number): boolean => (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a)
/** Letters, digits and `_ - . /`. */
const isWordByte = (byte: number): boolean =>
  isLetter(byte) || (byte >= 0x2d && byte <= 0x39) || byte === 0x5f

const text = (bytes: Uint8Array, start: number, end: number): string =>
  String.fromCharCode(...bytes.subarray(start, end))

export function equals(bytes: Uint8Array, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) return false
  for (let at = 0; at < word.length; at++) if (bytes[start + at] !== word.charCodeAt(at)) return false
  return true
}
