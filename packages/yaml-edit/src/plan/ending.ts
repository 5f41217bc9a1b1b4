import type { Node, ScalarNode } from '../syntax/node.ts'
import type { Emission } from './emission.ts'
import { type Splice, applySplices } from './splices.ts'

/** How to end a text that has no line feed at its end. */
export interface Ending {
  /** A block scalar that stood last says in its header that it has none, as text follows it now. */
  readonly keepsBlockOpen: boolean
  /** It gets one after all, as the new last value needs it. */
  readonly addsLineFeed: boolean
}

/** In the order in which they are tried. */
export const endings: readonly Ending[] = [
  { keepsBlockOpen: false, addsLineFeed: false },
  { keepsBlockOpen: true, addsLineFeed: false },
  { keepsBlockOpen: false, addsLineFeed: true },
  { keepsBlockOpen: true, addsLineFeed: true },
]

/** A block scalar at the end without a line feed gets `-`, so that its value stays when text follows. */
export function keepLastBlockOpen(out: Emission, root: Node, textEnd: number): void {
  const last = lastScalar(root)
  if (last === undefined || last.end !== textEnd || (last.style !== 'literal' && last.style !== 'folded'))
    return
  const header = /^[|>](?:[1-9]?[-+]?|[-+][1-9]?)/.exec(out.text.slice(last.start, last.start + 3))?.[0] ?? ''
  if (header.includes('-')) return
  const text = `${header.replace('+', '')}-`
  out.lastBlock.header = { start: last.start, end: last.start + header.length, text, path: [], action: 'set' }
}

/** The scalar whose text ends a node. */
export function lastScalar(root: Node): ScalarNode | undefined {
  let node: Node | undefined = root
  while (node !== undefined) {
    if (node.kind === 'scalar') return node
    if (node.kind === 'alias') return undefined
    node = node.kind === 'map' ? node.entries.at(-1)?.value : node.items.at(-1)?.value
  }
  return undefined
}

/**
 * The splices of a text to which a line feed was added for the work, as splices of the text without it.
 * Undefined when that cannot be told.
 */
export function withoutAddedLineFeed(
  full: string,
  textEnd: number,
  splices: readonly Splice[],
  ending: Ending,
): readonly Splice[] | undefined {
  const firstAtEnd = touchingEnd(splices, textEnd)
  const kept = splices.slice(0, firstAtEnd)
  const atEnd = splices.slice(firstAtEnd)
  const [first] = atEnd
  if (first === undefined && !ending.addsLineFeed) return splices
  let start = Math.min(first?.start ?? textEnd, textEnd)
  let text = applySplices(full, atEnd, start, full.length)
  if (!ending.addsLineFeed) {
    if (text === '') {
      // The line before is the last one now: its line feed goes.
      const length = full.slice(0, start).endsWith('\r\n') ? 2 : 1
      start -= length
      if (start < (kept.at(-1)?.end ?? 0)) return undefined
    } else text = text.replace(/\r?\n$/, '')
  }
  const base = first ?? { path: [], action: 'set' as const }
  return [...kept, { ...base, start, end: textEnd, text }]
}

/** The first of the splices that together, side by side, reach over the end of the text. */
function touchingEnd(splices: readonly Splice[], textEnd: number): number {
  let first = splices.findIndex((splice) => splice.end > textEnd)
  if (first < 0) return splices.length
  while (splices[first - 1]?.end === splices[first]?.start) first--
  return first
}
