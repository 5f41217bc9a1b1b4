/** A literal or folded block, read as Kubernetes' reader does. */
export interface BlockScalar {
  readonly value: string
  /** The end of its last line, before the line feed. */
  readonly end: number
  /** The first line after it, or the limit. */
  readonly next: number
  /** The column of its text, or 0 when it has none. */
  readonly indent: number
}

const space = 0x20

/**
 * Reads the block whose header begins at `start`, inside a collection at column `parent` (-1 at the root).
 * Lines end with LF or CRLF.
 *
 * A block whose text ends with the file, without a line feed, has none in its value either.
 *
 * @returns undefined when the header or the indentation is not that of a block.
 */
export function readBlockScalar(
  text: string,
  start: number,
  limit: number,
  parent: number,
): BlockScalar | undefined {
  const headerEnd = lineEnd(text, start, limit)
  const header = text.slice(start, headerEnd)
  const match = /^([|>])(?:([1-9])([-+]?)|([-+])([1-9]?))?(?:[ \t]*|[ \t]+#.*)\r?$/.exec(header)
  if (match === null) return undefined
  const chomping = match[3] || match[4] || ''
  const digit = match[2] || match[5]
  let indent = digit ? Math.max(parent, 0) + Number(digit) : 0

  const lines: string[] = []
  let contentLines = 0
  let end = headerEnd
  let blankEnd = headerEnd
  let terminated = headerEnd < limit
  let at = Math.min(headerEnd + 1, limit)
  let leading = 0
  while (at < limit) {
    let content = at
    while (text.charCodeAt(content) === space && content < limit && (indent === 0 || content - at < indent))
      content++
    const stop = lineEnd(text, at, limit)
    const trimmed = text.charCodeAt(stop - 1) === 0x0d && stop > at ? stop - 1 : stop
    if (content >= trimmed) {
      leading = Math.max(leading, content - at)
      lines.push('')
      blankEnd = trimmed
    } else {
      const width = content - at
      if (indent === 0) {
        if (width <= parent) break
        if (leading > width) return undefined
        indent = width
        if (indent === 0 && text.charCodeAt(content) === 0x23) break
        if (indent === 0) return undefined
      } else if (width < indent) {
        break
      }
      lines.push(text.slice(at + indent, trimmed))
      contentLines = lines.length
      end = trimmed
    }
    terminated = stop < limit
    at = stop + 1
  }
  const next = Math.min(at, limit)
  const trailing = lines.length - contentLines
  lines.length = contentLines
  const body = match[1] === '|' ? lines.join('\n') : fold(lines)
  if (chomping === '+') {
    const breaks = contentLines === 0 ? trailing : trailing + (terminated || trailing > 0 ? 1 : 0)
    const unended = trailing > 0 && !terminated ? 1 : 0
    return {
      value: body + '\n'.repeat(Math.max(breaks - unended, 0)),
      end: trailing > 0 ? blankEnd : end,
      next,
      indent,
    }
  }
  const last = chomping === '' && contentLines > 0 && (trailing > 0 || terminated) ? '\n' : ''
  return { value: body + last, end, next, indent }
}

function lineEnd(text: string, at: number, limit: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 || end > limit ? limit : end
}

function fold(lines: readonly string[]): string {
  let value = ''
  let breaks = 0
  let previousMore = false
  let begun = false
  for (const line of lines) {
    if (line === '') {
      breaks++
      continue
    }
    const more = line.charCodeAt(0) === space || line.charCodeAt(0) === 0x09
    if (!begun) value += '\n'.repeat(breaks)
    else if (more || previousMore) value += '\n'.repeat(breaks + 1)
    else value += breaks === 0 ? ' ' : '\n'.repeat(breaks)
    value += line
    previousMore = more
    breaks = 0
    begun = true
  }
  return value
}
