import { equalValues, type Kind, type KubernetesObject } from '@lg/runtime'
import { metadataFilter } from './combine.ts'
import { invalidFilter } from './errors.ts'
import type { FieldPath, FieldValue } from './field-path.ts'
import { valueAt } from './field-path.ts'
import type { ObjectFilter } from './filter.ts'
import { createSelectorReader } from './selector-reader.ts'

/** What the value of a field must be. A field that is not there equals nothing. */
export type FieldCondition<Value> =
  | { readonly equals: Value }
  | { readonly notEquals: Value }
  | { readonly in: readonly Value[] }
  | { readonly notIn: readonly Value[] }
  | { readonly exists: boolean }
  | { readonly greaterThan: Value & (number | bigint | string) }
  | { readonly lessThan: Value & (number | bigint | string) }

/**
 * Objects by the value of one field. Path and value are checked against the kind's type.
 *
 * @param path dotted; a list's items by index. For keys that hold dots: a list of keys, which is not checked.
 * @throws {LgError} `INVALID_FILTER` for an empty path or a condition that is none of these.
 * @example
 * ```ts
 * await storage.list(Car, { filter: fieldFilter(Car, 'spec.brand', { in: ['Volvo', 'Saab'] }) })
 * ```
 */
export function fieldFilter<T extends KubernetesObject, const Path extends FieldPath<T>>(
  kind: Kind<T>,
  path: Path,
  condition: FieldCondition<FieldValue<T, Path>>,
): ObjectFilter<T>
export function fieldFilter<T extends KubernetesObject>(
  kind: Kind<T>,
  path: readonly string[],
  condition: FieldCondition<unknown>,
): ObjectFilter<T>
export function fieldFilter<T extends KubernetesObject>(
  _kind: Kind<T>,
  path: string | readonly string[],
  condition: FieldCondition<unknown>,
): ObjectFilter<T> {
  const keys = typeof path === 'string' ? path.split('.') : path
  if (keys.length === 0 || keys.includes('')) throw invalidFilter('fields', 'the path has an empty part')
  const holds = toPredicate(condition)
  return filterAt(keys, (value) => holds(value))
}

/**
 * Objects by fields, in Kubernetes' own syntax: `metadata.name=foo,status.phase!=Running`. Values are compared as text.
 *
 * @throws {LgError} `INVALID_FILTER` with the position.
 */
export function fieldSelector(text: string): ObjectFilter {
  const reader = createSelectorReader(text, 'fields')
  const parts: ObjectFilter[] = []
  if (!reader.atEnd()) {
    do {
      const keys = reader.word('a field').split('.')
      if (keys.includes('')) throw invalidFilter('fields', `the path ${keys.join('.')} has an empty part`)
      const negated = reader.take('!=')
      if (!negated && !reader.take('==')) reader.expect('=')
      const wanted = reader.optionalWord()
      parts.push(filterAt(keys, (value) => (toText(value) === wanted) !== negated))
    } while (reader.takeSeparator())
  }
  const all = (object: KubernetesObject): boolean => parts.every((part) => part(object))
  return parts.every(({ reads }) => reads === 'metadata') ? metadataFilter(all) : all
}

function filterAt<T extends KubernetesObject>(
  keys: readonly string[],
  holds: (value: unknown) => boolean,
): ObjectFilter<T> {
  const predicate = (object: T): boolean => holds(valueAt(object, keys))
  const [first = ''] = keys
  return ['metadata', 'apiVersion', 'kind'].includes(first) ? metadataFilter(predicate) : predicate
}

function toPredicate(condition: FieldCondition<unknown>): (value: unknown) => boolean {
  const among = (values: readonly unknown[], value: unknown): boolean =>
    values.some((wanted) => equalValues(wanted, value))
  if ('equals' in condition) return (value) => value !== undefined && equalValues(value, condition.equals)
  if ('notEquals' in condition)
    return (value) => value === undefined || !equalValues(value, condition.notEquals)
  if ('in' in condition) return (value) => value !== undefined && among(condition.in, value)
  if ('notIn' in condition) return (value) => value === undefined || !among(condition.notIn, value)
  if ('exists' in condition) return (value) => (value !== undefined) === condition.exists
  if ('greaterThan' in condition) return (value) => compare(value, condition.greaterThan) > 0
  if ('lessThan' in condition) return (value) => compare(value, condition.lessThan) < 0
  throw invalidFilter('fields', `${Object.keys(condition).join(', ') || 'nothing'} is no condition`)
}

/** Orders numbers by value and texts by code unit; `NaN`, which is neither more nor less, for all else. */
function compare(a: unknown, b: unknown): number {
  const numeric = (value: unknown): value is number | bigint =>
    typeof value === 'number' || typeof value === 'bigint'
  if ((numeric(a) && numeric(b)) || (typeof a === 'string' && typeof b === 'string')) {
    return (
      a < b ? -1
      : a > b ? 1
      : 0
    )
  }
  return Number.NaN
}

const toText = (value: unknown): string =>
  (
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'boolean'
  ) ?
    String(value)
  : ''
