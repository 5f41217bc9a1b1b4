import { writeKey } from '../format/render.ts'
import type { Path } from '../path.ts'
import { quoted } from '../scalar/write-scalar.ts'
import type { MapEntry } from '../syntax/node.ts'
import type { Emission } from './emission.ts'

/** Writes another key in the place of one, in its quotes if it has some. */
export function renameKey(
  out: Emission,
  { keyNode }: MapEntry,
  key: string,
  path: Path,
  { inFlow, json }: { readonly inFlow: boolean; readonly json: boolean },
): void {
  const style = keyNode.kind === 'scalar' ? keyNode.style : 'plain'
  const text =
    style === 'single' || style === 'double' ? quoted(key, style)
    : json ? quoted(key, 'double')
    : writeKey(key, out.style().quote, inFlow)
  out.splices.push({ start: keyNode.start, end: keyNode.end, text, path, action: 'rename' })
}
