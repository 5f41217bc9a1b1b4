import { readsAsOther } from './other-readers.ts'
import type { ScalarValue } from './resolve-plain.ts'

export type Quote = 'single' | 'double'

// What no YAML text may hold unescaped, and what some readers take for a line break.
const unprintable = /[^\P{Cc}\t\n]|[\u2028\u2029\ufeff\ufffe\uffff]|\p{Cs}/u
const escaped = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g

/** True when the string holds half of a surrogate pair, which no encoding of text can carry. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Cs}/u.test(text)
}

/** True when the string can stand without quotes and every reader takes it for that string. */
export function canBePlain(text: string, inFlow: boolean): boolean {
  if (text === '' || text.length > 1000 || text !== text.trim()) return false
  if (/^[[\]{},#&*!|>'"%@`]|^[-?:](?:\s|$)|^(?:---|\.\.\.)|:(?:\s|$)|\s#|[\t\n\r]/.test(text)) return false
  if (inFlow && /[[\]{},]|^[-?:]|:$/.test(text)) return false
  return !unprintable.test(text) && !readsAsOther(text)
}

/** The string in quotes, on one line; `single` becomes `double` where only escapes can tell it. */
export function quoted(text: string, quote: Quote): string {
  if (quote === 'single' && !/[\n\t]/.test(text) && !unprintable.test(text)) {
    return `'${text.replaceAll("'", "''")}'`
  }
  return JSON.stringify(text).replace(escaped, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** A number, boolean or null as every reader understands it. */
function writeAtom(value: Exclude<ScalarValue, string>): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (Number.isNaN(value)) return '.nan'
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf'
  if (Number.isInteger(value) && Math.abs(value) > Number.MAX_SAFE_INTEGER && Math.abs(value) < 1e21) {
    return BigInt(value).toString()
  }
  const text = String(value)
  // YAML 1.1 knows an exponent only after a dot.
  return text.includes('e') && !text.includes('.') ? text.replace('e', '.0e') : text
}

/** Any scalar on one line. Strings stay plain where they can. */
export function writeInline(value: ScalarValue, quote: Quote, inFlow: boolean): string {
  if (typeof value !== 'string') return writeAtom(value)
  return canBePlain(value, inFlow) ? value : quoted(value, quote)
}

/** The lines of a block scalar, and what its header must say about the line ends after them. */
export interface BlockText {
  readonly lines: readonly string[]
  readonly chomping: '' | '-' | '+'
  /** The first line begins with a space, so the header must name the indentation. */
  readonly needsIndent: boolean
}

/** The string as a literal block, or undefined where a block cannot hold it or would not be read alike. */
export function asBlockText(text: string): BlockText | undefined {
  const body = text.replace(/\n+$/, '')
  if (body === '' || unprintable.test(text) || /^\t|\n?[ \t]+$/.test(body)) return undefined
  const newlines = text.length - body.length
  const lines = body.split('\n')
  const first = lines.find((line) => line !== '') ?? ''
  const chomping =
    newlines === 0 ? '-'
    : newlines === 1 ? ''
    : '+'
  for (let extra = 1; extra < newlines; extra++) lines.push('')
  return { lines, chomping, needsIndent: first.startsWith(' ') }
}
