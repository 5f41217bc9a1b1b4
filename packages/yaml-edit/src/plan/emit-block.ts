import { styleWithin } from '../format/detect-style.ts'
import { type Style, renderItemValue, renderMapValue, writeKey } from '../format/render.ts'
import type { Path } from '../path.ts'
import type { PlainValue } from '../plain-value.ts'
import { lineStartAt } from '../position.ts'
import { type Quote, quoted } from '../scalar/write-scalar.ts'
import type { ListNode, MapEntry, MapNode, ScalarNode } from '../syntax/node.ts'
import { type BlockPlace, type Emission, gatheringInto, joinLines } from './emission.ts'
import { type BlockLayout, type MemberLines, blockLayout, firstOnLine } from './layout.ts'
import { staying } from './order.ts'
import { lastScalar } from './ending.ts'
import { type Splice, applySplices, sortSplices } from './splices.ts'
import { type Member, type Members, sourceMembers, targetValue } from './target.ts'
import { displace, siblingQuote, writeBlockValue } from './write-value.ts'

/** Turns the changed members of a block map or list into splices of whole lines, and of single values. */
export function emitBlock(out: Emission, target: Members, place: BlockPlace): void {
  const { node, members } = target
  const layout = blockLayout(out.text, node, out.limit)
  if (members.length === 0) {
    leaveEmpty(out, node, place, layout)
    return
  }
  const sources = sourceMembers(node)
  const indexOf = new Map(sources.map((source, index) => [source, index]))
  const positions = members.map((member) =>
    member.source === undefined ? undefined : indexOf.get(member.source),
  )
  const stay = staying(positions)
  const moved = new Set(positions.filter((each) => each !== undefined && !stay.has(each)))

  const needsGaps = stay.size < members.length
  const collection: Collection = {
    out,
    target,
    place,
    column: layout.column,
    gaps: needsGaps && hasBlankGaps(out, layout),
    looks: looksOf(out, node),
  }
  const first = layout.lines(0)
  const firstStaying = positions.find((each) => each !== undefined && stay.has(each))
  const anchor = firstStaying === undefined ? first : layout.lines(firstStaying)

  // What comes before the first member that stays.
  const before: string[] = []
  let index = 0
  for (
    ;
    index < members.length && (positions[index] === undefined || !stay.has(positions[index] as number));
    index++
  ) {
    before.push(memberText(collection, members[index] as Member, index, linesAt(layout, positions[index])))
  }
  insertBefore(collection, before, first.inline ? first : anchor, firstStaying, first.inline && stay.has(0))
  if (stay.size < sources.length) remove(collection, layout, stay, moved)

  let previous: number | undefined
  for (index = before.length; index < members.length; index++) {
    const member = members[index] as Member
    const position = positions[index]
    if (position !== undefined && stay.has(position)) {
      previous = position
      if (!isSameMember(member)) emitMember(collection, member, index, layout.lines(position))
    } else if (previous !== undefined) {
      const text = memberText(collection, member, index, linesAt(layout, position))
      insertAfter(collection, text, layout.lines(previous).end, index, position !== undefined)
    }
  }
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
  readonly column: number
  /** A blank line stands between any two members. */
  readonly gaps: boolean
  readonly looks: () => Looks
}

function hasBlankGaps(out: Emission, layout: BlockLayout): boolean {
  if (layout.size < 2) return false
  for (let index = 1; index < layout.size; index++) {
    const between = out.text.slice(layout.lines(index - 1).end, layout.lines(index).lead)
    if (!/\n[ \t]*\r?\n$|^[ \t]*\r?\n/.test(between)) return false
  }
  return true
}

/** Nothing of it changes, its key included. */
function isSameMember({ key, source, value }: Member): boolean {
  return value.kind === 'same' && (source === undefined || !('key' in source) || source.key === key)
}

function linesAt(layout: BlockLayout, position: number | undefined): MemberLines | undefined {
  return position === undefined ? undefined : layout.lines(position)
}

function pathOf(place: BlockPlace, member: Member, index: number): Path {
  return [...place.path, member.key ?? index]
}

/** A member that stays: its key, and what is inside it. */
function emitMember(collection: Collection, member: Member, index: number, lines: MemberLines): void {
  const { out, place, target } = collection
  const source = member.source
  if (source === undefined) return
  const path = pathOf(place, member, index)
  if ('key' in source && member.key !== undefined && member.key !== source.key) {
    emitRename(out, source, member.key, path)
  }
  out.emit(out, member.value, source.value, {
    kind: target.node.kind === 'map' ? 'entry' : 'item',
    path,
    after: 'colonEnd' in source ? source.colonEnd : source.start + 1,
    column: collection.column,
    line: lineStartAt(out.text, lines.body),
    end: lines.end,
    collection: target.node,
  })
}

export function emitRename(out: Emission, source: MapEntry, key: string, path: Path): void {
  const { keyNode } = source
  const style =
    keyNode.kind === 'scalar' && (keyNode.style === 'single' || keyNode.style === 'double') ?
      keyNode.style
    : undefined
  const text =
    style === undefined && !out.json ? writeKey(key, out.style.quote, false) : quoted(key, style ?? 'double')
  out.splices.push({ start: keyNode.start, end: keyNode.end, text, path, action: 'rename' })
}

/** The lines of a member that is new, or moved from elsewhere. */
function memberText(
  collection: Collection,
  member: Member,
  index: number,
  own: MemberLines | undefined,
): string {
  const { out, target, column } = collection
  if (member.source !== undefined && own !== undefined) return movedText(collection, member, index, own)
  const value = targetValue(member.value, out.text, 0)
  const pad = ' '.repeat(column)
  const { quote, style, keyQuote } = collection.looks()
  if (target.node.kind === 'list') {
    const { inline, lines } = quotedLike(value, quote) ?? renderItemValue(value, column, style)
    return joinLines([inline === '' ? `${pad}-` : `${pad}- ${inline}`, ...lines], out.newline)
  }
  const { inline, lines } = quotedLike(value, quote) ?? renderMapValue(value, column, style)
  const key = member.key ?? String(index)
  const name = keyQuote === undefined ? writeKey(key, style.quote, false) : quoted(key, keyQuote)
  return joinLines([inline === '' ? `${pad}${name}:` : `${pad}${name}: ${inline}`, ...lines], out.newline)
}

function quotedLike(
  value: PlainValue,
  quote: 'single' | 'double' | undefined,
): { inline: string; lines: string[] } | undefined {
  if (quote === undefined || typeof value !== 'string' || value.includes('\n')) return undefined
  return { inline: quoted(value, quote), lines: [] }
}

/** The quotes that all keys of a map have. */
function quotesOfKeys(map: MapNode): Quote | undefined {
  const first = map.entries[0]?.keyNode
  if (first?.kind !== 'scalar' || (first.style !== 'single' && first.style !== 'double')) return undefined
  const same = map.entries.every(({ keyNode }) => keyNode.kind === 'scalar' && keyNode.style === first.style)
  return same ? first.style : undefined
}

/** How new members look; worked out for the first of them. */
interface Looks {
  readonly style: Style
  readonly quote: Quote | undefined
  readonly keyQuote: Quote | undefined
}

function looksOf(out: Emission, node: MapNode | ListNode): () => Looks {
  let looks: Looks | undefined
  const style = (): Style => (node.kind === 'map' ? styleWithin(out.text, node, out.style) : out.style)
  return () =>
    (looks ??= {
      style: style(),
      quote: siblingQuote(node, undefined),
      keyQuote: node.kind === 'map' ? quotesOfKeys(node) : undefined,
    })
}

/** The lines of a member of this collection, comments and changes within it included. */
function movedText(collection: Collection, member: Member, index: number, lines: MemberLines): string {
  const { out } = collection
  const within = gatheringInto(takeBlockHeader(out, lines), out)
  emitMember({ ...collection, out: within }, member, index, lines)
  const text = applySplices(out.text, sortSplices(within.splices), lines.lead, lines.end)
  return lines.inline ? ' '.repeat(collection.column) + text : text
}

/** The change of a block header that lies in these lines, to be made in their text. */
function takeBlockHeader(out: Emission, { lead, end }: MemberLines): Splice[] {
  const { header } = out.lastBlock
  if (header === undefined || header.start < lead || header.end > end) return []
  out.lastBlock.header = undefined
  return [header]
}

function insertBefore(
  collection: Collection,
  texts: readonly string[],
  at: MemberLines,
  firstStaying: number | undefined,
  pushesDown: boolean,
): void {
  if (texts.length === 0) return
  const { out, column, place, gaps, target } = collection
  const text = texts.join(gaps ? out.newline : '')
  const path = pathOf(place, target.members[0] as Member, 0)
  const action = 'insert'
  if (at.inline) {
    // The dash is there already; the member that stood after it gets a line of its own, if it stays.
    const rest = pushesDown ? (gaps ? out.newline : '') + ' '.repeat(column) : ''
    out.splices.push({ start: at.body, end: at.body, text: text.slice(column) + rest, path, action })
    return
  }
  const separator = gaps && firstStaying !== undefined ? out.newline : ''
  out.splices.push({ start: at.lead, end: at.lead, text: text + separator, path, action })
}

function insertAfter(collection: Collection, text: string, at: number, index: number, moved: boolean): void {
  const { out, place, gaps, target } = collection
  const member = target.members[index] as Member
  // A block scalar that keeps its line feeds ends with a blank line already.
  const gap = gaps && !/\n\r?\n$/.test(out.text.slice(Math.max(at - 3, 0), at)) ? out.newline : ''
  const splice: Splice = {
    start: at,
    end: at,
    text: gap + text,
    path: pathOf(place, member, index),
    action: moved ? 'move' : 'insert',
  }
  out.splices.push(splice)
}

/** Takes the lines of members that are deleted or moved away. */
function remove(
  collection: Collection,
  layout: BlockLayout,
  stay: ReadonlySet<number>,
  moved: ReadonlySet<number | undefined>,
): void {
  const { out, target, place } = collection
  const sources = sourceMembers(target.node)
  // A new first member has the place after the dash.
  const filled = out.splices.some((each) => each.start === layout.lines(0).body && each.text !== '')
  const note = (index: number): Pick<Splice, 'path' | 'action'> => {
    const source = sources[index] as (typeof sources)[number]
    const { lead, end } = layout.lines(index)
    const path = [...place.path, 'key' in source ? source.key : index]
    if (moved.has(index)) return { path, action: 'move' }
    displace(out, lead, end, source.value, { path, line: place.line }, true)
    return { path, action: 'delete' }
  }
  for (let index = 0; index < layout.size; index++) {
    if (stay.has(index)) continue
    const { lead, body, end, inline } = layout.lines(index)
    const { path, action } = note(index)
    if (!inline || filled) {
      const last =
        stay.has(index - 1) ? lastScalar((sources[index - 1] as (typeof sources)[number]).value) : undefined
      const stop = last === undefined ? end : afterSwallowed(out, last, end)
      out.splices.push({ start: inline ? body : lead, end: stop, text: '', path, action })
      continue
    }
    // What follows moves up to the dash, members that are removed too passed over.
    let stop = nextContent(out.text, end, out.limit)
    while (index + 1 < layout.size && !stay.has(index + 1) && stop >= layout.lines(index + 1).lead) {
      index++
      note(index)
      stop = nextContent(out.text, layout.lines(index).end, out.limit)
    }
    out.splices.push({ start: body, end: stop < 0 ? end : stop, text: '', path, action })
  }
}

/**
 * A block scalar that now stands before blank lines would take them into its text, if it keeps them or if
 * they are wider than its indentation; then they go too.
 */
function afterSwallowed(out: Emission, last: ScalarNode, end: number): number {
  if (last.style !== 'literal' && last.style !== 'folded') return end
  const blank = /^(?:[ \t]*\r?\n)+/.exec(out.text.slice(end, out.limit))?.[0] ?? ''
  const header = out.text.slice(last.start, last.start + 3).split(/\s/)[0] ?? ''
  return header.includes('+') || /[ \t]/.test(blank) ? end + blank.length : end
}

/** The first character after blank lines, or -1. */
function nextContent(text: string, from: number, limit: number): number {
  for (let at = from; at < limit;) {
    const first = firstOnLine(text, at)
    const code = text.charCodeAt(first)
    if (code !== 0x0a && code !== 0x0d) return first < limit ? first : -1
    at = text.indexOf('\n', at) + 1
    if (at === 0) return -1
  }
  return -1
}
