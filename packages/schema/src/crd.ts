import { defineKind, isRecord, type Kind, type KubernetesObject, type Scheme, type Scope } from '@lg/runtime'
import { schemaErrors } from './errors.ts'
import { fromJsonSchema } from './from-json-schema.ts'
import type { JsonSchema } from './json-value.ts'
import { translateStructuralSchema, type IgnoredKeyword } from './structural-schema.ts'

/** The kinds of a CustomResourceDefinition, a kind for each version. */
export interface CrdKinds {
  /** The version that is stored comes first: it is the hub. */
  readonly kinds: readonly Kind[]
  /** Parts of the schemas that are not judged, such as CEL rules. */
  readonly ignored: readonly (IgnoredKeyword & { readonly version: string })[]
}

/**
 * Makes kinds from a CustomResourceDefinition (`apiextensions.k8s.io/v1`, also `v1beta1`): of the versions that are
 * served, and the one that is stored. With the conversion strategy `None` versions differ in their apiVersion alone,
 * and convert; with a webhook they do not.
 *
 * @throws {LgError} `INVALID_CRD`, `INVALID_JSON_SCHEMA`.
 */
export function kindsFromCrd(crd: unknown): CrdKinds {
  const spec = child(crd, ['spec'])
  const group = text(spec, ['spec', 'group'], 'group')
  const names = child(crd, ['spec', 'names'])
  const kind = text(names, ['spec', 'names', 'kind'], 'kind')
  const scope = scopeOf(spec)
  const versions = versionsOf(spec).filter(
    (version) => version['served'] !== false || version['storage'] === true,
  )
  const stored = versions.filter((version) => version['storage'] === true)
  if (stored.length !== 1)
    throw invalid(['spec', 'versions'], `${stored.length} versions are stored, not one`)
  const converts = isRecord(spec['conversion']) ? (spec['conversion']['strategy'] ?? 'None') === 'None' : true

  const ignored: (IgnoredKeyword & { version: string })[] = []
  const kinds = versions
    .toSorted((a, b) => Number(b['storage'] === true) - Number(a['storage'] === true))
    .map((definition): Kind => {
      const version = text(definition, ['spec', 'versions', 'name'], 'name')
      const translated = translateStructuralSchema(schemaOf(definition, spec))
      ignored.push(...translated.ignored.map((keyword) => ({ ...keyword, version })))
      const schema = fromJsonSchema<KubernetesObject>(translated.schema, { draft: '2020-12' })
      const isHub = definition['storage'] === true
      const conversion = converts && !isHub ? { toHub: same, fromHub: same } : {}
      return defineKind({ group, version, kind, scope, schema, hub: isHub, ...conversion }) as Kind
    })
  return { kinds, ignored }
}

/** {@link kindsFromCrd}, registered. */
export function registerCrd(scheme: Scheme, crd: unknown): CrdKinds {
  const found = kindsFromCrd(crd)
  for (const kind of found.kinds) scheme.register(kind)
  return found
}

const same = (object: KubernetesObject): KubernetesObject => object

function scopeOf(spec: JsonSchema): Scope {
  const { scope } = spec
  if (scope === 'Namespaced') return 'namespaced'
  if (scope === 'Cluster') return 'cluster'
  throw invalid(['spec', 'scope'], 'is neither Namespaced nor Cluster')
}

function versionsOf(spec: JsonSchema): readonly JsonSchema[] {
  const { versions, version } = spec
  if (Array.isArray(versions) && versions.length > 0 && versions.every(isRecord)) return versions
  // v1beta1 may name a single version instead.
  if (typeof version === 'string') return [{ name: version, served: true, storage: true }]
  throw invalid(['spec', 'versions'], 'is no list of versions')
}

/** The version's own schema, else the common one of v1beta1; without any, all is allowed. */
function schemaOf(version: JsonSchema, spec: JsonSchema): JsonSchema {
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  const { schema = spec['validation'] } = version
  const own = isRecord(schema) ? schema['openAPIV3Schema'] : undefined
  if (!isRecord(own)) return open
  return spec['preserveUnknownFields'] === true ?
      { ...own, 'x-kubernetes-preserve-unknown-fields': true }
    : own
}

function child(value: unknown, path: readonly string[]): JsonSchema {
  let at = value
  for (const part of path) at = isRecord(at) ? at[part] : undefined
  if (!isRecord(at)) throw invalid(path, 'is missing or not a map')
  return at
}

function text(map: JsonSchema, path: readonly string[], key: string): string {
  const value = map[key]
  if (typeof value === 'string' && value !== '') return value
  throw invalid(path, 'is missing or not a string')
}

function invalid(path: readonly string[], reason: string): Error {
  const message = `Not a CustomResourceDefinition: ${path.join('.')} ${reason}`
  return schemaErrors.create('INVALID_CRD', message, { path, reason })
}
