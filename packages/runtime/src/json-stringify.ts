import { jsonDepthLimit } from './json-parse.ts'
import { runtimeErrors } from './runtime-errors.ts'

/**
 * JSON text of a value, as `JSON.stringify` writes it, with every `bigint` as its digits.
 *
 * `undefined` in a map leaves the entry out and in a list becomes `null`; `toJSON` is called.
 *
 * @param options.indent spaces per level; 0 (the default) puts everything on one line.
 * @throws {LgError} `NOT_SERIALIZABLE` with the path of what JSON cannot hold: a function, a symbol, a `Map` or
 *   `Set`, NaN, an infinity, a cycle or more than 1000 levels.
 */
export function stringifyJson(value: unknown, options: { readonly indent?: number } = {}): string {
  const unit = ' '.repeat(options.indent ?? 0)
  const gap = unit === '' ? '' : ' '
  const path: (string | number)[] = []
  const fail = (reason: string): never => {
    throw runtimeErrors.create(
      'NOT_SERIALIZABLE',
      `Cannot write ${path.join('.') || 'the value'} as JSON: ${reason}`,
      {
        path: [...path],
        reason,
      },
    )
  }

  const at = (key: string | number, item: unknown, depth: number): string | undefined => {
    path.push(key)
    const text = write(item, String(key), depth)
    path.pop()
    return text
  }
  const wrap = (open: string, close: string, parts: readonly string[], depth: number): string => {
    if (parts.length === 0) return open + close
    if (unit === '') return open + parts.join(',') + close
    const inner = '\n' + unit.repeat(depth)
    return open + inner + parts.join(',' + inner) + '\n' + unit.repeat(depth - 1) + close
  }
  const write = (raw: unknown, key: string, depth: number): string | undefined => {
    const item = hasToJson(raw) ? raw.toJSON(key) : raw
    switch (typeof item) {
      case 'string':
      case 'boolean':
        return JSON.stringify(item)
      case 'bigint':
        return item.toString()
      case 'number':
        return Number.isFinite(item) ? JSON.stringify(item) : fail(`${item} is not a JSON number`)
      case 'undefined':
        return undefined
      case 'object':
        break
      default:
        return fail(`it is a ${typeof item}`)
    }
    if (item === null) return 'null'
    if (depth > jsonDepthLimit) fail(`more than ${jsonDepthLimit} levels, or a cycle`)
    if (Array.isArray(item)) {
      const parts = item.map((entry, index) => at(index, entry, depth + 1) ?? 'null')
      return wrap('[', ']', parts, depth)
    }
    // What they hold are no entries: it would be lost without a word.
    if (item instanceof Map || item instanceof Set) fail(`it is a ${item.constructor.name}`)
    const parts: string[] = []
    for (const [name, entry] of Object.entries(item)) {
      const text = at(name, entry, depth + 1)
      if (text !== undefined) parts.push(`${JSON.stringify(name)}:${gap}${text}`)
    }
    return wrap('{', '}', parts, depth)
  }

  return write(value, '', 1) ?? fail('it is undefined')
}

const hasToJson = (value: unknown): value is { toJSON(key: string): unknown } =>
  typeof value === 'object' && value !== null && typeof (value as { toJSON?: unknown }).toJSON === 'function'
