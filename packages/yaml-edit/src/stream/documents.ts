/** Where one document of a stream stands. All offsets are into the whole text. */
export interface DocumentRange {
  /** Its number in the stream, empty documents counted too. */
  readonly index: number
  /** Where its text begins: directives, comments and the `---` line included. */
  readonly start: number
  /** Where its text ends: before the `---` of the next one, or at the end of the text. */
  readonly end: number
  /** Where reading begins: after a mark of byte order, and after a `...` that ends nothing. */
  readonly textStart: number
  /** Where its content begins: after `---`, or at `textStart` when there is none. */
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
 * anything else in YAML. There is always at least one, empty for an empty text. Comments and blank lines
 * after a document are its own, but those after its `...` belong to the next one, if there is one.
 */
export function splitDocuments(text: string): readonly DocumentRange[] {
  const documents: DocumentRange[] = []
  const first = text.charCodeAt(0) === 0xfeff ? 1 : 0
  let open = openDocument(0, first)
  const close = (end: number): void => {
    const { start, textStart, contentStart, contentEnd = end, marked, directives } = open
    documents.push({
      index: documents.length,
      start,
      end,
      textStart,
      contentStart,
      contentEnd,
      marked,
      directives,
    })
    open = openDocument(end, end)
  }
  /** After `...`, content begins another document. */
  const begin = (to: number): void => {
    const { contentEnd, resume } = open
    if (contentEnd === undefined || onlyComments(text, resume, to)) return
    close(afterLine(text, contentEnd))
    open.textStart = open.contentStart = resume
  }

  for (const [at, sign] of markers(text)) {
    begin(at)
    const ended = open.contentEnd !== undefined
    const hasContent = open.marked || !onlyComments(text, open.contentStart, at)
    if (sign === '...') {
      if (!ended && hasContent) open.contentEnd = at
      open.resume = afterLine(text, at)
      if (!ended && !hasContent) open.textStart = open.contentStart = open.resume
      continue
    }
    if (ended) close(afterLine(text, open.contentEnd ?? at))
    else if (sign === '---' && hasContent && (open.marked || !open.directives)) close(at)
    if (sign === '%') {
      open.directives ||= ended || !hasContent
    } else {
      open.marked = true
      open.contentStart = at + 3
    }
  }
  begin(text.length)
  close(text.length)
  return documents
}

interface OpenDocument {
  readonly start: number
  textStart: number
  contentStart: number
  /** Where a `...` ended it. */
  contentEnd: number | undefined
  /** After the last `...` line. */
  resume: number
  marked: boolean
  directives: boolean
}

function openDocument(start: number, textStart: number): OpenDocument {
  return {
    start,
    textStart,
    contentStart: textStart,
    contentEnd: undefined,
    resume: textStart,
    marked: false,
    directives: false,
  }
}

type Sign = '---' | '...' | '%'

/** Where lines begin with a sign that may divide documents, in the order of the text. */
function markers(text: string): readonly (readonly [number, Sign])[] {
  const found: (readonly [number, Sign])[] = []
  const head = text.charCodeAt(0) === 0xfeff ? 1 : 0
  for (const sign of ['---', '...', '%'] as const) {
    // A search that stops at every line costs more than one that finds nothing.
    if (!text.includes(sign)) continue
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
function onlyComments(text: string, from: number, to: number): boolean {
  let at = from
  while (at < to) {
    const code = text.charCodeAt(at)
    if (code === 0x23) {
      at = afterLine(text, at)
    } else if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
      at++
    } else {
      return false
    }
  }
  return true
}
