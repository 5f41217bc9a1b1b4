import { lineStartAt, nextLineAt } from '../position.ts'
import type { ListNode, MapNode } from '../syntax/node.ts'
import {
  type FlowCollection,
  changedText,
  commaAfter,
  emitFlowMember,
  memberPath,
  newFlowText,
  sourcePath,
} from './flow-member.ts'
import { firstOnLine } from './layout.ts'
import type { Splice } from './splices.ts'
import { type Member, sourceMembers } from './target.ts'
import { displace } from './write-value.ts'

/** The lines of one member of a flow collection. */
export interface FlowMemberLines {
  /** Where the comments directly above it begin, or its own line. */
  readonly lead: number
  readonly end: number
  /** The offset of the comma after it, or -1. */
  readonly comma: number
}

/** The lines of the members, when each has lines of its own, and so has the closing bracket. */
export function flowLines(text: string, node: MapNode | ListNode): readonly FlowMemberLines[] | undefined {
  const close = node.end - 1
  if (!isFirstOnLine(text, close)) return undefined
  const lines: FlowMemberLines[] = []
  let floor = nextLineAt(text, node.start)
  for (const { start, end } of sourceMembers(node)) {
    if (!isFirstOnLine(text, start)) return undefined
    const comma = commaAfter(text, end, node.end)
    if (comma >= 0 && text.slice(end, comma).includes('\n')) return undefined
    const next = nextLineAt(text, Math.max(end, comma))
    lines.push({ lead: leadOf(text, lineStartAt(text, start), floor), end: next, comma })
    floor = next
  }
  return floor <= lineStartAt(text, close) ? lines : undefined
}

function isFirstOnLine(text: string, at: number): boolean {
  return firstOnLine(text, lineStartAt(text, at)) === at
}

/** Where the run of comments directly above a line begins. */
function leadOf(text: string, line: number, floor: number): number {
  let lead = line
  while (lead > floor) {
    const above = lineStartAt(text, lead - 1)
    if (above < floor || text.charCodeAt(firstOnLine(text, above)) !== 0x23) break
    lead = above
  }
  return lead
}

/** Puts whole lines in and takes whole lines out, and sees to the commas of what stays. */
export function emitFlowLines(flow: FlowCollection, lines: readonly FlowMemberLines[]): void {
  const { out, target, place, sources, positions, stay } = flow
  const { members } = target
  const endsWithComma = (lines.at(-1)?.comma ?? -1) >= 0
  let at = lines[0]?.lead ?? target.node.start
  for (const [index, member] of members.entries()) {
    const position = positions[index]
    const own = position === undefined ? undefined : lines[position]
    const wantsComma = endsWithComma || index < members.length - 1
    const path = memberPath(flow, member, index)
    if (own === undefined || position === undefined) {
      const text = newLines(flow, member, wantsComma)
      out.splices.push({ start: at, end: at, text, path, action: 'insert' })
    } else if (stay.has(position)) {
      emitFlowMember(flow, member, index)
      out.splices.push(...commaChange(flow, own, position, wantsComma))
      at = own.end
    } else {
      const comma = commaChange(flow, own, position, wantsComma)
      const text = changedText(flow, member, index, [own.lead, own.end], comma)
      out.splices.push({ start: at, end: at, text, path, action: 'move' })
    }
  }
  const moved = new Set(positions)
  for (const [index, { lead, end }] of lines.entries()) {
    if (stay.has(index)) continue
    const path = sourcePath(flow, index)
    const action = moved.has(index) ? 'move' : 'delete'
    const node = sources[index]?.value
    if (action === 'delete' && node) displace(out, lead, end, node, { path, line: place.line }, true)
    out.splices.push({ start: lead, end, text: '', path, action })
  }
}

function commaChange(
  flow: FlowCollection,
  { comma }: FlowMemberLines,
  position: number,
  wantsComma: boolean,
): Splice[] {
  if (wantsComma === comma >= 0) return []
  const path = sourcePath(flow, position)
  const end = flow.sources[position]?.end ?? comma
  return [
    wantsComma ?
      { start: end, end, text: ',', path, action: 'insert' }
    : { start: comma, end: comma + 1, text: '', path, action: 'delete' },
  ]
}

function newLines(flow: FlowCollection, member: Member, wantsComma: boolean): string {
  const { out, sources } = flow
  const start = sources[0]?.start ?? 0
  const pad = out.text.slice(lineStartAt(out.text, start), start)
  return pad + newFlowText(flow, member, pad) + (wantsComma ? ',' : '') + out.newline
}
