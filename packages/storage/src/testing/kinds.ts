import {
  createScheme,
  defineKind,
  isRecord,
  type Kind,
  type KubernetesObject,
  type ObjectSchema,
  type Scheme,
} from '@lg/runtime'

/** The kind of most cases: namespaced, with a number, a set of words and a list that is merged by name. */
export interface Widget extends KubernetesObject {
  spec?: {
    size?: number | bigint
    color?: string | null
    parts?: { name: string; count?: number }[]
    extra?: Record<string, unknown>
  }
}

const metadataSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
const specSchema = {
  type: 'object',
  properties: {
    size: { type: 'integer' },
    color: {},
    extra: { type: 'object', additionalProperties: {} },
    parts: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: { type: 'object', properties: { name: { type: 'string' }, count: { type: 'integer' } } },
    },
  },
}

/** A schema by hand, so that the suite needs no schema library. */
function schemaOf<T extends KubernetesObject>(
  spec: object,
  check: (value: T) => string | undefined,
): ObjectSchema {
  const properties = {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: metadataSchema,
    spec,
  }
  const jsonSchema = { type: 'object', properties }
  return {
    '~standard': {
      version: 1,
      vendor: 'lg-conformance',
      validate: (value: unknown) => {
        const message = isRecord(value) ? check(value as unknown as T) : 'is not a map'
        return message === undefined ? { value } : { issues: [{ message, path: ['spec', 'size'] }] }
      },
      jsonSchema: { input: () => jsonSchema, output: () => jsonSchema },
    },
  } as ObjectSchema
}

const group = 'conformance.example.org'

export const Widget: Kind<Widget> = defineKind({
  group,
  version: 'v1',
  kind: 'Widget',
  scope: 'namespaced',
  schema: schemaOf<Widget>(specSchema, ({ spec }) => {
    const size = spec?.size
    return size === undefined || typeof size === 'bigint' || Number.isInteger(size) ?
        undefined
      : 'is not an integer'
  }),
}) as unknown as Kind<Widget>

/** A cluster-scoped kind. */
export const Region: Kind = defineKind({
  group,
  version: 'v1',
  kind: 'Region',
  scope: 'cluster',
  schema: schemaOf({ type: 'object', additionalProperties: {} }, () => undefined),
}) as Kind

/** A kind that the scheme of the suite does not know. */
export const unknownKind: { readonly group: string; readonly kind: string } = {
  group: 'unknown.example.org',
  kind: 'Thing',
}

/** The scheme that a storage under test has to serve. */
export function conformanceScheme(): Scheme {
  const scheme = createScheme()
  scheme.register(Widget)
  scheme.register(Region)
  return scheme
}

export function widget(name: string, spec: Widget['spec'] = { size: 1 }, metadata: object = {}): Widget {
  return { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name, ...metadata }, ...(spec && { spec }) }
}

export function region(name: string): KubernetesObject {
  return { apiVersion: `${group}/v1`, kind: 'Region', metadata: { name } }
}
