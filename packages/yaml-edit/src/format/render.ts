import { type PlainMap, type PlainValue, isPlainList, isPlainMap } from '../plain-value.ts'
import {
  type BlockText,
  type Quote,
  asBlockText,
  canBePlain,
  quoted,
  writeInline,
} from '../scalar/write-scalar.ts'

/** How new text looks. */
export interface Style {
  /** Columns by which a map stands deeper than the map around it. */
  readonly indent: number
  /** Columns by which a list stands deeper than the map around it: 0, or as a map. */
  readonly listIndent: number
  readonly quote: Quote
  /** Strings of several lines become block scalars. */
  readonly blocks: boolean
}

/** What stands after a key and its colon, or after a dash. */
export interface Rendered {
  /** The text on the same line, without the space before it; empty when all of it is on further lines. */
  readonly inline: string
  /** Further lines, indented, without line feeds. */
  readonly lines: readonly string[]
}

export type Collection = PlainMap | readonly PlainValue[]

export function isFilled(value: PlainValue): value is Collection {
  return (
    typeof value === 'object' &&
    value !== null &&
    (Array.isArray(value) ? value : Object.keys(value)).length > 0
  )
}

/** A value after the key of a map whose keys stand at `column`. */
export function renderMapValue(value: PlainValue, column: number, style: Style): Rendered {
  if (isPlainList(value) && value.length > 0) {
    return { inline: '', lines: renderLines(value, column + style.listIndent, style) }
  }
  if (isPlainMap(value) && isFilled(value)) {
    return { inline: '', lines: renderLines(value, column + style.indent, style) }
  }
  return renderScalar(value, column + style.indent, style)
}

/** A value after a dash at `column`; a map begins on the line of the dash. */
export function renderItemValue(value: PlainValue, column: number, style: Style): Rendered {
  if (!isFilled(value)) return renderScalar(value, column + 2, style)
  const [first = '', ...lines] = renderLines(value, column + 2, style)
  return { inline: first.slice(column + 2), lines }
}

/** The lines of a map or list that is not empty, its keys or dashes at `column`. */
export function renderLines(value: Collection, column: number, style: Style): string[] {
  const pad = ' '.repeat(column)
  const lines: string[] = []
  if (isPlainList(value)) {
    for (const item of value) {
      const { inline, lines: more } = renderItemValue(item, column, style)
      lines.push(inline === '' ? `${pad}-` : `${pad}- ${inline}`)
      for (const line of more) lines.push(line)
    }
    return lines
  }
  for (const key of Object.keys(value)) {
    const { inline, lines: more } = renderMapValue(value[key] as PlainValue, column, style)
    const name = writeKey(key, style.quote, false)
    lines.push(inline === '' ? `${pad}${name}:` : `${pad}${name}: ${inline}`)
    for (const line of more) lines.push(line)
  }
  return lines
}

export function writeKey(key: string, quote: Quote, inFlow: boolean): string {
  return canBePlain(key, inFlow) ? key : quoted(key, quote)
}

function renderScalar(value: PlainValue, column: number, style: Style): Rendered {
  if (typeof value === 'object' && value !== null)
    return { inline: Array.isArray(value) ? '[]' : '{}', lines: [] }
  const block =
    style.blocks && typeof value === 'string' && value.includes('\n') ? asBlockText(value) : undefined
  if (block !== undefined) return renderBlockText(block, '|', column, style.indent)
  return { inline: writeInline(value, style.quote, false), lines: [] }
}

/** A block scalar whose lines stand at `column`, `indent` columns deeper than its parent. */
export function renderBlockText(block: BlockText, sign: '|' | '>', column: number, indent: number): Rendered {
  const pad = ' '.repeat(column)
  return {
    inline: `${sign}${block.needsIndent ? indent : ''}${block.chomping}`,
    lines: block.lines.map((line) => (line === '' ? '' : pad + line)),
  }
}

/** A value in flow style on one line; `json` quotes every key and string. */
export function renderFlow(value: PlainValue, quote: Quote, json: boolean, spaced: boolean): string {
  const gap = spaced ? ' ' : ''
  if (isPlainList(value)) {
    return `[${value.map((item) => renderFlow(item, quote, json, spaced)).join(', ')}]`
  }
  if (isPlainMap(value)) {
    const entries = Object.keys(value).map((key) => {
      const name = json ? quoted(key, 'double') : writeKey(key, quote, true)
      return `${name}: ${renderFlow(value[key] as PlainValue, quote, json, spaced)}`
    })
    return entries.length === 0 ? '{}' : `{${gap}${entries.join(', ')}${gap}}`
  }
  if (json && typeof value === 'string') return quoted(value, 'double')
  return writeInline(value as Exclude<PlainValue, object>, quote, true)
}

/** A value as JSON over several lines, as `JSON.stringify` lays it out; its first line is not indented. */
export function renderJsonLines(value: PlainValue, pad: string, step: string, newline: string): string {
  if (!isFilled(value)) return renderFlow(value, 'double', true, false)
  const inner = pad + step
  const items =
    isPlainList(value) ?
      value.map((item) => renderJsonLines(item, inner, step, newline))
    : Object.keys(value).map((key) => {
        return `${quoted(key, 'double')}: ${renderJsonLines((value as PlainMap)[key] as PlainValue, inner, step, newline)}`
      })
  const [open, close] = isPlainList(value) ? '[]' : '{}'
  return `${open}${items.map((item, index) => `${index === 0 ? '' : ','}${newline}${inner}${item}`).join('')}${newline}${pad}${close}`
}
