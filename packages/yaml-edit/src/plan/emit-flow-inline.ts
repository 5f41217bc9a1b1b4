import { lineStartAt } from '../position.ts'
import {
  type FlowCollection,
  type FlowSource,
  changedText,
  commaAfter,
  emitFlowMember,
  memberPath,
  newFlowText,
  sourcePath,
} from './flow-member.ts'
import { firstOnLine } from './layout.ts'
import type { Member } from './target.ts'
import { displace } from './write-value.ts'

/** Changes the members of a flow collection that has several of them on one line. */
export function emitFlowInline(flow: FlowCollection): void {
  const { target, positions, stay, sources } = flow
  if (positions.some((position) => position !== undefined && !stay.has(position))) {
    rearrange(flow)
    return
  }
  let above: number | undefined
  let added: Added[] = []
  for (const [index, member] of target.members.entries()) {
    const position = positions[index]
    if (position === undefined) {
      added.push({ member, index })
      continue
    }
    emitBetween(flow, above, position, added)
    emitFlowMember(flow, member, index)
    above = position
    added = []
  }
  emitBetween(flow, above, sources.length, added)
}

interface Added {
  readonly member: Member
  readonly index: number
}

/** What comes takes the place of what goes; what there is more of the one or the other follows. */
function emitBetween(
  flow: FlowCollection,
  above: number | undefined,
  below: number,
  added: readonly Added[],
): void {
  const { out, sources } = flow
  const first = above === undefined ? 0 : above + 1
  const insert = ({ member, index }: Added, at: number, end: number, before: string, after: string): void => {
    const text = before + newFlowText(flow, member) + after
    const path = memberPath(flow, member, index)
    out.splices.push({ start: at, end, text, path, action: at === end ? 'insert' : 'set' })
  }
  const replaced = Math.min(below - first, added.length)
  for (let at = 0; at < replaced; at++) {
    const { start, end, value } = sources[first + at] as FlowSource
    const path = sourcePath(flow, first + at)
    displace(out, start, end, value, { path, line: flow.place.line }, true)
    insert(added[at] as Added, start, end, '', '')
  }
  const last = sources[replaced > 0 ? first + replaced - 1 : first - 1]
  const next = sources[below]
  const between = separator(flow)
  for (const each of added.slice(replaced)) {
    if (last !== undefined) insert(each, last.end, last.end, between, '')
    else if (next !== undefined) insert(each, next.start, next.start, '', between)
  }
  if (first + replaced < below) remove(flow, first + replaced, below, last, next)
}

/** Takes members out, with as many commas. */
function remove(
  flow: FlowCollection,
  from: number,
  to: number,
  above: FlowSource | undefined,
  below: FlowSource | undefined,
): void {
  const { out, place, sources, target } = flow
  const { text } = out
  const path = sourcePath(flow, from)
  const first = sources[from] as FlowSource
  const last = sources[to - 1] as FlowSource
  const cut = (start: number, end: number): void => {
    displace(out, start, end, first.value, { path, line: place.line }, true)
    out.splices.push({ start, end, text: '', path, action: 'delete' })
  }
  if (below !== undefined) {
    cut(first.start, below.start)
    return
  }
  const start = above?.end ?? first.start
  if (!text.slice(start, first.start).includes('#')) {
    cut(start, last.end)
    return
  }
  // A comment of the member above stands between.
  const comma = commaAfter(text, start, target.node.end)
  if (comma >= 0 && commaAfter(text, last.end, target.node.end) < 0) cut(comma, comma + 1)
  const line = lineStartAt(text, first.start)
  cut(firstOnLine(text, line) === first.start ? line : first.start, last.end)
}

/** What stands between two members on one line: `, ` or `,`. */
function separator({ out, sources }: FlowCollection): string {
  const [first, second] = sources
  if (first === undefined || second === undefined) return ', '
  const between = out.text.slice(first.end, second.start)
  return /^\s*,[ ]*$/.test(between) ? between : ', '
}

/** Members in another order: the places between the separators stay, the members change places. */
function rearrange(flow: FlowCollection): void {
  const { out, target, place, sources, positions } = flow
  const texts = target.members.map((member, index) => {
    const source = positions[index] === undefined ? undefined : member.source
    return source === undefined ?
        newFlowText(flow, member)
      : changedText(flow, member, index, [source.start, source.end])
  })
  const parts: string[] = []
  for (const [index, text] of texts.entries()) {
    const before = sources[index - 1]
    const here = sources[index]
    const gap = before !== undefined && here !== undefined ? out.text.slice(before.end, here.start) : ', '
    parts.push(index === 0 ? text : gap + text)
  }
  out.splices.push({
    start: sources[0]?.start ?? target.node.start,
    end: sources.at(-1)?.end ?? target.node.end,
    text: parts.join(''),
    path: place.path,
    action: 'move',
  })
}
