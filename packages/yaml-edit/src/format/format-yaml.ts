import { toPlainValue } from '../plain-value.ts'
import type { Quote } from '../scalar/write-scalar.ts'
import { isFilled, renderItemValue, renderLines } from './render.ts'

/** How {@link formatYaml} writes. */
export interface FormatOptions {
  /** Columns of each level of maps. Default: 2. */
  readonly indent?: number
  /** Lists stand deeper than their key. Default: false, as `kubectl` writes. */
  readonly indentLists?: boolean
  /** The quotes that strings get which need some. Default: `double`. */
  readonly quote?: Quote
}

/**
 * A value as clean, conventional YAML that ends with a line feed: block style, keys in their order,
 * strings of several lines as literal blocks, and quotes where a reader of YAML 1.1 or 1.2 would take a
 * string for something else. A `bigint` is written exactly.
 *
 * @throws {YamlEditError} `UNSUPPORTED_VALUE` for what YAML cannot hold.
 *
 * @example
 * ```ts
 * formatYaml({ version: '1.10', replicas: 3 }) // 'version: "1.10"\nreplicas: 3\n'
 * ```
 */
export function formatYaml(value: unknown, options: FormatOptions = {}): string {
  const plain = toPlainValue(value)
  const indent = options.indent ?? 2
  const style = {
    indent,
    listIndent: options.indentLists === true ? indent : 0,
    quote: options.quote ?? 'double',
    blocks: true,
  } as const
  if (isFilled(plain)) return `${renderLines(plain, 0, style).join('\n')}\n`
  const { inline, lines } = renderItemValue(plain, 0, style)
  return `${[inline, ...lines].join('\n')}\n`
}
