import { isRecord, setOwn } from '@lg/runtime'
import { copyJson, type JsonSchema } from './json-value.ts'

/**
 * Puts the defaults of a schema where `value` has no entry, as the API server does: into maps that are there, and into
 * those that a default brings. Changes `value`. Only `properties`, `additionalProperties`, `items` and `allOf` are
 * looked into: a default inside of an alternative is nobody's.
 */
export function applyDefaults(value: unknown, schema: unknown): void {
  if (!isRecord(schema)) return
  if (Array.isArray(schema['allOf'])) for (const part of schema['allOf']) applyDefaults(value, part)
  if (Array.isArray(value)) {
    for (const item of value) applyDefaults(item, schema['items'])
    return
  }
  if (!isRecord(value)) return
  const properties = isRecord(schema['properties']) ? schema['properties'] : {}
  for (const [key, property] of Object.entries(properties)) {
    if (!Object.hasOwn(value, key)) {
      if (isRecord(property) && property['default'] !== undefined)
        setOwn(value, key, copyJson(property['default']))
    }
  }
  for (const [key, item] of Object.entries(value)) {
    applyDefaults(item, Object.hasOwn(properties, key) ? properties[key] : schema['additionalProperties'])
  }
}

/** Takes out the nulls that the API server replaces by a default: of fields that have one and do not allow null. */
export function dropDefaultedNulls(value: unknown, schema: JsonSchema): void {
  if (Array.isArray(value)) {
    const { items } = schema
    if (isRecord(items)) for (const item of value) dropDefaultedNulls(item, items)
    return
  }
  if (!isRecord(value) || !isRecord(schema['properties'])) return
  for (const [key, property] of Object.entries(schema['properties'])) {
    if (!Object.hasOwn(value, key) || !isRecord(property)) continue
    const allowsNull = Array.isArray(property['type']) && property['type'].includes('null')
    if (value[key] === null && property['default'] !== undefined && !allowsNull) delete value[key]
    else dropDefaultedNulls(value[key], property)
  }
}
