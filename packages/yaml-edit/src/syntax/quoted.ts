const escapes: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\u0007'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\u001b'],
  [' ', ' '],
  ['"', '"'],
  ['/', '/'],
  ['\\', '\\'],
  ['N', '\u0085'],
  ['_', '\u00a0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
])
const hexLength: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
])

/** The value of the text between single quotes. */
export function decodeSingle(body: string): string {
  const unescaped = body.includes("''") ? body.replaceAll("''", "'") : body
  return unescaped.includes('\n') ? foldLines(unescaped) : unescaped
}

/** The value of the text between double quotes, or undefined for an escape that YAML does not have. */
export function decodeDouble(body: string): string | undefined {
  if (!body.includes('\\')) return body.includes('\n') ? foldLines(body) : body
  let value = ''
  let at = 0
  while (at < body.length) {
    const stop = nextSpecial(body, at)
    value += body.slice(at, stop)
    if (stop === body.length) return value
    at = stop
    if (body[at] === '\n') {
      const trailing = plainTail(body, at)
      if (trailing > 0) value = value.slice(0, value.length - trailing)
      const { breaks, end } = skipBreaks(body, at)
      value += breaks === 1 ? ' ' : '\n'.repeat(breaks - 1)
      at = end
      continue
    }
    const letter = body[at + 1] ?? ''
    if (letter === '\n') {
      const { breaks, end } = skipBreaks(body, at + 1)
      value += '\n'.repeat(breaks - 1)
      at = end
      continue
    }
    const known = escapes.get(letter)
    if (known !== undefined) {
      value += known
      at += 2
      continue
    }
    const length = hexLength.get(letter)
    if (length === undefined) return undefined
    const hex = body.slice(at + 2, at + 2 + length)
    const code = Number.parseInt(hex, 16)
    if (hex.length !== length || !/^[0-9a-fA-F]+$/.test(hex) || code > 0x10ffff) return undefined
    value += String.fromCodePoint(code)
    at += 2 + length
  }
  return value
}

/** Passes line breaks and the white space that begins each next line. */
function skipBreaks(body: string, from: number): { readonly breaks: number; readonly end: number } {
  let breaks = 0
  let end = from
  for (; end < body.length; end++) {
    const code = body.charCodeAt(end)
    if (code === 0x0a) breaks++
    else if (code !== 0x20 && code !== 0x09) break
  }
  return { breaks, end }
}

function nextSpecial(body: string, from: number): number {
  for (let at = from; at < body.length; at++) {
    const code = body.charCodeAt(at)
    if (code === 0x5c || code === 0x0a) return at
  }
  return body.length
}

/** How much white space before `at` was written as such, not by an escape such as `\ ` or `\<tab>`. */
function plainTail(body: string, at: number): number {
  let start = at
  while (start > 0 && (body[start - 1] === ' ' || body[start - 1] === '\t')) start--
  let slashes = 0
  while (body[start - 1 - slashes] === '\\') slashes++
  return at - start - (slashes % 2 === 1 ? 1 : 0)
}

/** Line folding of plain and quoted scalars: one line break is a space, each further one a line feed. */
export function foldLines(text: string): string {
  const lines = text.split('\n')
  const last = lines.length - 1
  let value = (lines[0] ?? '').replace(/[ \t]+$/, '')
  let breaks = 0
  for (let index = 1; index <= last; index++) {
    let line = (lines[index] ?? '').replace(/^[ \t]+/, '')
    if (index < last) line = line.replace(/[ \t]+$/, '')
    breaks++
    if (line === '' && index < last) continue
    value += breaks === 1 ? ' ' : '\n'.repeat(breaks - 1)
    value += line
    breaks = 0
  }
  return value
}
