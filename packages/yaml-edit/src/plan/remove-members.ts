import { lineStartAt, nextLineAt } from '../position.ts'
import type { ScalarNode } from '../syntax/node.ts'
import type { BlockPlace, Emission } from './emission.ts'
import { type BlockLayout, firstOnLine } from './layout.ts'
import type { Splice } from './splices.ts'
import { type Members, sourceMembers } from './target.ts'
import { displace } from './write-value.ts'

/** Members of a block collection that stand side by side and go, or move elsewhere. */
export interface Removal {
  readonly out: Emission
  readonly target: Members
  readonly place: BlockPlace
  readonly layout: BlockLayout
  /** Their indices in the stored text, one after the other. */
  readonly indices: readonly number[]
  /** Those of them that come again elsewhere. */
  readonly moved: ReadonlySet<number | undefined>
  /** Something of the collection is left above them. */
  readonly hasAbove: boolean
  /** The stored scalar that ends directly above them. */
  readonly textAbove: ScalarNode | undefined
  /** The member that stays below them. */
  readonly below: number | undefined
}

/** Takes their lines, and the blank lines that would be too many then. */
export function removeMembers(removal: Removal): void {
  const { out, layout, indices, hasAbove } = removal
  const first = indices[0] as number
  if (layout.lines(first).inline && !hasAbove) {
    moveUp(removal)
    return
  }
  let floor = 0
  for (const index of indices) {
    const { lead, end } = layout.lines(index)
    const start = hasAbove ? startWithBlanks(removal, index) : lead
    const stop = hasAbove ? afterSwallowed(removal, index) : afterBlanks(out.text, end, out.limit)
    out.splices.push({ start: Math.max(start, floor), end: stop, text: '', ...note(removal, index) })
    floor = stop
  }
}

/** Takes note of what happens to a member and to the comments in it. */
export function note(removal: Removal, index: number): Pick<Splice, 'path' | 'action'> {
  const { out, target, place, layout, moved } = removal
  const source = sourceMembers(target.node)[index]
  if (source === undefined) return { path: place.path, action: 'delete' }
  const path = [...place.path, 'key' in source ? source.key : index]
  if (moved.has(index)) return { path, action: 'move' }
  const { lead, end } = layout.lines(index)
  displace(out, lead, end, source.value, { path, line: place.line }, true)
  return { path, action: 'delete' }
}

/** The first member stands after a dash: what follows moves up to it, members that go too passed over. */
function moveUp(removal: Removal): void {
  const { out, layout, indices } = removal
  const rest = [...indices]
  const first = rest.shift() as number
  const { body, end } = layout.lines(first)
  const detail = note(removal, first)
  let stop = afterBlanks(out.text, end, out.limit)
  while (rest[0] !== undefined && stop >= layout.lines(rest[0]).lead) {
    const next = rest.shift() as number
    note(removal, next)
    stop = afterBlanks(out.text, layout.lines(next).end, out.limit)
  }
  out.splices.push({ start: body, end: firstOnLine(out.text, stop), text: '', ...detail })
  if (rest.length > 0) removeMembers({ ...removal, indices: rest, hasAbove: true })
}

/** Where the blank lines above a member begin, if those below it are enough, or nothing needs one. */
function startWithBlanks({ out, layout, below, indices }: Removal, index: number): number {
  const { lead, end } = layout.lines(index)
  const next = firstOnLine(out.text, end)
  const code = out.text.charCodeAt(next)
  const isBlank = end >= out.limit || code === 0x0a || code === 0x0d
  const isLast = below === undefined && index === indices.at(-1) && code !== 0x23
  return isBlank || isLast ? beforeBlanks(out.text, lead, layout.lines(index - 1).end) : lead
}

function beforeBlanks(text: string, from: number, floor: number): number {
  let at = from
  while (at > floor) {
    const line = lineStartAt(text, at - 1)
    if (line < floor || text.slice(line, at).trim() !== '') break
    at = line
  }
  return at
}

function afterBlanks(text: string, from: number, limit: number): number {
  let at = from
  while (at < limit) {
    const next = nextLineAt(text, at)
    if (text.slice(at, next).trim() !== '') break
    at = next
  }
  return Math.min(at, limit)
}

/**
 * A block scalar that now stands before blank lines would take them into its text, if it keeps them or if
 * they are wider than its indentation; then they go too.
 */
function afterSwallowed({ out, layout, textAbove }: Removal, index: number): number {
  const { end } = layout.lines(index)
  if (textAbove?.style !== 'literal' && textAbove?.style !== 'folded') return end
  const stop = afterBlanks(out.text, end, out.limit)
  const header = out.text.slice(textAbove.start, textAbove.start + 3).split(/\s/)[0] ?? ''
  return header.includes('+') || /[ \t]/.test(out.text.slice(end, stop)) ? stop : end
}
