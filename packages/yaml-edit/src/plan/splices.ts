import type { Path } from '../path.ts'

/** What a change does. */
export type ChangeAction = 'set' | 'insert' | 'delete' | 'move' | 'rename' | 'rewrite' | 'comment'

/** A range of the old text, and what stands there in the new one. */
export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly path: Path
  readonly action: ChangeAction
  readonly reason?: string
}

/** In the order of the text. At one offset comments come first, then insertions as they were made. */
export function sortSplices(splices: readonly Splice[]): Splice[] {
  return [...splices].sort((a, b) => a.start - b.start || rank(a) - rank(b))
}

function rank({ start, end, action }: Splice): number {
  if (end > start) return 2
  return action === 'comment' ? 0 : 1
}

/** Two splices of one attempt want the same text; the attempt has failed. */
export class SplicesOverlap extends Error {
  override readonly name: string = 'SplicesOverlap'
}

/** The text between two offsets with the splices within it applied; they must be sorted, and not overlap. */
export function applySplices(
  text: string,
  splices: readonly Splice[],
  from = 0,
  to: number = text.length,
): string {
  const parts: string[] = []
  let at = from
  for (const splice of splices) {
    if (splice.start < at) throw new SplicesOverlap()
    parts.push(text.slice(at, splice.start), splice.text)
    at = splice.end
  }
  parts.push(text.slice(at, to))
  return parts.join('')
}
