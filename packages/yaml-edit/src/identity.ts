import { splitDocuments } from './stream/documents.ts'
import { resolvePlain } from './scalar/resolve-plain.ts'
import { streamText } from './stream/stream-text.ts'
import {
  backslash,
  colon as colonCode,
  dash,
  doubleQuote,
  hash,
  lineFeed,
  singleQuote,
  space,
} from './syntax/character-codes.ts'
import { contentLine, parseDocument } from './syntax/parse-document.ts'
import { toValue } from './syntax/to-value.ts'

/** What tells an object apart, as far as its document says it in strings. */
export interface DocumentIdentity {
  /** The number of the document in its stream. */
  readonly index: number
  readonly apiVersion: string | undefined
  readonly kind: string | undefined
  readonly name: string | undefined
  readonly namespace: string | undefined
}

/**
 * The identity of every document of a stream, in a fraction of the time of reading it: lines are looked at,
 * and only a document in which they might mislead is read in full. A document that is no map has no identity;
 * one that cannot be read has none either.
 *
 * It equals `apiVersion`, `kind`, `metadata.name` and `metadata.namespace` of {@link parseYamlDocuments}, where
 * they are strings. It does not tell whether the rest of the document is sound.
 */
export function identifyDocuments(text: string): readonly DocumentIdentity[] {
  const usual =
    !otherBreaks.some((character) => text.includes(character)) &&
    !(text.includes('\r') && /\r(?!\n)/.test(text))
  const stream = streamText(text)
  return splitDocuments(text).map((range) => {
    const start = usual && !range.directives ? contentLine(text, range) : -1
    const found = start < 0 ? undefined : scanLines(text, range.index, start, range.contentEnd)
    if (found !== undefined) return found
    const { root, errors } = parseDocument(text, range, stream)
    return identityOf(range.index, errors.length > 0 ? undefined : toValue(root, text, range.index))
  })
}

// What YAML 1.1 takes for the end of a line too.
const otherBreaks = ['\u0085', '\u2028', '\u2029']

const carriageReturn = 0x0d

/** Something in quotes or brackets that ends on its line. */
const closed = /^(?:\[.*\]|\{.*\}|"[^"\\]*"|'[^']*')(?: +#.*| *)$/
/** `" ' [ { & * !`: what begins a value that may go on below, or be more than it looks like. */
const begins: ReadonlySet<number> = new Set([...'"\'[{&*!'].map((c) => c.charCodeAt(0)))

/**
 * Looks at the lines of a document, those of its own keys and of the keys of `metadata`. Undefined when
 * one of them is not as plain as a manifest has it.
 */
function scanLines(text: string, index: number, from: number, to: number): DocumentIdentity | undefined {
  const found = { apiVersion: unset, kind: unset, name: unset, namespace: unset }
  let metadata = false
  let column = 0
  for (let at = from, next = from; at < to; at = next) {
    const feed = text.indexOf('\n', at)
    const stop = feed < 0 || feed > to ? to : feed
    const end = text.charCodeAt(stop - 1) === carriageReturn && stop > at ? stop - 1 : stop
    next = stop + 1
    let first = at
    let code = text.charCodeAt(at)
    if (code === space) {
      if (!metadata) continue
      do code = text.charCodeAt(++first)
      while (code === space)
    }
    if (first >= end || code === hash) continue
    const indent = first - at
    if (indent > 0) {
      if (column > 0 && indent > column) continue
      if (column === 0) column = indent
      else if (code === dash && indent === column && text.charCodeAt(first + 1) === space) continue
      if (indent !== column) return undefined
    } else {
      if (metadata && column === 0) return undefined
      metadata = false
      if (code === dash && text.charCodeAt(first + 1) === space) continue
    }
    const colon = keyEnd(text, first, end)
    if (colon < 0) return undefined
    let value = colon + 1
    while (value < end && text.charCodeAt(value) === space) value++
    if (begins.has(text.charCodeAt(value)) && !closed.test(text.slice(value, end))) return undefined
    const key = interesting(text, first, colon, indent)
    if (key === undefined) continue
    if (key === 'metadata') {
      if (column > 0 || (value < end && text.charCodeAt(value) !== hash)) return undefined
      metadata = true
      continue
    }
    const valueEnd = wordEnd(text, value, end)
    if (valueEnd < 0 || found[key] !== unset || isContinued(text, next, to, indent)) return undefined
    found[key] = text.slice(value, valueEnd)
  }
  return {
    index,
    apiVersion: stringOf(found.apiVersion),
    kind: stringOf(found.kind),
    name: stringOf(found.name),
    namespace: stringOf(found.namespace),
  }
}

/** The colon after a key of letters, digits and `_./-`; -1 when the line does not begin with one. */
function keyEnd(text: string, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === colonCode) {
      return at > start && (at + 1 === end || text.charCodeAt(at + 1) === space) ? at : -1
    }
    if (!isWordCode(code) || (at === start && !isLetter(code))) return -1
  }
  return -1
}

/** The end of a word or of a text in quotes without escapes, when nothing but a comment follows; -1 else. */
function wordEnd(text: string, start: number, end: number): number {
  const first = text.charCodeAt(start)
  let at = start
  if (first === doubleQuote || first === singleQuote) {
    for (at++; at < end && text.charCodeAt(at) !== first; at++) {
      if (first === doubleQuote && text.charCodeAt(at) === backslash) return -1
    }
    if (at++ >= end) return -1
  } else {
    if (!isLetter(first) && !isDigit(first)) return -1
    while (at < end && isWordCode(text.charCodeAt(at))) at++
  }
  let rest = at
  while (rest < end && text.charCodeAt(rest) === space) rest++
  return rest >= end || (rest > at && text.charCodeAt(rest) === hash) ? at : -1
}

/** Letters, digits and `-./_`. */
function isWordCode(code: number): boolean {
  return isLetter(code) || (code >= 0x2d && code <= 0x39) || code === 0x5f
}

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function interesting(
  text: string,
  start: number,
  end: number,
  indent: number,
): Exclude<keyof DocumentIdentity, 'index'> | 'metadata' | undefined {
  const length = end - start
  if (indent > 0) {
    if (length === 4 && text.startsWith('name', start)) return 'name'
    return length === 9 && text.startsWith('namespace', start) ? 'namespace' : undefined
  }
  if (length === 4 && text.startsWith('kind', start)) return 'kind'
  if (length === 8 && text.startsWith('metadata', start)) return 'metadata'
  return length === 10 && text.startsWith('apiVersion', start) ? 'apiVersion' : undefined
}

const unset = ''

/** The next line with text stands deeper, so that it may belong to the value. */
function isContinued(text: string, from: number, to: number, indent: number): boolean {
  let at = from
  let line = from
  for (; at < to; at++) {
    const code = text.charCodeAt(at)
    if (code === lineFeed) line = at + 1
    else if (code !== space && code !== carriageReturn) break
  }
  return at < to && at - line > indent && text.charCodeAt(at) !== hash
}

function stringOf(source: string): string | undefined {
  if (source === unset) return undefined
  const first = source[0]
  if (first === '"' || first === "'") return source.slice(1, -1)
  return ofString(resolvePlain(source))
}

function ofString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function identityOf(index: number, value: unknown): DocumentIdentity {
  const object = own(value)
  const metadata = own(object?.['metadata'])
  return {
    index,
    apiVersion: ofString(object?.['apiVersion']),
    kind: ofString(object?.['kind']),
    name: ofString(metadata?.['name']),
    namespace: ofString(metadata?.['namespace']),
  }
}

function own(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ?
      (value as Record<string, unknown>)
    : undefined
}
