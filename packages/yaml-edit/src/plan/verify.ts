import { type PlainValue, equalValues } from '../plain-value.ts'
import { splitDocuments } from '../stream/documents.ts'
import { parseDocument } from '../syntax/parse-document.ts'
import { toValue } from '../syntax/to-value.ts'
import type { Splice } from './splices.ts'

/**
 * The guarantee, checked on the result: it is one document, it reads as the wanted value, it is still
 * apart from the document after it, and outside the changed ranges every character is as it was.
 */
export function isAsWanted(
  before: string, after: string, changes: readonly Splice[], wanted: PlainValue, isLast: boolean,
): boolean {
  if (!isLast && !after.endsWith('\n')) return false
  if (!isUntouchedOutside(before, after, changes)) return false
  const ranges = splitDocuments(after)
  const [range] = ranges
  if (range === undefined || ranges.length > 1) return false
  const tree = parseDocument(after, range)
  if (tree.errors.length > 0) return false
  return equalValues(toValue(tree.root, after, 0) as PlainValue, wanted)
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
