import { equalValues, isRecord, stringifyJson } from '@lg/runtime'
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
 */
export function reconcileJson(text: string, stored: unknown, value: unknown): string {
  const shift = text.startsWith('\ufeff') ? 1 : 0
  const body = text.slice(shift)
  const changes: Change[] = []
  diff(body, readJsonTree(body), stored, value, changes)
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
  const kept = entries.filter(({ key }) => Object.hasOwn(value, key) && value[key] !== undefined)
  const added = Object.keys(value).filter((key) => value[key] !== undefined && !Object.hasOwn(stored, key))
  const layout = layoutAt(text, node)
  const colon = text.slice(...colonOf(text, entries[0] as JsonEntry))
  const parts = added.map((key) => `${JSON.stringify(key)}${colon}${write(value[key], layout.inner)}`)
  splice(
    text,
    node,
    entries.map(spanOf),
    new Set(kept.map(({ start }) => start)),
    parts,
    layout,
    changes,
    (start) => {
      const entry = entries.find((candidate) => candidate.start === start)
      if (entry !== undefined) diff(text, entry.value, stored[entry.key], value[entry.key], changes)
    },
  )
}

function diffList(
  text: string,
  node: JsonNode,
  items: readonly JsonNode[],
  stored: readonly unknown[],
  value: readonly unknown[],
  changes: Change[],
): void {
  const pairs = alignItems(stored, value)
  const layout = layoutAt(text, node)
  const partner = new Map(pairs.map(([from, to]) => [from, to]))
  const last = pairs.at(-1)?.[1] ?? -1
  const trailing = value.slice(last + 1).every((_, index) => !pairs.some(([, to]) => to === last + 1 + index))
  const inserted = value.length - pairs.length - (value.length - last - 1)
  if (!trailing || inserted > 0) {
    changes.push({ start: node.start, end: node.end, text: write(value, layout) })
    return
  }
  const kept = new Set(items.filter((_, index) => partner.has(index)).map(({ start }) => start))
  const parts = value.slice(last + 1).map((item) => write(item, layout.inner))
  splice(text, node, items, kept, parts, layout, changes, (start) => {
    const index = items.findIndex((item) => item.start === start)
    diff(text, items[index] as JsonNode, stored[index], value[partner.get(index) as number], changes)
  })
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

/** Takes out the parts that are not kept, goes into the kept ones, and puts new ones behind the last. */
function splice(
  text: string,
  node: JsonNode,
  spans: readonly Span[],
  kept: ReadonlySet<number>,
  added: readonly string[],
  layout: Layout,
  changes: Change[],
  inside: (start: number) => void,
): void {
  if (kept.size === 0) {
    const [open, close] = [text.slice(node.start, node.start + 1), text.slice(node.end - 1, node.end)]
    const first = spans[0] as Span
    const final = spans.at(-1) as Span
    const body =
      added.length === 0 ?
        ''
      : text.slice(node.start + 1, first.start) +
        added.join(layout.comma) +
        text.slice(final.end, node.end - 1)
    changes.push({ start: node.start, end: node.end, text: open + body + close })
    return
  }
  const lastKept = spans.findLastIndex(({ start }) => kept.has(start))
  let gapStart: number | undefined
  spans.forEach((span, index) => {
    if (kept.has(span.start)) {
      if (gapStart !== undefined) changes.push({ start: gapStart, end: span.start, text: '' })
      gapStart = undefined
      inside(span.start)
      if (index === lastKept) {
        const end = (spans.at(-1) as Span).end
        const tail = added.map((part) => layout.comma + part).join('')
        if (end > span.end || tail !== '') changes.push({ start: span.end, end, text: tail })
      }
    } else if (index < lastKept) gapStart ??= span.start
  })
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
  const key = /"(?:[^"\\]|\\.)*"/sy
  key.lastIndex = entry.start
  key.exec(text)
  return [key.lastIndex, entry.value.start]
}
