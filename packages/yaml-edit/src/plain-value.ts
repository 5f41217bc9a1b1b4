import { YamlEditError } from './errors.ts'
import { type Path, formatPath } from './path.ts'
import { hasLoneSurrogate } from './scalar/write-scalar.ts'
import { maxDepth } from './syntax/node.ts'
import { setOwn } from './syntax/to-value.ts'

/** A value that YAML can hold. */
export type PlainValue = null | boolean | number | bigint | string | readonly PlainValue[] | PlainMap
/** A map of such values. */
export interface PlainMap {
  readonly [key: string]: PlainValue
}

export function isPlainMap(value: PlainValue | undefined): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isPlainList(value: PlainValue | undefined): value is readonly PlainValue[] {
  return Array.isArray(value)
}

/**
 * A copy of the value as YAML can hold it: entries that are undefined are left out, `toJSON` is honoured.
 *
 * @throws {YamlEditError} `UNSUPPORTED_VALUE` for functions, symbols, `Map` and the like, cycles, half surrogate pairs,
 *   and integers that no reader keeps exactly.
 */
export function toPlainValue(value: unknown, path: Path = []): PlainValue {
  return copy(value, [...path], new Set())
}

function copy(value: unknown, path: (string | number)[], above: Set<object>): PlainValue {
  switch (typeof value) {
    case 'string':
      if (hasLoneSurrogate(value)) throw unsupported(path, 'a string with half of a surrogate pair')
      return value
    case 'boolean':
    case 'number':
      return value
    case 'bigint':
      if (value < -(2n ** 63n) || value >= 2n ** 64n) throw unsupported(path, 'an integer beyond 64 bits')
      return value
    case 'object':
      if (value === null) return null
      return copyObject(value, path, above)
    default:
      throw unsupported(path, value === undefined ? 'undefined' : `a ${typeof value}`)
  }
}

function copyObject(value: object, path: (string | number)[], above: Set<object>): PlainValue {
  const json = value as { toJSON?: unknown }
  if (typeof json.toJSON === 'function') return copy(json.toJSON.call(value), path, above)
  // What these hold are no entries: it would be lost without a word.
  const name = Object.prototype.toString.call(value).slice('[object '.length, -1)
  if (name !== 'Object' && name !== 'Array') throw unsupported(path, `a ${name}`)
  if (above.has(value)) throw unsupported(path, 'a cycle')
  if (above.size >= maxDepth) throw unsupported(path, `more than ${maxDepth} levels`)
  above.add(value)
  let result: PlainValue
  if (Array.isArray(value)) {
    result = value.map((item, index) => inside(item === undefined ? null : item, index, path, above))
  } else {
    const map: Record<string, PlainValue> = {}
    for (const [key, item] of Object.entries(value)) {
      if (hasLoneSurrogate(key)) throw unsupported(path, 'a key with half of a surrogate pair')
      if (item !== undefined) setOwn(map, key, inside(item, key, path, above))
    }
    result = map
  }
  above.delete(value)
  return result
}

function inside(
  value: unknown,
  part: string | number,
  path: (string | number)[],
  above: Set<object>,
): PlainValue {
  path.push(part)
  const copied = copy(value, path, above)
  path.pop()
  return copied
}

function unsupported(path: Path, what: string): YamlEditError {
  const details = { path: [...path] }
  return new YamlEditError(
    'UNSUPPORTED_VALUE',
    `${what} at ${formatPath(path)} cannot be written as YAML`,
    details,
  )
}

/** Equal as YAML sees it: the order of keys does not matter, `5` equals `5n`, NaN equals NaN. */
export function equalValues(a: PlainValue | undefined, b: PlainValue | undefined): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object') return equalAtoms(a, b)
  if (a === null || b === null) return false
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equalValues(item, b[index]))
  }
  if (Array.isArray(b)) return false
  const left = a as PlainMap
  const right = b as PlainMap
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && equalValues(left[key], right[key]))
  )
}

function equalAtoms(a: PlainValue | undefined, b: PlainValue | undefined): boolean {
  if (typeof a === 'number' && typeof b === 'number') return Number.isNaN(a) && Number.isNaN(b)
  // eslint-disable-next-line eqeqeq -- an integer is the same number as a bigint and as a double
  if (isNumeric(a) && isNumeric(b)) return a == b
  return false
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}
