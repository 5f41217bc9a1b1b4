import { styleWithin } from '../format/detect-style.ts'
import {
  type Rendered,
  isFilled,
  renderBlockText,
  renderFlow,
  renderItemValue,
  renderLines,
  renderMapValue,
} from '../format/render.ts'
import { type PlainValue, isPlainList } from '../plain-value.ts'
import { lineFeedAt, lineStartAt, nextLineAt } from '../position.ts'
import { type BlockText, type Quote, asBlockText, canBePlain, quoted } from '../scalar/write-scalar.ts'
import { type ListNode, type MapNode, type Node, type ScalarNode, isBlockCollection } from '../syntax/node.ts'
import { commentsBetween } from './comments.ts'
import { type BlockPlace, type Emission, joinLines } from './emission.ts'
import { withUnfitTag } from './drop-tag.ts'
import { columnAt, firstOnLine } from './layout.ts'
import type { ChangeAction, Splice } from './splices.ts'
import { sourceMembers } from './target.ts'

/** Writes a value in place of a node in block style, with the style, comment and gap that the node had. */
export function writeBlockValue(
  out: Emission,
  tagged: Node,
  value: PlainValue,
  place: BlockPlace,
  reason?: string,
): void {
  const node = withUnfitTag(out, tagged, value, place)
  const rendered = renderReplacement(out, node, value, place)
  const action: ChangeAction = reason === undefined ? 'set' : 'rewrite'
  const splice = (start: number, end: number, text: string): void => {
    if (start === end && text === '') return
    const detail: Splice = { start, end, text, path: place.path, action }
    out.splices.push(reason === undefined ? detail : { ...detail, reason })
  }
  const lines = joinLines(rendered.lines, out.newline)
  const head = headEnd(out.text, node, place)
  const gap = place.kind === 'root' ? '' : ' '

  if (isBlockCollection(node)) {
    const region = blockRegion(out, node, place)
    displace(out, region.start, region.end, node, place)
    if (region.inline) {
      splice(region.start, region.end, joinLines([rendered.inline, ...rendered.lines], out.newline))
      return
    }
    if (rendered.inline !== '') {
      if (place.kind === 'root') splice(region.start, region.start, rendered.inline + out.newline)
      else splice(head, head, gap + rendered.inline)
    }
    splice(region.start, region.end, lines)
    return
  }
  if (node.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded')) {
    const header = /^[|>][-+0-9]*/.exec(out.text.slice(node.start, node.start + 12))?.[0] ?? '|'
    const body = nextLineAt(out.text, node.start)
    if (rendered.inline === '') splice(head, node.start + header.length, '')
    else splice(node.start, node.start + header.length, rendered.inline)
    splice(body, Math.max(body, nextLineAt(out.text, node.end)), lines)
    return
  }
  const ownLine =
    (node.kind !== 'scalar' || node.style !== 'empty') &&
    firstOnLine(out.text, lineStartAt(out.text, node.start)) === node.start
  if (node.kind !== 'scalar' || node.style !== 'empty') {
    if (node.kind !== 'alias' && node.kind !== 'scalar') displace(out, node.start, node.end, node, place)
    if (rendered.inline !== '') {
      splice(node.start, node.end, rendered.inline)
      const next = nextLineAt(out.text, node.end)
      splice(next, next, lines)
    } else if (ownLine) {
      splice(lineStartAt(out.text, node.start), nextLineAt(out.text, node.end), lines)
    } else {
      splice(head, node.end, '')
      const next = nextLineAt(out.text, node.end)
      splice(next, next, lines)
    }
    return
  }
  if (rendered.inline !== '' && place.kind !== 'root') splice(head, head, gap + rendered.inline)
  const next = place.kind === 'root' ? rootLine(out, place) : nextLineAt(out.text, head)
  const first = rendered.inline !== '' && place.kind === 'root' ? rendered.inline + out.newline : ''
  splice(next, next, first + lines)
}

/** Where a first line can go in a document that holds nothing: below its comments. */
function rootLine(out: Emission, place: BlockPlace): number {
  const { text, limit } = out
  if (place.after === 0 || text.charCodeAt(place.after - 1) === 0xfeff) return Math.max(limit, place.after)
  return Math.max(limit, nextLineAt(text, place.after))
}

/** After the colon or dash and the anchor and tag that follow it. */
function headEnd(text: string, node: Node, place: BlockPlace): number {
  const end = node.properties?.end
  return end === undefined || end > text.length ? place.after : Math.max(end, place.after)
}

interface Region {
  readonly start: number
  readonly end: number
  /** It begins on the line of its dash. */
  readonly inline: boolean
}

/** The lines that a block collection takes up, comments before its first member left out. */
function blockRegion(out: Emission, node: Node, place: BlockPlace): Region {
  const line = lineStartAt(out.text, node.start)
  const own = firstOnLine(out.text, line) === node.start
  const end = place.kind === 'root' ? nextLineAt(out.text, node.end) : place.end
  if (!own) return { start: node.start, end, inline: true }
  const head = nextLineAt(out.text, headEnd(out.text, node, place))
  const start =
    place.kind === 'root' ? line + (out.text.charCodeAt(line) === 0xfeff ? 1 : 0) : Math.min(head, line)
  return { start, end, inline: false }
}

/** Takes note of the comments that a rewritten range held. */
export function displace(
  out: Emission,
  start: number,
  end: number,
  node: Node,
  place: { path: BlockPlace['path']; line: number },
  deleted = false,
): void {
  for (const comment of commentsBetween(out.text, start, end, [node])) {
    out.displaced.push({ ...comment, path: place.path, deleted, parentAt: place.line })
  }
}

function renderReplacement(out: Emission, node: Node, value: PlainValue, place: BlockPlace): Rendered {
  if (isFilled(value)) {
    const style =
      place.collection?.kind === 'map' ? styleWithin(out.text, place.collection, out.style()) : out.style()
    if (place.kind === 'root') return { inline: '', lines: renderLines(value, 0, style) }
    if (place.kind === 'entry') {
      return isPlainList(value) && isBlockCollection(node) && node.kind === 'list' ?
          { inline: '', lines: renderLines(value, columnAt(out.text, node.start), style) }
        : renderMapValue(value, place.column, style)
    }
    const rest = out.text.slice(node.end, lineFeedAt(out.text, node.end)).trim()
    const onDashLine = lineStartAt(out.text, node.start) === lineStartAt(out.text, place.after)
    const compact = rest === '' && onDashLine && node.properties === undefined
    if (compact || (isBlockCollection(node) && onDashLine)) {
      // There may be more than one space behind the dash.
      const column = columnAt(out.text, node.start) - 2
      return renderItemValue(value, Math.max(column, place.column), style)
    }
    return { inline: '', lines: renderLines(value, place.column + 2, style) }
  }
  if (typeof value !== 'string') return { inline: renderFlow(value, 'double', false, false), lines: [] }
  return renderString(out, node, value, place)
}

function renderString(out: Emission, node: Node, value: string, place: BlockPlace): Rendered {
  const old = node.kind === 'scalar' ? node : undefined
  const column = Math.max(place.column, 0)
  if (old?.style === 'literal' || old?.style === 'folded') {
    const block = asBlockText(value)
    const indent = contentColumn(out.text, old, column) ?? column + out.style().indent
    if (
      out.style().blocks &&
      block !== undefined &&
      (old.style === 'literal' || !/^[ \t]|\n[ \t]/.test(value))
    ) {
      const sign = old.style === 'literal' ? '|' : '>'
      return renderBlockText(sign === '>' ? unfolded(block) : block, sign, indent, indent - column)
    }
    return { inline: quoted(value, 'double'), lines: [] }
  }
  if (old?.style === 'single' || old?.style === 'double')
    return { inline: quoted(value, old.style), lines: [] }
  const block = value.includes('\n') && out.style().blocks ? asBlockText(value) : undefined
  if (block !== undefined) return renderBlockText(block, '|', column + out.style().indent, out.style().indent)
  const quote =
    (old?.style === 'empty' || old === undefined) && place.collection ?
      siblingQuote(place.collection, node)
    : undefined
  if (quote !== undefined) return { inline: quoted(value, quote), lines: [] }
  return { inline: canBePlain(value, false) ? value : quoted(value, out.style().quote), lines: [] }
}

/** Each line break of the text needs two in a folded block. */
function unfolded(block: BlockText): BlockText {
  const lines = block.lines.flatMap((line, index) => {
    const previous = block.lines[index - 1]
    return (
      previous !== undefined && previous !== '' && line !== '' ? ['', line]
      : previous === '' && line !== '' ? ['', line]
      : [line]
    )
  })
  return { ...block, lines }
}

/** The column at which the text of a block scalar stands, whose parent stands at `column`. */
function contentColumn(text: string, node: ScalarNode, column: number): number | undefined {
  const stated = /[1-9]/.exec(text.slice(node.start, node.start + 3))
  if (stated !== null) return column + Number(stated[0])
  for (let at = nextLineAt(text, node.start); at < node.end; at = nextLineAt(text, at)) {
    const first = /[^ ]/.exec(text.slice(at, lineFeedAt(text, at)))
    if (first !== null && text[at + first.index] !== '\r') return first.index
  }
  return undefined
}

/** The quotes that all strings of a collection have, when there are at least two and none is plain. */
export function siblingQuote(collection: MapNode | ListNode, but: Node | undefined): Quote | undefined {
  let quote: Quote | undefined
  let strings = 0
  for (const { value: node } of sourceMembers(collection)) {
    if (node === but || node.kind !== 'scalar' || typeof node.value !== 'string') continue
    if (node.style !== 'single' && node.style !== 'double') return undefined
    if (quote !== undefined && quote !== node.style) return undefined
    quote = node.style
    strings++
  }
  return strings >= 2 ? quote : undefined
}
