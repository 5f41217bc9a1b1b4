import { equalValues, isRecord, parseJson, stringifyJson } from '@lg/runtime'
import { readJsonTree, type JsonEntry, type JsonNode } from './json-tree.ts'

interface Change {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * The JSON text whose value equals `value`; all other bytes as they were. A changed value is written anew in the
 * layout around it, a new entry comes last, a removed one takes its comma along.
 *
 * @param text known to be JSON, without repeated keys.
 * @param stored the value of `text`.
 * @throws {LgError} `NOT_SERIALIZABLE` with the path of what JSON cannot hold.
 */
export function reconcileJson(text: string, stored: unknown, value: unknown): string {
  const shift = text.startsWith('\ufeff') ? 1 : 0
  const body = text.slice(shift)
  const changes: Change[] = []
  // As JSON has it: `toJSON` called, and refused where something would be lost.
  const wanted = parseJson(stringifyJson(value))
  diff(body, readJsonTree(body), stored, wanted, changes)
  let result = ''
  let at = 0
  for (const change of changes) {
    result += body.slice(at, change.start) + change.text
    at = change.end
  }
  return text.slice(0, shift) + result + body.slice(at)
}

function diff(text: string, node: JsonNode, stored: unknown, value: unknown, changes: Change[]): void {
  if (equalValues(stored, value)) return
  if (node.entries !== undefined && isRecord(stored) && isRecord(value) && node.entries.length > 0) {
    diffMap(text, node, node.entries, stored, value, changes)
  } else if (
    node.items !== undefined &&
    Array.isArray(stored) &&
    Array.isArray(value) &&
    node.items.length > 0
  ) {
    diffList(text, node, node.items, stored, value, changes)
  } else changes.push({ start: node.start, end: node.end, text: write(value, layoutAt(text, node)) })
}

function diffMap(
  text: string,
  node: JsonNode,
  entries: readonly JsonEntry[],
  stored: Record<string, unknown>,
  value: Record<string, unknown>,
  changes: Change[],
): void {
  const has = (map: Record<string, unknown>, key: string): boolean =>
    Object.hasOwn(map, key) && map[key] !== undefined
  const layout = layoutAt(text, node)
  const colon = text.slice(...colonOf(text, entries[0] as JsonEntry))
  const added = Object.keys(value).filter((key) => has(value, key) && !has(stored, key))
  const parts: Part[] = [
    ...entries.flatMap(({ key }, index): Part[] => (has(value, key) ? [{ span: index }] : [])),
    ...added.map((key): Part => ({
      text: `${JSON.stringify(key)}${colon}${write(value[key], layout.inner)}`,
    })),
  ]
  rebuild({ text, node, layout, changes }, entries.map(spanOf), parts, (index) => {
    const { key, value: inner } = entries[index] as JsonEntry
    diff(text, inner, stored[key], value[key], changes)
  })
}

function diffList(
  text: string,
  node: JsonNode,
  items: readonly JsonNode[],
  stored: readonly unknown[],
  value: readonly unknown[],
  changes: Change[],
): void {
  const origins = new Map(alignItems(stored, value).map(([from, to]) => [to, from]))
  const wanted = new Map([...origins].map(([to, from]) => [from, value[to]]))
  const layout = layoutAt(text, node)
  const parts = value.map((item, index): Part => {
    const span = origins.get(index)
    return span === undefined ? { text: write(item ?? null, layout.inner) } : { span }
  })
  rebuild({ text, node, layout, changes }, items, parts, (index) =>
    diff(text, items[index] as JsonNode, stored[index], wanted.get(index), changes),
  )
}

/** Pairs of indices, ascending in both lists: equal items first, then what lies between them in order. */
function alignItems(stored: readonly unknown[], value: readonly unknown[]): (readonly [number, number])[] {
  let head = 0
  while (head < stored.length && head < value.length && equalValues(stored[head], value[head])) head++
  let tail = 0
  const most = Math.min(stored.length, value.length) - head
  while (tail < most && equalValues(stored.at(-1 - tail), value.at(-1 - tail))) tail++
  const between = Math.min(stored.length, value.length) - tail
  const pairs: [number, number][] = []
  for (let index = 0; index < between; index++) pairs.push([index, index])
  for (let index = tail; index > 0; index--) pairs.push([stored.length - index, value.length - index])
  return pairs
}

interface Span {
  readonly start: number
  readonly end: number
}

const spanOf = ({ start, value }: JsonEntry): Span => ({ start, end: value.end })

/** A stored entry or item that stays, by its number, or the text of a new one. */
type Part = { readonly span: number } | { readonly text: string }

interface Collection {
  readonly text: string
  readonly node: JsonNode
  readonly layout: Layout
  readonly changes: Change[]
}

/** Makes a collection consist of `parts`; those that stay are in their stored order. */
function rebuild(
  { text, node, layout, changes }: Collection,
  spans: readonly Span[],
  parts: readonly Part[],
  inside: (index: number) => void,
): void {
  const first = (spans[0] as Span).start
  const last = (spans.at(-1) as Span).end
  const change = (start: number, end: number, replacement: string): void => {
    if (text.slice(start, end) !== replacement) changes.push({ start, end, text: replacement })
  }
  let previous: number | undefined
  let added: string[] = []
  for (const part of parts) {
    if ('text' in part) {
      added.push(part.text)
      continue
    }
    const span = spans[part.span] as Span
    if (previous === undefined) {
      change(first, span.start, added.map((item) => item + layout.comma).join(''))
    } else if (added.length > 0 || part.span > previous + 1) {
      const end = (spans[previous] as Span).end
      const gap = text.slice(end, (spans[previous + 1] as Span).start)
      change(end, span.start, added.map((item) => gap + item).join('') + gap)
    }
    inside(part.span)
    previous = part.span
    added = []
  }
  if (previous !== undefined) {
    const { end } = spans[previous] as Span
    change(end, last, added.map((item) => layout.comma + item).join(''))
  } else if (added.length > 0) change(first, last, added.join(layout.comma))
  else change(node.start + 1, node.end - 1, '')
}

/** How a map or list is laid out, for what is added to it. */
interface Layout {
  /** Between two entries: comma and white space. */
  readonly comma: string
  /** Line end and indentation before an entry and before the end; `undefined` for all on one line. */
  readonly lines: { readonly entry: string; readonly close: string; readonly unit: string } | undefined
  readonly inner: Layout
}

function layoutAt(text: string, node: JsonNode): Layout {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n'
  const lineStart = text.lastIndexOf('\n', node.start - 1) + 1
  const indent = /^[ \t]*/.exec(text.slice(lineStart, node.start))?.[0] ?? ''
  const unit = /\n([ \t]+)\S/.exec(text)?.[1] ?? ''
  const first = node.entries?.[0]?.start ?? node.items?.[0]?.start
  const before = first === undefined ? undefined : text.slice(node.start + 1, first)
  const multiline = before === undefined ? unit !== '' : before.includes('\n')
  if (!multiline) return flat(/,[ \t]/.test(text) ? ', ' : ',')
  return indented(lineEnd, indent, unit)
}

function flat(comma: string): Layout {
  const layout: { comma: string; lines: undefined; inner: Layout } = {
    comma,
    lines: undefined,
    inner: undefined as never,
  }
  layout.inner = layout
  return layout
}

function indented(lineEnd: string, indent: string, unit: string): Layout {
  const entry = lineEnd + indent + unit
  return {
    comma: `,${entry}`,
    lines: { entry, close: lineEnd + indent, unit },
    get inner() {
      return indented(lineEnd, indent + unit, unit)
    },
  }
}

function write(value: unknown, layout: Layout): string {
  const { lines, inner } = layout
  const isList = Array.isArray(value)
  if (!isList && !isRecord(value)) return stringifyJson(value)
  const space = lines === undefined && layout.comma === ',' ? '' : ' '
  const parts =
    isList ?
      value.map((item) => (item === undefined ? 'null' : write(item, inner)))
    : Object.entries(value as Record<string, unknown>)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}:${space}${write(item, inner)}`)
  const [open, close] = isList ? ['[', ']'] : ['{', '}']
  if (parts.length === 0) return `${open}${close}`
  if (lines === undefined) return `${open}${parts.join(layout.comma)}${close}`
  return `${open}${lines.entry}${parts.join(layout.comma)}${lines.close}${close}`
}

function colonOf(text: string, entry: JsonEntry): [number, number] {
  const key = /"[^"\\]*(?:\\.[^"\\]*)*"/sy
  key.lastIndex = entry.start
  key.exec(text)
  return [key.lastIndex, entry.value.start]
}
