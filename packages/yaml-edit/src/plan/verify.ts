import { type PlainValue, equalValues } from '../plain-value.ts'
import { splitDocuments } from '../stream/documents.ts'
import { type DocumentTree, parseDocument } from '../syntax/parse-document.ts'
import { toValue } from '../syntax/to-value.ts'
import { readsAsTarget, readsAsValue } from './reads-as.ts'
import type { Splice } from './splices.ts'
import { type Target, targetValue } from './target.ts'

/** What a new text has to read as. */
export interface Wanted {
  /** The stored text and its tree. */
  readonly text: string
  readonly tree: DocumentTree
  readonly target: Target
  /** The value asked for; that of the target where none was. */
  readonly value: PlainValue | undefined
}

/**
 * The guarantee, checked on the result: it is one document, it reads as the wanted value, it is still
 * apart from the document after it, and outside the changed ranges every character is as it was.
 */
export function isAsWanted(
  before: string,
  after: string,
  changes: readonly Splice[],
  wanted: Wanted,
  isLast: boolean,
): boolean {
  if (!isLast && !after.endsWith('\n')) return false
  if (!isUntouchedOutside(before, after, changes)) return false
  const ranges = splitDocuments(after)
  const [range] = ranges
  if (range === undefined || ranges.length > 1) return false
  const tree = parseDocument(after, range)
  if (tree.errors.length > 0) return false
  const { text, target, value } = wanted
  if (tree.plain && wanted.tree.plain) {
    return value === undefined ? readsAsTarget(tree.root, target) : readsAsValue(tree.root, value)
  }
  return equalValues(toValue(tree.root, after, 0) as PlainValue, value ?? targetValue(target, text, 0))
}

function isUntouchedOutside(before: string, after: string, changes: readonly Splice[]): boolean {
  let old = 0
  let now = 0
  for (const { start, end, text } of changes) {
    const length = start - old
    if (length < 0 || before.slice(old, start) !== after.slice(now, now + length)) return false
    if (after.slice(now + length, now + length + text.length) !== text) return false
    old = end
    now += length + text.length
  }
  return before.slice(old) === after.slice(now)
}
