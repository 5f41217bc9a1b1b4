import { carriageReturn, dash, doubleQuote, hash, newline, singleQuote, space, tab } from '../byte-codes.ts'
import {
  blockScalar,
  classes,
  endOfKey,
  endOfQuoted,
  equals,
  isBlankOrComment,
  isBlockHeader,
  isClosedFlow,
  isPlainText,
  isSpaceOrEnd,
  noKey,
  opening,
  plainAscii,
  plainString,
  special,
  unsure,
} from './line-parts.ts'

/** The fields that identify an object, as they stand; `undefined` for one that is not there. */
export interface ScannedIdentity {
  readonly apiVersion: string | undefined
  readonly kind: string | undefined
  readonly namespace: string | undefined
  readonly name: string | undefined
}

interface Level {
  readonly indent: number
  readonly type: 'map' | 'list'
  /** The root map and the map under its key `metadata` are the ones that identify. */
  readonly role: 'root' | 'metadata' | undefined
}

/**
 * Finds what identifies the object of one YAML document by looking at its lines, without building a value.
 *
 * It follows block maps and lists, one-line values and block scalars: what nearly all manifests consist of. Whatever
 * else it meets, it answers `undefined`: unsure, a parser has to look. It never gives another answer than a parser,
 * but it does not find every fault in what it passes over.
 *
 * @param previous the identity found before: its strings are used again where they are equal.
 */
export function scanIdentity(
  bytes: Uint8Array,
  start: number,
  end: number,
  previous?: ScannedIdentity,
): ScannedIdentity | undefined {
  const known = previous && [previous.apiVersion, previous.kind, previous.name, previous.namespace]
  const found: (string | undefined)[] = []
  /** Which of the identifying fields were met, a bit each. */
  let seen = 0
  const levels: Level[] = []
  /** What the line before allows: a value below it, more text of a plain scalar, or neither. */
  let after: 'value' | 'text' | 'nothing' = 'value'
  /** The last root key was `metadata`. */
  let inMetadata = false
  /** Lines deeper than this belong to a block scalar; -1 outside of one. */
  let scalarIndent = -1
  /** The last value found, while the next line could still continue it. */
  let continues = false

  for (let at = start; at < end;) {
    let stop = at
    while (stop < end && bytes[stop] !== newline) stop++
    const next = stop + 1
    if (stop > at && bytes[stop - 1] === carriageReturn) stop--
    let first = at
    while (first < stop && bytes[first] === space) first++
    const indent = first - at
    at = next
    if (first === stop) continue
    if (scalarIndent >= 0) {
      if (indent > scalarIndent) continue
      scalarIndent = -1
    }
    if (bytes[first] === tab) return undefined
    if (bytes[first] === hash) {
      if (after === 'text') after = 'nothing'
      continue
    }

    while (levels.length > 0 && (levels.at(-1) as Level).indent > indent) levels.pop()
    let level = levels.at(-1)
    const isItem = bytes[first] === dash && isSpaceOrEnd(bytes, first + 1, stop)
    if (level?.type === 'list' && level.indent === indent && !isItem) {
      levels.pop()
      level = levels.at(-1)
    }
    if (level !== undefined && level.indent < indent && after === 'text') {
      if (continues || !isPlainText(bytes, first, stop)) return undefined
      continue
    }
    continues = false

    let column = indent
    let itemFollows = isItem
    while (itemFollows) {
      if (level === undefined || level.indent < column || (level.type === 'map' && level.indent === column)) {
        if (after !== 'value') return undefined
        level = { indent: column, type: 'list', role: undefined }
        levels.push(level)
      } else if (level.indent !== column) return undefined
      let content = first + 1
      while (content < stop && bytes[content] === space) content++
      column += content - first
      first = content
      after = 'value'
      if (first === stop || bytes[first] === hash) break
      if (bytes[first] === tab) return undefined
      itemFollows = bytes[first] === dash && isSpaceOrEnd(bytes, first + 1, stop)
    }
    if (first === stop || bytes[first] === hash) continue

    const keyEnd = endOfKey(bytes, first, stop)
    if (keyEnd === unsure) return undefined
    let valueStart = first
    let field = noField
    if (keyEnd !== noKey) {
      if (level === undefined || level.indent < column) {
        if (after !== 'value') return undefined
        const role =
          levels.length === 0 ? 'root'
          : levels.length === 1 && inMetadata ? 'metadata'
          : undefined
        level = { indent: column, type: 'map', role }
        levels.push(level)
      } else if (level.indent !== column || level.type !== 'map') return undefined
      if (level.role !== undefined) {
        if (bytes[first] === doubleQuote || bytes[first] === singleQuote) return undefined
        if (isMerge(bytes, first, keyEnd)) return undefined
        field = fieldAt(bytes, first, keyEnd, level.role)
        if (level.role === 'root') inMetadata = field === metadataField
      }
      valueStart = keyEnd + 1
      while (valueStart < stop && bytes[valueStart] === space) valueStart++
      if (valueStart < stop && bytes[valueStart] === tab) return undefined
    } else if (after !== 'value' || levels.length === 0) return undefined

    const wanted = field !== noField
    if (wanted) {
      if ((seen & (1 << field)) !== 0) return undefined
      seen |= 1 << field
    }
    if (valueStart === stop || bytes[valueStart] === hash) {
      // What identifies stands on the line of its key, or a parser has to look.
      if (wanted && field !== metadataField) return undefined
      after = 'value'
      continue
    }
    if (field === metadataField) return undefined
    const value = bytes[valueStart] as number
    const style = classes[value]
    if (style === special) return undefined
    if (style === blockScalar) {
      if (wanted || !isBlockHeader(bytes, valueStart + 1, stop)) return undefined
      // Of a scalar right under a dash, the dash is the parent; `column` is behind it.
      scalarIndent = keyEnd === noKey ? (level?.indent ?? 0) : column
      after = 'nothing'
    } else if (value === doubleQuote || value === singleQuote) {
      const close = endOfQuoted(bytes, valueStart, stop)
      if (close < 0 || !isBlankOrComment(bytes, close, stop)) return undefined
      if (wanted) {
        const inner = plainAscii(bytes, valueStart + 1, close - 1, known?.[field])
        if (inner === undefined) return undefined
        found[field] = inner
      }
      after = 'nothing'
    } else if (style === opening) {
      if (wanted || !isClosedFlow(bytes, valueStart, stop)) return undefined
      after = 'nothing'
    } else {
      if (!isPlainText(bytes, valueStart, stop)) return undefined
      after = 'text'
      if (wanted) {
        const plain = plainString(bytes, valueStart, stop, known?.[field])
        if (plain === undefined) return undefined
        found[field] = plain
        continues = true
      }
    }
  }
  if (levels.length === 0 && seen === 0) return undefined
  const [apiVersion, kind, name, namespace] = found
  return { apiVersion, kind, name, namespace }
}

/** Numbers of the fields that identify. */
const apiVersionField = 0
const kindField = 1
const nameField = 2
const namespaceField = 3
const metadataField = 4
const noField = -1

function fieldAt(bytes: Uint8Array, start: number, end: number, role: 'root' | 'metadata'): number {
  if (role === 'metadata') {
    return (
      equals(bytes, start, end, 'name') ? nameField
      : equals(bytes, start, end, 'namespace') ? namespaceField
      : noField
    )
  }
  return (
    equals(bytes, start, end, 'kind') ? kindField
    : equals(bytes, start, end, 'metadata') ? metadataField
    : equals(bytes, start, end, 'apiVersion') ? apiVersionField
    : noField
  )
}

const isMerge = (bytes: Uint8Array, start: number, end: number): boolean => equals(bytes, start, end, '<<')
