import { runtimeErrors } from './runtime-errors.ts'

/** Deeper JSON is refused: every program that walks the value after us may recurse. */
export const jsonDepthLimit = 1000

/**
 * Parses JSON (RFC 8259) with exact integers: one beyond ±(2^53 - 1) becomes a `bigint` with the same digits,
 * every other number a `number`. `__proto__` is an ordinary own key. Of duplicate keys the last wins.
 *
 * @throws {LgError} `INVALID_JSON` with line and column (from 1) of the first fault, also for more than 1000 levels.
 */
export function parseJson(text: string): unknown {
  if (needsExactParser(text)) return parseExactly(text)
  try {
    return JSON.parse(text) as unknown
  } catch {
    return parseExactly(text)
  }
}

const quote = 0x22
const backslash = 0x5c

/** True for more levels than allowed, and for a number with so many digits that a double may not hold it. */
function needsExactParser(text: string): boolean {
  let depth = 0
  let digits = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 0x30 && code <= 0x39) {
      if (++digits > 15) return true
      continue
    }
    digits = 0
    if (code === quote) i = endOfString(text, i)
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > jsonDepthLimit) return true
    } else if (code === 0x5d || code === 0x7d) depth--
  }
  return false
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++
    if (escapes % 2 === 0) return end
  }
  return text.length
}

const numberPattern = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y
// Unrolled, so that a string of many megabytes does not exhaust the matcher's stack.
// oxlint-disable-next-line no-control-regex -- JSON forbids them in strings
const stringPattern = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y
const spacePattern = /[ \t\n\r]*/y
const literals: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
])

function parseExactly(text: string): unknown {
  let at = 0
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) at = pattern.lastIndex
    return found
  }
  const skipSpace = (): void => void match(spacePattern)
  const fail = (what: string): never => {
    const before = text.slice(0, at)
    const line = before.split('\n').length
    const column = at - before.lastIndexOf('\n')
    throw runtimeErrors.create('INVALID_JSON', `Invalid JSON at line ${line}, column ${column}: ${what}`, {
      line,
      column,
      offset: at,
    })
  }
  const string = (): string => {
    const found = match(stringPattern)
    if (found) return JSON.parse(found[0]) as string
    const opened = text[at] === '"'
    return fail(opened ? 'the string has no end, or a bad escape' : 'expected a string in double quotes')
  }
  const value = (depth: number): unknown => {
    if (depth > jsonDepthLimit) fail(`more than ${jsonDepthLimit} levels`)
    skipSpace()
    const start = text[at]
    if (start === '"') return string()
    if (start === '{') return map(depth)
    if (start === '[') return list(depth)
    const number = match(numberPattern)
    if (number) return toNumber(number)
    for (const [word, literal] of literals) {
      if (text.startsWith(word, at)) {
        at += word.length
        return literal
      }
    }
    return fail(start === undefined ? 'unexpected end' : `unexpected ${JSON.stringify(start)}`)
  }
  const sequence = (close: string, item: () => void): void => {
    at++
    skipSpace()
    if (text[at] === close) return void at++
    for (;;) {
      item()
      skipSpace()
      if (text[at] === close) return void at++
      if (text[at] !== ',') fail(`expected , or ${close}`)
      at++
      skipSpace()
    }
  }
  const list = (depth: number): unknown[] => {
    const items: unknown[] = []
    sequence(']', () => items.push(value(depth + 1)))
    return items
  }
  const map = (depth: number): Record<string, unknown> => {
    const entries: Record<string, unknown> = {}
    sequence('}', () => {
      const key = string()
      skipSpace()
      if (text[at] !== ':') fail('expected :')
      at++
      setOwn(entries, key, value(depth + 1))
    })
    return entries
  }

  const result = value(1)
  skipSpace()
  if (at < text.length) fail('expected the end')
  return result
}

function toNumber([digits, fraction, exponent]: RegExpExecArray): number | bigint {
  const value = Number(digits)
  return fraction === undefined && exponent === undefined && !Number.isSafeInteger(value) ?
      BigInt(digits)
    : value
}

/** Assigns an own property whatever the key; `__proto__` would else set the prototype. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
  } else {
    target[key] = value
  }
}
