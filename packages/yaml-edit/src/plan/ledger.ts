import type { Path } from '../path.ts'
import { formatPath } from '../path.ts'
import { YamlEditError } from '../errors.ts'
import { lineStartAt } from '../position.ts'
import { type DisplacedComment, type Emission, joinLines } from './emission.ts'
import { streamText } from '../stream/stream-text.ts'
import { firstOnLine } from './layout.ts'
import type { Splice } from './splices.ts'

/**
 * What happens to a comment that stood inside something that was written anew: `keep` puts it above the
 * nearest surviving parent, `top` in a block at the top of the document, as libgitops does; `drop` leaves
 * it out, and `strict` refuses the edit.
 */
export type CommentMode = 'strict' | 'keep' | 'top' | 'drop'

/** A comment that is not where it was. */
export interface LedgerEntry {
  /** The comment, its `#` included. */
  readonly comment: string
  /** Its line in the stored text. */
  readonly line: number
  /** What it stood in. */
  readonly path: Path
  /**
   * `deleted`: it went with what it stood in, above or beside. `kept`: it stands above the parent now.
   * `top`: it stands at the top of the document. `dropped`: it was left out.
   */
  readonly outcome: 'deleted' | 'kept' | 'top' | 'dropped'
}

/** Finds a place for each displaced comment, or refuses; returns the ledger. */
export function placeComments(out: Emission, mode: CommentMode, top: number): LedgerEntry[] {
  const lost = out.displaced.filter((comment) => !comment.deleted)
  const lines = streamText(out.text)
  const lineOf = ({ start }: DisplacedComment): number => lines.positionAt(start).line
  if (mode === 'strict' && lost.length > 0) {
    const first = lost[0] as DisplacedComment
    const comments = lost.map((comment) => ({ text: comment.text, line: lineOf(comment) }))
    const message = `line ${lineOf(first)}: the comment ${JSON.stringify(first.text)} has no place in the new text`
    throw new YamlEditError('COMMENT_LOST', message, { comments })
  }
  if (mode === 'keep') for (const comment of lost) out.splices.push(aboveParent(out, comment))
  if (mode === 'top' && lost.length > 0) out.splices.push(topBlock(out, lost, top))
  const outcome =
    mode === 'keep' ? 'kept'
    : mode === 'top' ? 'top'
    : 'dropped'
  return out.displaced.map((comment) => ({
    comment: comment.text,
    line: lineOf(comment),
    path: comment.path,
    outcome: comment.deleted ? 'deleted' : outcome,
  }))
}

function aboveParent(out: Emission, comment: DisplacedComment): Splice {
  const lineStart = lineStartAt(out.text, comment.parentAt)
  const line = out.text.charCodeAt(lineStart) === 0xfeff ? lineStart + 1 : lineStart
  const indent = ' '.repeat(firstOnLine(out.text, line) - line)
  const text = `${indent}${comment.text}${out.newline}`
  return { start: line, end: line, text, path: comment.path, action: 'comment' }
}

/** The title of libgitops' block, so that its users find what they know. */
const title = '# Comments lost during file manipulation:'

function topBlock(out: Emission, lost: readonly DisplacedComment[], top: number): Splice {
  const lines = lost.map(({ text, path }) => `# Field "${formatPath(path)}": "${text.replace(/^#\s*/, '')}"`)
  const fresh = lines.filter((line) => !out.text.includes(line))
  const heading = out.text.includes(title) ? [] : [title]
  const text = fresh.length === 0 ? '' : joinLines([...heading, ...fresh], out.newline)
  return { start: top, end: top, text, path: [], action: 'comment' }
}
