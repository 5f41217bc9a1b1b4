import { isRecord, type Kind, type ObjectSchema } from '@lg/runtime'
import type { FieldPath } from './errors.ts'

type JsonSchema = Readonly<Record<string, unknown>>

/** Fields that every object may have, whatever its schema says of `metadata` (Kubernetes' ObjectMeta). */
const typeFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata'])
const metadataFields: ReadonlySet<string> = new Set([
  ...['name', 'generateName', 'namespace', 'uid', 'labels', 'annotations', 'ownerReferences', 'finalizers'],
  ...[
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  ],
  ...['managedFields', 'selfLink'],
])

function isStandardField(path: FieldPath, key: string): boolean {
  return path.length === 0 ?
      typeFields.has(key)
    : path.length === 1 && path[0] === 'metadata' && metadataFields.has(key)
}

/**
 * The JSON Schema of what a kind's schema accepts (Standard JSON Schema, https://standardschema.dev/json-schema);
 * `undefined` when the library offers none.
 */
export function jsonSchemaOf(kind: Kind): JsonSchema | undefined {
  const standard: unknown = (kind.schema as ObjectSchema)['~standard']
  const converter = isRecord(standard) ? standard['jsonSchema'] : undefined
  const input = isRecord(converter) ? converter['input'] : undefined
  if (typeof input !== 'function') return undefined
  // What JSON Schema cannot say, such as a bigint, becomes a schema that accepts anything.
  const libraryOptions = { unrepresentable: 'any' }
  try {
    const schema: unknown = input({ target: 'draft-2020-12', libraryOptions })
    return isRecord(schema) ? schema : undefined
  } catch {
    return undefined
  }
}

/** Paths of the fields of a value that a JSON Schema does not know. */
export type UnknownFields = (value: unknown) => readonly FieldPath[]

/**
 * Looks for fields that a JSON Schema does not know. A schema with `properties` knows those and no others, unless it
 * says `additionalProperties` or `x-kubernetes-preserve-unknown-fields`; one without `properties` knows all.
 */
export function unknownBySchema(root: JsonSchema): UnknownFields {
  const parts = createSchemaParts(root)
  return (value) => {
    const found: FieldPath[] = []
    const path: (string | number)[] = []
    const visit = (item: unknown, schemas: readonly JsonSchema[]): void => {
      if (schemas.length === 0 || typeof item !== 'object' || item === null) return
      const inside = (key: string | number, entry: unknown, known: readonly JsonSchema[]): void => {
        path.push(key)
        visit(entry, known)
        path.pop()
      }
      if (Array.isArray(item)) {
        item.forEach((entry, index) => inside(index, entry, parts.item(schemas, index)))
        return
      }
      for (const [key, entry] of Object.entries(item)) {
        const known = parts.field(schemas, key)
        if (known !== undefined) inside(key, entry, known)
        else if (!isStandardField(path, key)) found.push([...path, key])
      }
    }
    visit(value, parts.all(root))
    return found
  }
}

/**
 * The keys that tell the items of a list apart, by the path of the list: `x-kubernetes-list-map-keys`, else
 * `x-kubernetes-patch-merge-key`.
 */
export type ListKeys = (path: FieldPath) => string | readonly string[] | undefined

export function listKeysBySchema(root: JsonSchema): ListKeys {
  const parts = createSchemaParts(root)
  return (path) => {
    let schemas = parts.all(root)
    for (const part of path) {
      schemas = typeof part === 'number' ? parts.item(schemas, part) : (parts.field(schemas, part) ?? [])
    }
    for (const schema of schemas) {
      const keys = schema['x-kubernetes-list-map-keys']
      if (Array.isArray(keys) && keys.length > 0) return keys.map(String)
      const key = schema['x-kubernetes-patch-merge-key']
      if (typeof key === 'string') return key
    }
    return undefined
  }
}

/** The schemas that together describe a field or an item. */
interface SchemaParts {
  /** A schema with all that it refers to or combines. */
  all(schema: unknown): readonly JsonSchema[]
  /** None when anything goes; `undefined` when the field is not known. */
  field(schemas: readonly JsonSchema[], key: string): readonly JsonSchema[] | undefined
  item(schemas: readonly JsonSchema[], index: number): readonly JsonSchema[]
}

function createSchemaParts(root: JsonSchema): SchemaParts {
  const expanded = new WeakMap<object, readonly JsonSchema[]>()
  const all = (schema: unknown): readonly JsonSchema[] => {
    if (!isRecord(schema)) return []
    const known = expanded.get(schema)
    if (known !== undefined) return known
    const parts = new Set<JsonSchema>()
    collect(schema, root, parts)
    const list = [...parts]
    expanded.set(schema, list)
    return list
  }
  const one = (schemas: readonly unknown[]): readonly JsonSchema[] =>
    schemas.length === 1 ? all(schemas[0]) : schemas.flatMap(all)
  return {
    all,
    field(schemas, key) {
      const known: unknown[] = []
      let closed = false
      let open = false
      for (const schema of schemas) {
        const named = namedSchemas(schema, key)
        const additional = schema['additionalProperties']
        if (schema['x-kubernetes-preserve-unknown-fields'] === true) open = true
        if (schema['x-kubernetes-embedded-resource'] === true && typeFields.has(key)) open = true
        if (named.length > 0) known.push(...named)
        else if (additional === true) open = true
        else if (isRecord(additional)) known.push(additional)
        else if (additional === false || isRecord(schema['properties'])) closed = true
      }
      if (known.length > 0) return one(known)
      return open || !closed ? [] : undefined
    },
    item: (schemas, index) =>
      one(
        schemas.map((schema) => {
          const prefix = schema['prefixItems']
          return (Array.isArray(prefix) ? prefix[index] : undefined) ?? schema['items']
        }),
      ),
  }
}

/** What `properties` and `patternProperties` say of a key. */
function namedSchemas(schema: JsonSchema, key: string): readonly unknown[] {
  const properties = schema['properties']
  const named = isRecord(properties) && Object.hasOwn(properties, key) ? [properties[key]] : []
  const patterns = schema['patternProperties']
  if (!isRecord(patterns)) return named
  const matching = Object.entries(patterns).filter(([pattern]) => matches(pattern, key))
  return [...named, ...matching.map(([, value]) => value)]
}

/** A pattern that JavaScript cannot read forbids nothing. */
function matches(pattern: string, key: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(key)
  } catch {
    return true
  }
}

function collect(schema: unknown, root: JsonSchema, parts: Set<JsonSchema>): void {
  if (!isRecord(schema) || parts.has(schema)) return
  parts.add(schema)
  if (typeof schema['$ref'] === 'string') collect(resolve(schema['$ref'], root), root, parts)
  for (const key of ['allOf', 'anyOf', 'oneOf']) {
    const list = schema[key]
    if (Array.isArray(list)) for (const part of list) collect(part, root, parts)
  }
  for (const key of ['if', 'then', 'else']) collect(schema[key], root, parts)
}

function resolve(reference: string, root: JsonSchema): unknown {
  if (!reference.startsWith('#')) return undefined
  let target: unknown = root
  for (const part of reference.slice(1).split('/').slice(1)) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    target =
      Array.isArray(target) ? target[Number(key)]
      : isRecord(target) && Object.hasOwn(target, key) ? target[key]
      : undefined
  }
  return target
}

/**
 * Paths of the fields that a schema's output lacks; `undefined` when the output is the value itself, which tells
 * nothing. A part of the output that is the value's own is accepted as a whole.
 */
export function unknownByOutput(value: unknown, output: unknown): readonly FieldPath[] | undefined {
  if (value === output) return undefined
  const found: FieldPath[] = []
  const visit = (item: unknown, kept: unknown, path: FieldPath): void => {
    if (item === kept) return
    if (Array.isArray(item) && Array.isArray(kept) && item.length === kept.length) {
      item.forEach((entry, index) => visit(entry, kept[index], [...path, index]))
    } else if (isRecord(item) && isRecord(kept)) {
      for (const [key, entry] of Object.entries(item)) {
        if (Object.hasOwn(kept, key)) visit(entry, kept[key], [...path, key])
        else if (!isStandardField(path, key)) found.push([...path, key])
      }
    }
  }
  visit(value, output, [])
  return found
}
