import { equalValues, isRecord } from '@lg/runtime'
import type { NodeLocation, YamlDocument } from '@lg/yaml-edit'
import type { FieldPath } from './errors.ts'
import type { MovedField } from './moved-fields.ts'
import { onlyDocument } from './yaml-document.ts'
import { valueAt } from './value-at.ts'

/** A comment, and the line of the stored text that it stands on, from 1. */
interface Comment {
  readonly text: string
  readonly line: number
}

/** The comments of one entry: the lines directly above it, and the one behind its value. */
interface EntryComments {
  readonly to: FieldPath
  readonly above: readonly Comment[]
  readonly beside: Comment | undefined
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
  const source: SourceText = { text: stored, lines: stored.split('\n'), document: onlyDocument(stored, {}) }
  const target = onlyDocument(written, {})
  const all = moved
    .flatMap(({ from, to }) => commentsWithin(source, from, to))
    .flatMap((comments) => placeIn(written, target, comments) ?? [])
  const readsAlike = (placed: readonly Placed[]): boolean => {
    const { value, errors } = onlyDocument(insert(written, placed), {})
    return errors.length === 0 && equalValues(value, target.value)
  }
  // All at once is the rule; where that fails, those that can stand alone.
  const fitting = readsAlike(all) ? all : all.filter((each) => readsAlike([each]))
  if (fitting !== all && !readsAlike(fitting)) return { text: written, lines: new Set() }
  return { text: insert(written, fitting), lines: new Set(fitting.flatMap(({ lines }) => lines)) }
}

interface SourceText {
  readonly text: string
  readonly lines: readonly string[]
  readonly document: YamlDocument
}

function commentsWithin(source: SourceText, from: FieldPath, to: FieldPath): EntryComments[] {
  const own = commentsOf(source, from, to)
  const value = valueAt(source.document.value, from)
  const keys =
    Array.isArray(value) ? [...value.keys()]
    : isRecord(value) ? Object.keys(value)
    : []
  return [
    ...(own === undefined ? [] : [own]),
    ...keys.flatMap((key) => commentsWithin(source, [...from, key], [...to, key])),
  ]
}

function commentsOf(source: SourceText, from: FieldPath, to: FieldPath): EntryComments | undefined {
  const { text } = source
  const place = source.document.locate(from)
  if (place === undefined) return undefined
  const key = place.key ?? place
  const above: Comment[] = []
  const column = indentOf(text, place)
  for (let line = key.line - 1; column !== undefined && line >= 1; line--) {
    const content = source.lines[line - 1] ?? ''
    if (content.search(/\S/) !== column || content[column] !== '#') break
    above.unshift({ text: content.trim(), line })
  }
  const tail = tailOf(text, place, valueAt(source.document.value, from))
  const behind = tail === undefined ? undefined : /^[ \t]+(#.*?)\s*$/.exec(restOfLine(text, tail))?.[1]
  const beside =
    tail === undefined || behind === undefined ?
      undefined
    : { text: behind, line: key.line + countNewlines(text, key.offset, tail) }
  return above.length === 0 && beside === undefined ? undefined : { to, above, beside }
}

/** Texts to insert at offsets, and the lines of the stored text that they come from. */
interface Placed {
  readonly inserts: readonly (readonly [offset: number, text: string])[]
  readonly lines: readonly number[]
}

/** Where the comments of one entry go; `undefined` where the entry is not there or cannot carry them. */
function placeIn(
  text: string,
  document: YamlDocument,
  { to, above, beside }: EntryComments,
): Placed | undefined {
  const place = document.locate(to)
  if (place === undefined) return undefined
  const key = place.key ?? place
  const lineStart = key.offset - (key.column - 1)
  const indent = indentOf(text, place)
  if (indent === undefined && above.length > 0) return undefined
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n'
  const tail = tailOf(text, place, valueAt(document.value, to))
  const behind =
    beside !== undefined && tail !== undefined && restOfLine(text, tail).trim() === '' ? [beside] : []
  return {
    inserts: [
      [lineStart, above.map((comment) => ' '.repeat(indent ?? 0) + comment.text + lineEnd).join('')],
      [tail ?? place.end, behind.map((comment) => ` ${comment.text}`).join('')],
    ],
    lines: [...above, ...behind].map(({ line }) => line),
  }
}

/** The column of a key, or of the dash of an item; `undefined` for what does not begin its line. */
function indentOf(text: string, place: NodeLocation): number | undefined {
  const { offset, column } = place.key ?? place
  const before = text.slice(offset - (column - 1), offset)
  return (place.key === undefined ? /^( *)- +$/ : /^( *)$/).exec(before)?.[1]?.length
}

/** Where a comment beside an entry follows: after its value, or on the line of its key when the value stands below. */
function tailOf(text: string, { offset, end, line, key }: NodeLocation, value: unknown): number | undefined {
  const first = text[offset]
  if (first === '|' || first === '>')
    return offset + (/^[-+0-9]*/.exec(text.slice(offset + 1))?.[0].length ?? 0) + 1
  const standsBelow = typeof value === 'object' && value !== null && first !== '{' && first !== '['
  if (!standsBelow) return end
  if (key === undefined || key.line === line) return undefined
  const colon = /:[ \t]*(?:#.*)?$/.exec(restOfLine(text, key.offset).trimEnd())
  return colon === null ? undefined : key.offset + colon.index + 1
}

function insert(text: string, placed: readonly Placed[]): string {
  const inserts = placed.flatMap((each) => each.inserts).toSorted(([a], [b]) => a - b)
  const parts: string[] = []
  let at = 0
  for (const [offset, inserted] of inserts) {
    parts.push(text.slice(at, offset), inserted)
    at = offset
  }
  return parts.join('') + text.slice(at)
}

function restOfLine(text: string, from: number): string {
  const end = text.indexOf('\n', from)
  return text.slice(from, end < 0 ? text.length : end)
}

function countNewlines(text: string, from: number, to: number): number {
  return text.slice(from, to).split('\n').length - 1
}
