import { isFilled, renderFlow, renderJsonLines, writeKey } from '../format/render.ts'
import type { Path } from '../path.ts'
import type { PlainValue } from '../plain-value.ts'
import { lineStartAt, nextLineAt } from '../position.ts'
import { quoted } from '../scalar/write-scalar.ts'
import type { ListItem, ListNode, MapEntry, MapNode, Node } from '../syntax/node.ts'
import { type BlockPlace, type Emission, gatheringInto } from './emission.ts'
import { firstOnLine } from './layout.ts'
import { staying } from './order.ts'
import { renameKey } from './rename-key.ts'
import { applySplices, sortSplices } from './splices.ts'
import {
  type Member,
  type Members,
  type Target,
  type Write,
  isUnchanged,
  sourceMembers,
  targetValue,
} from './target.ts'
import { displace, siblingQuote } from './write-value.ts'

type FlowPlace = Pick<BlockPlace, 'path' | 'line'>

/** Writes a value in place of a node, in flow style on one line or as its surroundings are. */
export function writeFlowValue(out: Emission, node: Node, target: Write, place: FlowPlace): void {
  if (node.kind === 'map' || node.kind === 'list') displace(out, node.start, node.end, node, place)
  const text = flowText(out, node, target.value, node)
  const before =
    node.kind === 'scalar' && node.style === 'empty' && /[^\s[{(]$/.test(out.text.slice(0, node.start)) ?
      ' '
    : ''
  const action = target.reason === undefined ? 'set' : 'rewrite'
  const splice = { start: node.start, end: node.end, text: before + text, path: place.path, action } as const
  out.splices.push(target.reason === undefined ? splice : { ...splice, reason: target.reason })
}

function flowText(out: Emission, near: Node, value: PlainValue, old: Node | undefined): string {
  if (
    typeof value === 'string' &&
    old?.kind === 'scalar' &&
    (old.style === 'single' || old.style === 'double')
  ) {
    return quoted(value, old.style)
  }
  const json = out.json || isJson(near)
  return renderFlow(value, out.style.quote, json, out.text.startsWith('{ ', near.start))
}

/** A flow map with all keys in double quotes, as JSON has them. */
export function isJson(node: Node): boolean {
  return (
    node.kind === 'map' &&
    node.flow &&
    node.entries.length > 0 &&
    node.entries.every((e) => e.keyNode.kind === 'scalar' && e.keyNode.style === 'double')
  )
}

/** Turns the changed members of a flow collection into splices. */
export function emitFlow(out: Emission, target: Members, place: FlowPlace): void {
  const { node, members } = target
  const sources = sourceMembers(node)
  const opened = out.text[node.start] === '[' || out.text[node.start] === '{'
  const indexOf = new Map(sources.map((source, index) => [source, index]))
  const positions = members.map((member) =>
    member.source === undefined ? undefined : indexOf.get(member.source),
  )
  const stay = staying(positions)
  const moves = positions.some((position) => position !== undefined && !stay.has(position))
  if (!opened || members.length === 0 || stay.size === 0) {
    writeFlowValue(out, node, { kind: 'write', node, value: targetValue(target, out.text, 0) }, place)
    return
  }
  if (moves) {
    rearrange(out, target, place)
    return
  }
  removeItems(out, target, stay, place)
  const flow: Flow = { out, target, place }
  let previous: MapEntry | ListItem | undefined
  members.forEach((member, index) => {
    if (positions[index] !== undefined && member.source !== undefined) {
      emitFlowMember(flow, member, index)
      previous = member.source
    } else if (previous === undefined) {
      const next = members.find((_, at) => at > index && positions[at] !== undefined)?.source
      if (next !== undefined) insertItem(flow, member, index, next, 'before')
    } else {
      insertItem(flow, member, index, previous, 'after')
    }
  })
}

interface Flow {
  readonly out: Emission
  readonly target: Members
  readonly place: FlowPlace
}

function pathTo(flow: Flow, member: Member, index: number): Path {
  return [...flow.place.path, member.key ?? index]
}

function emitFlowMember(flow: Flow, member: Member, index: number): void {
  const { out, place } = flow
  const source = member.source
  if (source === undefined) return
  const path = pathTo(flow, member, index)
  if ('key' in source && member.key !== undefined && member.key !== source.key) {
    renameKey(out, source, member.key, path, { inFlow: true, json: out.json || isJson(flow.target.node) })
  }
  emitInFlow(out, member.value, source.value, { path, line: place.line })
}

function emitInFlow(out: Emission, target: Target, node: Node, place: FlowPlace): void {
  if (isUnchanged(target)) return
  if (target.kind === 'write') writeFlowValue(out, node, target, place)
  else if (target.kind === 'members') emitFlow(out, target, place)
}

/** The text of a member that is new to the collection; `pad` is what stands before it on a line of its own. */
function itemText(flow: Flow, member: Member, pad?: string): string {
  const { out, target } = flow
  const { node } = target
  const value = targetValue(member.value, out.text, 0)
  const quote = siblingQuote(node, undefined)
  const json = out.json || isJson(node)
  const text =
    out.json && pad !== undefined && isFilled(value) ? jsonText(out, node, value, pad)
    : typeof value === 'string' && quote !== undefined ? quoted(value, quote)
    : flowText(out, node, value, undefined)
  if (node.kind === 'list') return text
  const key = member.key ?? ''
  return `${json ? quoted(key, 'double') : writeKey(key, out.style.quote, true)}: ${text}`
}

/** A value of a JSON document that has its members on lines of their own. */
function jsonText(out: Emission, node: MapNode | ListNode, value: PlainValue, pad: string): string {
  const line = lineStartAt(out.text, node.start)
  const outer = out.text.slice(line, firstOnLine(out.text, line))
  const step = pad.startsWith(outer) ? pad.slice(outer.length) : '  '
  return renderJsonLines(value, pad, step === '' ? '  ' : step, out.newline)
}

/** Only white space stands before it on its line. */
function onOwnLine(text: string, item: { readonly start: number }): boolean {
  return firstOnLine(text, lineStartAt(text, item.start)) === item.start
}

/** The offset of the comma after an item, or -1 when the collection ends there. */
function commaAfter(text: string, end: number, limit: number): number {
  for (let at = end; at < limit; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x2c) return at
    if (code === 0x23) at = nextLineAt(text, at) - 1
    else if (code !== 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return -1
  }
  return -1
}

function insertItem(
  flow: Flow,
  member: Member,
  index: number,
  near: MapEntry | ListItem,
  side: 'before' | 'after',
): void {
  const { out, target } = flow
  const { text } = out
  const path = pathTo(flow, member, index)
  const own = onOwnLine(text, near)
  const pad = text.slice(lineStartAt(text, near.start), near.start)
  const item = itemText(flow, member, own ? pad : undefined)
  const push = (at: number, inserted: string): void => {
    out.splices.push({ start: at, end: at, text: inserted, path, action: 'insert' })
  }
  if (side === 'before') {
    if (own) push(lineStartAt(text, near.start), `${pad}${item},${out.newline}`)
    else push(near.start, `${item}${separator(text, target.node)}`)
    return
  }
  const comma = commaAfter(text, near.end, target.node.end)
  if (!own) {
    push(near.end, separator(text, target.node) + item)
    return
  }
  const next = nextLineAt(text, Math.max(near.end, comma))
  const closes = next >= target.node.end
  if (closes) {
    push(near.end, `,${out.newline}${pad}${item}`)
    return
  }
  if (comma < 0 && !out.splices.some((each) => each.start === near.end && each.text === ','))
    push(near.end, ',')
  const isLast = comma < 0 && flow.target.members.slice(index + 1).every((each) => each.source === undefined)
  const more = isLast && index < flow.target.members.length - 1
  push(next, `${pad}${item}${comma >= 0 || more ? ',' : ''}${out.newline}`)
}

/** What stands between two items on one line: `, ` or `,`. */
function separator(text: string, node: MapNode | ListNode): string {
  const [first, second] = sourceMembers(node)
  if (first === undefined || second === undefined) return ', '
  const between = text.slice(first.end, second.start)
  return /^\s*,[ ]*$/.test(between) ? between : ', '
}

function removeItems(out: Emission, target: Members, stay: ReadonlySet<number>, place: FlowPlace): void {
  const { node } = target
  const { text } = out
  const sources = sourceMembers(node)
  const lastStaying = Math.max(...stay)
  for (let index = 0; index < sources.length; index++) {
    if (stay.has(index)) continue
    const from = index
    while (index + 1 < sources.length && !stay.has(index + 1)) index++
    const first = sources[from] as MapEntry | ListItem
    const last = sources[index] as MapEntry | ListItem
    const next = sources[index + 1]
    const path = [...place.path, 'key' in first ? first.key : from]
    const cut = (start: number, end: number): void => {
      const detail = { path, line: place.line }
      displace(out, start, end, first.value, detail, true)
      out.splices.push({ start, end, text: '', path, action: 'delete' })
    }
    const comma = commaAfter(text, last.end, node.end)
    const lineEnd = nextLineAt(text, Math.max(last.end, comma))
    const wholeLines =
      onOwnLine(text, first) && lineEnd < node.end && (next === undefined || next.start >= lineEnd)
    const previous = sources[lastStaying]
    if (next === undefined && previous !== undefined && comma < 0) {
      const before = commaAfter(text, previous.end, node.end)
      if (wholeLines) {
        if (before >= 0) cut(before, before + 1)
        cut(lineStartAt(text, first.start), lineEnd)
      } else cut(previous.end, last.end)
    } else if (wholeLines) cut(lineStartAt(text, first.start), lineEnd)
    else if (next !== undefined) cut(first.start, next.start)
    else if (previous !== undefined) cut(previous.end, last.end)
  }
}

/** Items in another order: the places between the separators stay, the items change places. */
function rearrange(out: Emission, target: Members, place: FlowPlace): void {
  const { node, members } = target
  const sources = sourceMembers(node)
  const flow: Flow = { out, target, place }
  const texts = members.map((member, index) => {
    if (member.source === undefined || !sources.includes(member.source as never))
      return itemText(flow, member)
    const within = gatheringInto([], out)
    emitFlowMember({ ...flow, out: within }, member, index)
    return applySplices(out.text, sortSplices(within.splices), member.source.start, member.source.end)
  })
  const first = sources[0] as MapEntry | ListItem
  const last = sources.at(-1) as MapEntry | ListItem
  const parts: string[] = []
  texts.forEach((text, index) => {
    const before = sources[index - 1]
    const here = sources[index]
    const gap = before !== undefined && here !== undefined ? out.text.slice(before.end, here.start) : ', '
    parts.push(index === 0 ? text : gap + text)
  })
  out.splices.push({
    start: first.start,
    end: last.end,
    text: parts.join(''),
    path: place.path,
    action: 'move',
  })
}
