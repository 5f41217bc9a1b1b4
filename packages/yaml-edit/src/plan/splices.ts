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

/** In the order of the text; those at one offset stay in the order in which they were made. */
export function sortSplices(splices: readonly Splice[]): Splice[] {
  return [...splices].sort((a, b) => a.start - b.start)
}

/** The text between two offsets with the splices within it applied. They must be sorted. */
export function applySplices(text: string, splices: readonly Splice[], from = 0, to: number = text.length): string {
  const parts: string[] = []
  let at = from
  for (const splice of splices) {
    if (splice.start < at) throw new RangeError('overlapping splices')
    parts.push(text.slice(at, splice.start), splice.text)
    at = splice.end
  }
  parts.push(text.slice(at, to))
  return parts.join('')
}
