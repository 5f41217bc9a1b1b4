import { filterErrors } from './errors.ts'

/** Reads the words and signs of a selector; whatever does not fit is `INVALID_FILTER` at its position. */
export interface SelectorReader {
  atEnd(): boolean
  /** Takes a sign when it comes next. */
  take(sign: string): boolean
  /** Takes a sign, or fails. */
  expect(sign: string): void
  /** Takes a word when exactly it comes next. */
  takeWord(word: string): boolean
  /** Takes a comma; false at the end. Anything else is an error. */
  takeSeparator(): boolean
  word(what: string): string
  /** A word, or the empty string where none stands. */
  optionalWord(): string
  integer(): bigint
  /** `(a, b)`; where a word is missing it is the empty one, as in Kubernetes. */
  list(): readonly string[]
}

const wordPattern = /[^\s,=!()<>]+/y

export function createSelectorReader(text: string, filter: string): SelectorReader {
  let at = 0
  const skipSpace = (): void => {
    while (/\s/.test(text.charAt(at))) at++
  }
  const fail = (reason: string): never => {
    const found = at < text.length ? JSON.stringify(text.charAt(at)) : 'the end'
    throw filterErrors.create(
      'INVALID_FILTER',
      `Not a selector: ${reason}, found ${found} at position ${at}\n  ${text}\n  ${' '.repeat(at)}^`,
      { filter, reason, position: at },
    )
  }
  const peekWord = (): string => {
    skipSpace()
    wordPattern.lastIndex = at
    return wordPattern.exec(text)?.[0] ?? ''
  }
  const reader: SelectorReader = {
    atEnd() {
      skipSpace()
      return at === text.length
    },
    take(sign) {
      skipSpace()
      if (!text.startsWith(sign, at)) return false
      at += sign.length
      return true
    },
    expect(sign) {
      if (!reader.take(sign)) fail(`expected ${sign}`)
    },
    takeWord(word) {
      if (peekWord() !== word) return false
      at += word.length
      return true
    },
    takeSeparator() {
      if (reader.take(',')) return true
      return reader.atEnd() ? false : fail('expected a comma')
    },
    optionalWord() {
      const word = peekWord()
      at += word.length
      return word
    },
    word(what) {
      const word = peekWord()
      if (word === '') fail(`expected ${what}`)
      at += word.length
      return word
    },
    integer() {
      const word = peekWord()
      if (!/^-?\d+$/.test(word)) fail('expected an integer')
      at += word.length
      return BigInt(word)
    },
    list() {
      reader.expect('(')
      const words: string[] = []
      do words.push(reader.optionalWord())
      while (reader.take(','))
      if (!reader.take(')')) fail('expected , or )')
      return words
    },
  }
  return reader
}
