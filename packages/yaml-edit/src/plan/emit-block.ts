import type { Path } from '../path.ts'
import { lineStartAt } from '../position.ts'
import type { ListNode, MapNode } from '../syntax/node.ts'
import { type BlockPlace, type Emission, gatheringInto } from './emission.ts'
import { lastScalar } from './ending.ts'
import { type BlockLayout, type MemberLines, blockLayout } from './layout.ts'
import { type MemberLooks, explicitValueText, memberLooks, newMemberText } from './member-text.ts'
import { staying } from './order.ts'
import { type Removal, note, removeMembers } from './remove-members.ts'
import { renameKey } from './rename-key.ts'
import { type Splice, applySplices, sortSplices } from './splices.ts'
import { type Member, type Members, sourceMembers } from './target.ts'
import { writeBlockValue } from './write-value.ts'

/** Turns the changed members of a block map or list into splices of whole lines, and of single values. */
export function emitBlock(out: Emission, target: Members, place: BlockPlace): void {
  const { node, members } = target
  const layout = blockLayout(out.text, node, out.limit)
  if (members.length === 0) {
    leaveEmpty(out, node, place, layout)
    return
  }
  const indexOf = new Map(sourceMembers(node).map((source, index) => [source, index]))
  const positions = members.map(({ source }) => (source === undefined ? undefined : indexOf.get(source)))
  const stay = staying(positions)
  let looks: MemberLooks | undefined
  const collection: Collection = {
    out,
    target,
    place,
    layout,
    moved: new Set(positions.filter((each) => each !== undefined && !stay.has(each))),
    gaps: stay.size < members.length && hasBlankGaps(out.text, layout),
    looks: () => (looks ??= memberLooks(out, node)),
  }
  let above: number | undefined
  let added: Added[] = []
  for (const [index, member] of members.entries()) {
    const position = positions[index]
    if (position === undefined || !stay.has(position)) {
      added.push({ member, index, position })
      continue
    }
    emitBetween(collection, { above, below: position, added })
    if (!isSameMember(member)) emitMember(collection, member, index, layout.lines(position))
    above = position
    added = []
  }
  emitBetween(collection, { above, below: undefined, added })
}

/** `{}` or `[]` is left; the comments of the members go with them, those between stay above. */
function leaveEmpty(out: Emission, node: MapNode | ListNode, place: BlockPlace, layout: BlockLayout): void {
  const from = out.displaced.length
  writeBlockValue(out, node, node.kind === 'map' ? {} : [], place)
  const isGone = ({ start }: { readonly start: number }): boolean =>
    sourceMembers(node).some((_, index) => {
      const { lead, end } = layout.lines(index)
      return start >= lead && start < end
    })
  for (const [index, comment] of out.displaced.entries()) {
    if (index >= from && isGone(comment)) out.displaced[index] = { ...comment, deleted: true }
  }
}

interface Collection {
  readonly out: Emission
  readonly target: Members
  readonly place: BlockPlace
  readonly layout: BlockLayout
  /** Positions of members that move. */
  readonly moved: ReadonlySet<number | undefined>
  /** A blank line stands between any two members. */
  readonly gaps: boolean
  /** How new members look; worked out for the first of them. */
  readonly looks: () => MemberLooks
}

/** A member that is new, or comes from the position of another place. */
interface Added {
  readonly member: Member
  readonly index: number
  readonly position: number | undefined
}

/** What happens between two members that stay, or at an end of the collection. */
interface Between {
  readonly above: number | undefined
  readonly below: number | undefined
  readonly added: readonly Added[]
}

function hasBlankGaps(text: string, layout: BlockLayout): boolean {
  if (layout.size < 2) return false
  for (let index = 1; index < layout.size; index++) {
    const between = text.slice(layout.lines(index - 1).end, layout.lines(index).lead)
    if (!/\n[ \t]*\r?\n$|^[ \t]*\r?\n/.test(between)) return false
  }
  return true
}

/** Nothing of it changes, its key included. */
function isSameMember({ key, source, value }: Member): boolean {
  return value.kind === 'same' && (source === undefined || !('key' in source) || source.key === key)
}

function pathOf({ place }: Collection, { member, index }: Pick<Added, 'member' | 'index'>): Path {
  return [...place.path, member.key ?? index]
}

/** A member that stays: its key, and what is inside it. */
function emitMember(collection: Collection, member: Member, index: number, lines: MemberLines): void {
  const { out, target, layout } = collection
  const source = member.source
  if (source === undefined) return
  const path = pathOf(collection, { member, index })
  if ('key' in source && member.key !== undefined && member.key !== source.key) {
    renameKey(out, source, member.key, path, { inFlow: false, json: out.json })
  }
  if ('key' in source && member.value.kind === 'write' && out.text[source.colonEnd - 1] !== ':') {
    const text = explicitValueText(out, collection.looks(), member.value.value, layout.column)
    out.splices.push({ start: lines.end, end: lines.end, text, path, action: 'set' })
    return
  }
  out.emit(out, member.value, source.value, {
    kind: target.node.kind === 'map' ? 'entry' : 'item',
    path,
    after: 'colonEnd' in source ? source.colonEnd : source.start + 1,
    column: layout.column,
    line: lineStartAt(out.text, lines.body),
    end: lines.end,
    collection: target.node,
  })
}

/**
 * What comes takes the lines of what goes, blank lines and comments around them left alone; what there is
 * more of the one is inserted after it, what there is more of the other is removed.
 */
function emitBetween(collection: Collection, between: Between): void {
  const { out, target, place, layout, moved } = collection
  const { above, below, added } = between
  const first = above === undefined ? 0 : above + 1
  const end = below ?? layout.size
  if (first === end && added.length === 0) return
  const gone = Array.from({ length: end - first }, (_, at) => first + at)
  const texts = added.map((each) => addedText(collection, each))
  const replaced = Math.min(gone.length, texts.length)
  const stays = above === undefined ? undefined : sourceMembers(target.node)[above]
  const removal: Removal = {
    out,
    target,
    place,
    layout,
    moved,
    below,
    indices: gone.slice(replaced),
    hasAbove: stays !== undefined || replaced > 0,
    textAbove: stays === undefined || replaced > 0 ? undefined : lastScalar(stays.value),
  }
  for (let at = 0; at < replaced; at++) {
    replaceMember(collection, removal, gone[at] as number, added[at] as Added, texts[at] as string)
  }
  const last = replaced > 0 ? gone[replaced - 1] : above
  if (removal.indices.length > 0) removeMembers(removal)
  else if (last !== undefined) insertAfter(collection, last, added.slice(replaced), texts.slice(replaced))
  else if (below !== undefined) insertBefore(collection, below, added, texts)
}

/** The lines of a member that is new, or moved from elsewhere. */
function addedText(collection: Collection, { member, index, position }: Added): string {
  const { out, layout } = collection
  return position === undefined ?
      newMemberText(out, collection.looks(), member, layout.column)
    : movedText(collection, member, index, layout.lines(position))
}

/** The lines of a member of this collection, comments and changes within it included. */
function movedText(collection: Collection, member: Member, index: number, lines: MemberLines): string {
  const { out, layout } = collection
  const within = gatheringInto(takeBlockHeader(out, lines), out)
  emitMember({ ...collection, out: within }, member, index, lines)
  const text = applySplices(out.text, sortSplices(within.splices), lines.lead, lines.end)
  return lines.inline ? ' '.repeat(layout.column) + text : text
}

/** The change of a block header that lies in these lines, to be made in their text. */
function takeBlockHeader(out: Emission, { lead, end }: MemberLines): Splice[] {
  const { header } = out.lastBlock
  if (header === undefined || header.start < lead || header.end > end) return []
  out.lastBlock.header = undefined
  return [header]
}

function replaceMember(
  collection: Collection,
  removal: Removal,
  gone: number,
  added: Added,
  text: string,
): void {
  const { out, layout } = collection
  const { lead, body, end, inline } = layout.lines(gone)
  const start = inline ? body : lead
  const path = pathOf(collection, added)
  const action = added.position === undefined ? 'insert' : 'move'
  out.splices.push({ start, end: start, text: inline ? text.slice(layout.column) : text, path, action })
  out.splices.push({ start, end, text: '', ...note(removal, gone) })
}

function insertBefore(
  collection: Collection,
  below: number,
  added: readonly Added[],
  texts: readonly string[],
): void {
  const [first] = added
  if (first === undefined) return
  const { out, layout, gaps } = collection
  const { lead, body, inline } = layout.lines(below)
  const gap = gaps ? out.newline : ''
  const text = texts.map((each) => each + gap).join('')
  const path = pathOf(collection, first)
  const action = 'insert'
  if (!inline) out.splices.push({ start: lead, end: lead, text, path, action })
  else {
    // The dash is there already; the member that stood after it gets a line of its own.
    const { column } = layout
    const pushed = text.slice(column) + ' '.repeat(column)
    out.splices.push({ start: body, end: body, text: pushed, path, action })
  }
}

function insertAfter(
  collection: Collection,
  above: number,
  added: readonly Added[],
  texts: readonly string[],
): void {
  const { out, layout, gaps } = collection
  const { end } = layout.lines(above)
  // A block scalar that keeps its line feeds ends with a blank line already.
  let endsBlank = /\n\r?\n$/.test(out.text.slice(Math.max(end - 3, 0), end))
  for (const [at, each] of added.entries()) {
    const text = (gaps && !endsBlank ? out.newline : '') + (texts[at] ?? '')
    const action = each.position === undefined ? 'insert' : 'move'
    out.splices.push({ start: end, end, text, path: pathOf(collection, each), action })
    endsBlank = /\n\r?\n$/.test(text)
  }
}
