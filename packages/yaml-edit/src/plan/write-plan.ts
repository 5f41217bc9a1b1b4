import type { Style } from '../format/render.ts'
import type { PlainValue } from '../plain-value.ts'
import { nextLineAt } from '../position.ts'
import type { DocumentRange } from '../stream/documents.ts'
import type { DocumentTree } from '../syntax/parse-document.ts'
import { gapChanges } from './comment-column.ts'
import { emitTarget } from './emit.ts'
import type { Emission } from './emission.ts'
import { isJson } from './flow-value.ts'
import { type Ending, endings, keepLastBlockOpen, withoutAddedLineFeed } from './ending.ts'
import { type CommentMode, type LedgerEntry, placeComments } from './ledger.ts'
import { type Splice, SplicesOverlap, applySplices, sortSplices } from './splices.ts'
import { type Target, isUnchanged, targetValue } from './target.ts'
import { isAsWanted } from './verify.ts'

/** What is to be written where. */
export interface Work {
  readonly text: string
  readonly range: DocumentRange
  readonly tree: DocumentTree
  readonly target: Target
  /** The value that the document is to have; that of the target when it is not given. */
  readonly wanted: PlainValue | undefined
  readonly comments: CommentMode
  /** How the document is written; worked out when something new is written. */
  readonly style: () => Style
}

/** The new text of the stream, and how it came about. */
export interface Written {
  readonly text: string
  readonly splices: readonly Splice[]
  readonly ledger: readonly LedgerEntry[]
}

/**
 * Tries the smallest change first; while the result does not read as wanted, larger and larger blocks
 * are written anew. Undefined when none of it does.
 */
export function write(work: Work): Written | undefined {
  const { target, text, range } = work
  if (isUnchanged(target)) return { text, splices: [], ledger: [] }
  const unended = range.contentEnd === text.length && text !== '' && !text.endsWith('\n')
  for (let depth = depthOf(target) + 1; depth >= 0; depth--) {
    const attempt = collapse(target, depth, text, range.index)
    for (const ending of unended ? endings : [undefined]) {
      const written = attemptWrite({ ...work, target: attempt }, ending)
      if (written !== undefined) return written
    }
    // A new block scalar takes in the blank lines after it when they are wider than its text.
    const style = (): Style => ({ ...work.style(), blocks: false })
    const quoted = attemptWrite({ ...work, target: attempt, style }, unended ? endings[0] : undefined)
    if (quoted !== undefined) return quoted
  }
  return undefined
}

function attemptWrite(...attempt: Parameters<typeof writeOnce>): Written | undefined {
  try {
    return writeOnce(...attempt)
  } catch (error) {
    if (error instanceof SplicesOverlap) return undefined
    throw error
  }
}

function writeOnce(work: Work, ending: Ending | undefined): Written | undefined {
  const { text, range, target, tree } = work
  const { root } = tree
  const newline = lineEndOf(text, range)
  const full = ending === undefined ? text : text + newline
  const limit = ending === undefined ? range.contentEnd : full.length
  const json = isJson(root)
  const out: Emission = {
    text: full,
    limit,
    newline,
    json,
    splices: [],
    lastBlock: { header: undefined },
    displaced: [],
    emit: emitTarget,
    style: work.style,
  }
  if (ending?.keepsBlockOpen === true) keepLastBlockOpen(out, root, text.length)
  emitTarget(out, target, root, {
    kind: 'root',
    path: [],
    after: range.contentStart,
    column: -1,
    line: root.start,
    end: limit,
  })
  const ledger = placeComments(out, work.comments, topOf(full, range))
  if (out.lastBlock.header !== undefined) out.splices.push(out.lastBlock.header)
  out.splices.push(...gapChanges(full, root, out.splices))
  const sorted = sortSplices(out.splices)
  const splices = ending === undefined ? sorted : withoutAddedLineFeed(full, text.length, sorted, ending)
  if (splices === undefined) return undefined
  const result = applySplices(text, splices)
  const tail = text.length - range.end
  const moved = splices.map((each) => ({
    ...each,
    start: each.start - range.start,
    end: each.end - range.start,
  }))
  const before = text.slice(range.start, range.end)
  const after = result.slice(range.start, result.length - tail)
  const wanted = { text, tree, target, value: work.wanted }
  return isAsWanted(before, after, moved, wanted, tail === 0) ? { text: result, splices, ledger } : undefined
}

/** The line end that the document uses first. */
function lineEndOf(text: string, range: DocumentRange): string {
  const feed = text.indexOf('\n', range.start)
  const at = feed < 0 || feed >= range.end ? text.indexOf('\n') : feed
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n'
}

function topOf(text: string, range: DocumentRange): number {
  return range.marked ? nextLineAt(text, range.contentStart) : range.contentStart
}

function depthOf(target: Target): number {
  if (target.kind !== 'members') return 0
  return 1 + Math.max(0, ...target.members.map((member) => depthOf(member.value)))
}

/** Writes anew, as a whole, every changed collection at this depth. */
function collapse(target: Target, depth: number, text: string, document: number): Target {
  if (target.kind !== 'members' || isUnchanged(target)) return target
  if (depth === 0) {
    const reason = 'no smaller change reads back as wanted'
    return { kind: 'write', node: target.node, value: targetValue(target, text, document), reason }
  }
  const members = target.members.map((member) => ({
    ...member,
    value: collapse(member.value, depth - 1, text, document),
  }))
  return { ...target, members }
}
