import type { YamlEditError } from '../errors.ts'
import type { DocumentRange } from '../stream/documents.ts'
import { type StreamText, streamText } from '../stream/stream-text.ts'
import { parsePlainSubset } from './plain-subset.ts'
import { parseFully } from './full-parser.ts'
import type { Node } from './node.ts'

/** A document as a tree over its text. With errors, the tree is empty. */
export interface DocumentTree {
  readonly root: Node
  readonly errors: readonly YamlEditError[]
  /** It is known to have no alias and no merge key. */
  readonly plain: boolean
}

/** Reads one document: in one quick pass where it is plain enough, else with the full parser. */
export function parseDocument(
  text: string,
  range: DocumentRange,
  stream: StreamText = streamText(text),
): DocumentTree {
  if (!range.directives && isCleanEnd(text, range)) {
    const start = contentLine(text, range)
    const quick =
      start < 0 ? undefined : parsePlainSubset(text, start, range.contentEnd, range.contentStart, stream)
    if (quick !== undefined) return { root: quick.root, errors: [], plain: !quick.aliases }
  }
  return { ...parseFully(text, range, stream), plain: false }
}

/** Nothing but a comment may follow `...` on its line. */
function isCleanEnd(text: string, { contentEnd, end }: DocumentRange): boolean {
  return contentEnd === end || /^\.\.\.[ \t]*(?:[ \t]#.*)?\r?(?:\n|$)/.test(text.slice(contentEnd, end))
}

/** Where the lines of content begin; -1 when content stands on the `---` line itself. */
export function contentLine(text: string, { marked, contentStart, contentEnd }: DocumentRange): number {
  if (!marked) return contentStart
  const end = text.indexOf('\n', contentStart)
  const stop = end < 0 || end > contentEnd ? contentEnd : end
  for (let at = contentStart; at < stop; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x23) break
    if (code !== 0x20 && !(code === 0x0d && at + 1 === stop)) return -1
  }
  return Math.min(stop + 1, contentEnd)
}
