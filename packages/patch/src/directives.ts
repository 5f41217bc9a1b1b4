import { isRecord } from '@lg/runtime'

/** What a strategic merge patch says about a map or a list besides its values. */
export const patchDirective = '$patch'
export const retainKeysDirective = '$retainKeys'
export const deletePrefix = '$deleteFromPrimitiveList/'
export const orderPrefix = '$setElementOrder/'

export const isDirective = (key: string): boolean =>
  key === patchDirective ||
  key === retainKeysDirective ||
  key.startsWith(deletePrefix) ||
  key.startsWith(orderPrefix)

export function ownValue(map: unknown, key: string): unknown {
  return isRecord(map) && Object.hasOwn(map, key) ? map[key] : undefined
}

/** What tells the items of a list apart, as one string; `undefined` for an item that lacks a field. */
export function identityOf(item: unknown, keys: readonly string[]): string | undefined {
  const values = keys.map((key) => ownValue(item, key))
  if (values.some((value) => value === undefined || value === null)) return undefined
  return JSON.stringify(values.map(String))
}

/** The fields of an item that tell it apart. */
export function identityFields(item: unknown, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, ownValue(item, key)]))
}
