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

  for (const [at, sign] of markers(text)) {
    if (sign === '%') {
      if (ended) {
        const next = afterLine(text, contentEnd)
        const begins = onlyComments(text, next, at)
        close(begins ? at : next)
        directives = begins
      } else if (!hasContent(at)) directives = true
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
    } else if (!ended) {
      // It ends nothing.
      contentStart = afterLine(text, at)
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

type Sign = '---' | '...' | '%'

/** Where lines begin with a sign that may divide documents, in the order of the text. */
function markers(text: string): readonly (readonly [number, Sign])[] {
  const found: (readonly [number, Sign])[] = []
  const head = text.charCodeAt(0) === 0xfeff ? 1 : 0
  for (const sign of ['---', '...', '%'] as const) {
    if (text.startsWith(sign, head) && isMarker(text, head, sign)) found.push([head, sign])
    const search = `\n${sign}`
    for (let at = text.indexOf(search); at >= 0; at = text.indexOf(search, at + 1)) {
      if (isMarker(text, at + 1, sign)) found.push([at + 1, sign])
    }
  }
  return found.sort(([a], [b]) => a - b)
}

function isMarker(text: string, at: number, sign: Sign): boolean {
  if (sign === '%') return true
  const code = text.charCodeAt(at + 3)
  return Number.isNaN(code) || code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d
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
