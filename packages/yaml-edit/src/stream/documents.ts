/** Where one document of a stream stands. All offsets are into the whole text. */
export interface DocumentRange {
  /** Its number in the stream, empty documents counted too. */
  readonly index: number
  /** Where its text begins: directives, comments and the `---` line included. */
  readonly start: number
  /** Where its text ends: before the `---` of the next one, or at the end of the text. */
  readonly end: number
  /** Where its content begins: after `---`, or at `start` when there is none. */
  readonly contentStart: number
  /** Where its content ends: before a `...` line, or at `end`. */
  readonly contentEnd: number
  /** It has a `---` line. */
  readonly marked: boolean
  /** It has `%YAML` or `%TAG` lines. */
  readonly directives: boolean
}

const marker = /^(?:---|\.\.\.)(?=[ \t\r\n]|$)|^%/gm

/**
 * The documents of a stream, found by their markers alone: `---` or `...` at the start of a line is never
 * anything else in YAML. There is always at least one, empty for an empty text.
 */
export function splitDocuments(text: string): readonly DocumentRange[] {
  const documents: DocumentRange[] = []
  const first = text.charCodeAt(0) === 0xfeff ? 1 : 0
  let start = 0
  let contentStart = first
  let contentEnd = -1
  let marked = false
  let directives = false
  let ended = false
  const close = (end: number): void => {
    documents.push({
      index: documents.length, start, end, contentStart, contentEnd: contentEnd < 0 ? end : contentEnd, marked, directives,
    })
    start = end
    contentStart = end
    contentEnd = -1
    marked = directives = ended = false
  }
  const hasContent = (to: number): boolean => marked || !onlyComments(text, contentStart, to)

  const scan = new RegExp(marker)
  // The mark of byte order hides the first line from `^`.
  scan.lastIndex = 0
  for (const [at, sign] of markers(text, scan, first)) {
    if (sign === '%') {
      if (ended || !hasContent(at)) {
        if (ended) close(at)
        directives = true
      }
    } else if (sign === '---') {
      // After `...` the comments before `---` belong to the document that it begins.
      if (ended) close(afterLine(text, contentEnd))
      else if (hasContent(at) && !directives) close(at)
      else if (marked) close(at)
      marked = true
      contentStart = at + 3
    } else if (!ended && (hasContent(at) || directives)) {
      contentEnd = at
      ended = true
    } else if (ended && !onlyComments(text, afterLine(text, contentEnd), at)) {
      close(afterLine(text, contentEnd))
      contentEnd = at
      ended = true
    }
  }
  if (ended && !onlyComments(text, afterLine(text, contentEnd), text.length)) close(afterLine(text, contentEnd))
  close(text.length)
  return documents
}

function* markers(text: string, scan: RegExp, first: number): Generator<readonly [number, string]> {
  if (first === 1) {
    const head = /^\ufeff(---|\.\.\.|%)/.exec(text)
    if (head?.[1] !== undefined && (head[1] === '%' || /[ \t\r\n]/.test(text[4] ?? '\n'))) yield [1, head[1]]
  }
  for (let match = scan.exec(text); match !== null; match = scan.exec(text)) yield [match.index, match[0]]
}

function afterLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end + 1
}

/** True when nothing but white space and comments stands between the two offsets. */
export function onlyComments(text: string, from: number, to: number): boolean {
  let at = from
  while (at < to) {
    const code = text.charCodeAt(at)
    if (code === 0x23) {
      at = afterLine(text, at)
    } else if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0xfeff) {
      at++
    } else {
      return false
    }
  }
  return true
}
