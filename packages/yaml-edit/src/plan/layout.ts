import { lineFeedAt, lineStartAt, nextLineAt } from '../position.ts'
import type { ListNode, MapNode } from '../syntax/node.ts'
import { sourceMembers } from './target.ts'

/** Which lines of a block collection belong to one member. */
export interface MemberLines {
  /** Where the comments directly above it begin, or `body`. */
  readonly lead: number
  /** Where its own line begins; for a first member that stands after a dash, where it begins itself. */
  readonly body: number
  /** After its last line, comments that stand deeper than it included. */
  readonly end: number
  /** It begins after a dash, or after something else, on the same line. */
  readonly inline: boolean
}

/** Assigns the lines of a block collection, and the comments among them, to its members. */
export interface BlockLayout {
  /** The column of the keys or dashes. */
  readonly column: number
  readonly size: number
  /** The lines of the member at an index of the stored text; worked out when they are asked for. */
  lines(index: number): MemberLines
}

/** The column of an offset in its line, from 0; a mark of byte order does not count. */
export function columnAt(text: string, offset: number): number {
  const start = lineStartAt(text, offset)
  return offset - start - (start === 0 && text.charCodeAt(0) === 0xfeff ? 1 : 0)
}

export function blockLayout(text: string, node: MapNode | ListNode, limit: number): BlockLayout {
  const column = columnAt(text, node.start)
  const members = sourceMembers(node)
  const known = new Map<number, MemberLines>()
  const endOf = (index: number): number => {
    const member = members[index]
    return member === undefined ? -1 : withDeeperComments(text, nextLineAt(text, member.end), column, limit)
  }
  const linesOf = (index: number): MemberLines => {
    const { start } = members[index] as (typeof members)[number]
    const lineStart = lineStartAt(text, start)
    const inline = index === 0 && !/^\ufeff?[ ]*$/.test(text.slice(lineStart, start))
    const body = inline ? start : lineStart + (text.charCodeAt(lineStart) === 0xfeff ? 1 : 0)
    const lead = inline ? body : leadingComments(text, body, column, endOf(index - 1))
    return { lead, body, end: endOf(index), inline }
  }
  const lines = (index: number): MemberLines => {
    const found = known.get(index) ?? linesOf(index)
    known.set(index, found)
    return found
  }
  return { column, size: members.length, lines }
}

/** After the comments below `from` that stand right of `column`, blank lines between them included. */
function withDeeperComments(text: string, from: number, column: number, limit: number): number {
  let end = from
  for (let at = from; at < limit; at = nextLineAt(text, at)) {
    const first = firstOnLine(text, at)
    const code = text.charCodeAt(first)
    if (code === 0x23 && first - at > column) end = nextLineAt(text, at)
    else if (code !== 0x0a && code !== 0x0d) break
  }
  return Math.min(end, Math.max(limit, from))
}

/** Where the run of comments at `column` directly above `body` begins. */
function leadingComments(text: string, body: number, column: number, floor: number): number {
  let lead = body
  while (lead > 0) {
    const above = lineStartAt(text, lead - 1)
    const first = firstOnLine(text, above)
    if (above < floor || text.charCodeAt(first) !== 0x23 || columnAt(text, first) !== column) break
    if (above === 0 && text.charCodeAt(0) === 0xfeff) return 1
    lead = above
  }
  return lead
}

/** The offset of the first character of a line that is no space or tab. */
export function firstOnLine(text: string, lineStart: number): number {
  let at = lineStart
  if (at === 0 && text.charCodeAt(0) === 0xfeff) at++
  const end = lineFeedAt(text, at)
  while (at < end && (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09)) at++
  return at
}
