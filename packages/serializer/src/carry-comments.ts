import { isRecord } from '@lg/runtime'
import type { YamlDocument } from '@lg/yaml-edit'
import type { FieldPath } from './errors.ts'
import type { MovedField } from './moved-fields.ts'
import { onlyDocument } from './yaml-document.ts'
import { valueAt } from './value-at.ts'

/** The comments of one entry: the lines directly above it, and the one behind its value. */
interface EntryComments {
  readonly to: FieldPath
  readonly above: readonly string[]
  readonly beside: string | undefined
  /** Lines of the stored text that the comments stand on, from 1. */
  readonly lines: readonly number[]
}

/**
 * Puts the comments of moved fields, and of all inside of them, where the fields are now. Says which lines of the
 * stored text they came from; a comment that has a place already, or gets none, is not among them.
 */
export function carryComments(
  stored: string,
  written: string,
  moved: readonly MovedField[],
): { readonly text: string; readonly lines: ReadonlySet<number> } {
  const document = onlyDocument(stored, {})
  const comments = moved.flatMap(({ from, to }) => commentsWithin(stored, document, from, to))
  const lines = new Set<number>()
  let text = written
  for (const entry of comments) {
    const next = insert(text, entry)
    if (next === undefined) continue
    text = next
    for (const line of entry.lines) lines.add(line)
  }
  return { text, lines }
}

function commentsWithin(
  text: string,
  document: YamlDocument,
  from: FieldPath,
  to: FieldPath,
): EntryComments[] {
  const own = commentsOf(text, document, from, to)
  const value = valueAt(document.value, from)
  const keys =
    Array.isArray(value) ? [...value.keys()]
    : isRecord(value) ? Object.keys(value)
    : []
  return [
    ...(own === undefined ? [] : [own]),
    ...keys.flatMap((key) => commentsWithin(text, document, [...from, key], [...to, key])),
  ]
}

function commentsOf(
  text: string,
  document: YamlDocument,
  from: FieldPath,
  to: FieldPath,
): EntryComments | undefined {
  const place = document.locate(from)
  if (place === undefined) return undefined
  const key = place.key ?? place
  const source = text.split('\n')
  const above: string[] = []
  const lines: number[] = []
  for (let line = key.line - 1; line >= 1; line--) {
    const content = source[line - 1] ?? ''
    if (content.search(/\S/) !== key.column - 1 || content[key.column - 1] !== '#') break
    above.unshift(content.trim())
    lines.push(line)
  }
  const rest = restOfLine(text, place.end)
  const beside = /^[ \t]+(#.*?)\s*$/.exec(rest)?.[1]
  if (beside !== undefined) lines.push(text.slice(0, place.end).split('\n').length)
  return lines.length === 0 ? undefined : { to, above, beside, lines }
}

/** The text with the comments of one entry, `undefined` where the entry is not there or cannot carry them. */
function insert(text: string, { to, above, beside }: EntryComments): string | undefined {
  const document = onlyDocument(text, {})
  const place = document.locate(to)
  if (place === undefined) return undefined
  const key = place.key ?? place
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n'
  const lineStart = key.offset - (key.column - 1)
  // Only an entry that begins its line has a line above it.
  const indent = text.slice(lineStart, key.offset)
  if (indent.trim() !== '' && above.length > 0) return undefined
  const tail = restOfLine(text, place.end)
  const behind = beside !== undefined && tail.trim() === '' ? ` ${beside}` : ''
  const lead = above.map((comment) => indent + comment + lineEnd).join('')
  const result =
    text.slice(0, lineStart) + lead + text.slice(lineStart, place.end) + behind + text.slice(place.end)
  return onlyDocument(result, {}).errors.length === 0 ? result : undefined
}

function restOfLine(text: string, from: number): string {
  const end = text.indexOf('\n', from)
  return text.slice(from, end < 0 ? text.length : end)
}
