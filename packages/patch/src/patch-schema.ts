import { isRecord } from '@lg/runtime'

/**
 * A JSON Schema, an OpenAPI schema or the schema of a CRD, as far as strategic merge needs it: `properties`, `items`,
 * `additionalProperties`, `allOf`, `$ref` inside of itself, and Kubernetes' `x-kubernetes-*` fields.
 */
export type PatchSchema = Readonly<Record<string, unknown>>

/** How a list takes a patch. */
type ListStrategy =
  | { readonly type: 'replace' }
  /** Items are found again by these fields. */
  | { readonly type: 'byKey'; readonly keys: readonly string[] }
  /** Items are values of a set. */
  | { readonly type: 'set' }

/** What a schema says of the place where a patch is. */
export interface SchemaNode {
  field(key: string): SchemaNode
  item(): SchemaNode
  list(): ListStrategy
  /** True when a map is replaced as a whole. */
  readonly isAtomic: boolean
  /** True when a created patch of this map lists the keys to keep. */
  readonly retainsKeys: boolean
}

export function createSchemaNode(schema: PatchSchema | undefined): SchemaNode {
  return nodeOf(schema === undefined ? [] : expand(schema, schema, 0), schema ?? {})
}

function nodeOf(parts: readonly PatchSchema[], root: PatchSchema): SchemaNode {
  const first = (name: string): unknown => parts.find((part) => part[name] !== undefined)?.[name]
  const below = (values: readonly unknown[]): SchemaNode =>
    nodeOf(
      values.flatMap((value) => (isRecord(value) ? expand(value, root, 0) : [])),
      root,
    )
  const strategies = String(first('x-kubernetes-patch-strategy') ?? '').split(',')
  return {
    field: (key) =>
      below(
        parts.flatMap((part) => {
          const { properties, additionalProperties } = part
          if (isRecord(properties) && Object.hasOwn(properties, key)) return [properties[key]]
          return [additionalProperties]
        }),
      ),
    item: () => below(parts.map(({ items }) => items)),
    isAtomic: first('x-kubernetes-map-type') === 'atomic' || strategies.includes('replace'),
    retainsKeys: strategies.includes('retainKeys'),
    list() {
      const mergeKey = first('x-kubernetes-patch-merge-key')
      if (strategies.includes('merge')) {
        return typeof mergeKey === 'string' ? { type: 'byKey', keys: [mergeKey] } : { type: 'set' }
      }
      const type = first('x-kubernetes-list-type')
      const keys = first('x-kubernetes-list-map-keys')
      if (type === 'set') return { type: 'set' }
      if (type === 'map' && Array.isArray(keys) && keys.length > 0)
        return { type: 'byKey', keys: keys.map(String) }
      return { type: 'replace' }
    },
  }
}

/** A schema with all that it refers to or combines; circles are cut. */
function expand(schema: PatchSchema, root: PatchSchema, depth: number): readonly PatchSchema[] {
  if (depth > 16) return []
  const { $ref, allOf } = schema
  const referred = typeof $ref === 'string' ? resolve($ref, root) : undefined
  const parts = [...(Array.isArray(allOf) ? allOf : []), ...(referred === undefined ? [] : [referred])]
  return [schema, ...parts.filter(isRecord).flatMap((part) => expand(part, root, depth + 1))]
}

function resolve(reference: string, root: PatchSchema): unknown {
  if (!reference.startsWith('#/')) return undefined
  let value: unknown = root
  for (const token of reference.slice(2).split('/')) {
    const key = decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~')
    value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
  }
  return value
}
