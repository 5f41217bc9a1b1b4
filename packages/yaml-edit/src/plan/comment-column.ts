import { lineFeedAt, lineStartAt } from '../position.ts'
import type { Node } from '../syntax/node.ts'
import { commentsBetween } from './comments.ts'
import type { Splice } from './splices.ts'

/**
 * The changes of gaps that keep a comment in the column in which it stands together with one on a
 * neighbouring line, though what is before it on its line got longer or shorter.
 */
export function gapChanges(text: string, root: Node, splices: readonly Splice[]): Splice[] {
  const lines = new Map<number, Splice[]>()
  for (const splice of splices) {
    const line = lineStartAt(text, splice.start)
    const others = lines.get(line)
    if (others === undefined) lines.set(line, [splice])
    else others.push(splice)
  }
  let found: ReadonlyMap<number, BesideComment> | undefined
  const comments = (): ReadonlyMap<number, BesideComment> => (found ??= besideComments(text, root, splices))
  return [...lines].flatMap(([line, changes]) => gapChange(text, comments, line, changes) ?? [])
}

function gapChange(
  text: string,
  comments: () => ReadonlyMap<number, BesideComment>,
  line: number,
  changes: readonly Splice[],
): Splice | undefined {
  const lineEnd = lineFeedAt(text, line)
  let from = line
  let longer = 0
  for (const change of changes) {
    if (change.end > lineEnd || change.text.includes('\n')) return undefined
    from = Math.max(from, change.end)
    longer += change.text.length - (change.end - change.start)
  }
  if (longer === 0 || !text.slice(from, lineEnd).includes(' #')) return undefined
  const own = comments().get(line)
  if (own === undefined || own.start < from) return undefined
  const above = line === 0 ? undefined : comments().get(lineStartAt(text, line - 1))
  const neighbours = [above, comments().get(lineEnd + 1)]
  const inColumn = neighbours.filter((each) => each !== undefined && each.column === own.column)
  if (inColumn.length === 0 || [own, ...inColumn].every((each) => each?.gap === 1)) return undefined
  const { start } = own
  const gap = Math.max(own.gap - longer, 1)
  const { path } = changes.at(-1) as Splice
  return gap > own.gap ?
      { start, end: start, text: ' '.repeat(gap - own.gap), path, action: 'insert' }
    : { start: start + gap, end: start + own.gap, text: '', path, action: 'delete' }
}

/** A comment behind something else on its line. */
interface BesideComment {
  readonly column: number
  /** Where the spaces before it begin, and how many they are. */
  readonly start: number
  readonly gap: number
}

/** Those on changed and neighbouring lines, and on all between, by the offsets of the lines. */
function besideComments(
  text: string,
  root: Node,
  splices: readonly Splice[],
): ReadonlyMap<number, BesideComment> {
  const found = new Map<number, BesideComment>()
  const first = splices.reduce((least, { start }) => Math.min(least, start), text.length)
  const last = splices.reduce((most, { end }) => Math.max(most, end), 0)
  const from = lineStartAt(text, Math.max(lineStartAt(text, first) - 1, 0))
  const to = lineFeedAt(text, lineFeedAt(text, last) + 1)
  for (const { start: hash } of commentsBetween(text, from, to, [root])) {
    const line = lineStartAt(text, hash)
    const spaces = /[ \t]*$/.exec(text.slice(line, hash))?.[0] ?? ''
    const gap = spaces.length
    if (gap < hash - line && !spaces.includes('\t'))
      found.set(line, { column: hash - line, start: hash - gap, gap })
  }
  return found
}
