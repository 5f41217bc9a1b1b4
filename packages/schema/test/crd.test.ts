import { readCorpus } from '@lg/corpus'
import { createScheme, hasTypeMeta, isLgError, type KubernetesObject } from '@lg/runtime'
import { createSerializer, serializerErrors, yamlFrameReader, type DecodeOptions } from '@lg/serializer'
import { parseYaml, parseYamlDocuments } from '@lg/yaml-edit'
import { describe, expect, it } from 'vitest'
import { kindsFromCrd, registerCrd, schemaErrors } from '../src/index.ts'

const crdText = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: cars.example.org
spec:
  group: example.org
  names: {kind: Car, plural: cars}
  scope: Namespaced
  versions:
  - name: v1alpha1
    served: true
    storage: false
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
  - name: v1alpha0
    served: false
    storage: false
    schema: {openAPIV3Schema: {type: object}}
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        required: [spec]
        properties:
          apiVersion: {type: string}
          kind: {type: string}
          metadata: {type: object}
          spec:
            type: object
            required: [brand]
            properties:
              brand: {type: string, enum: [Mercedes, Volvo]}
              doors: {type: integer, format: int32, minimum: 1, default: 5}
              distance: {type: integer, format: int64}
              total: {type: integer, minimum: 0, maximum: 18446744073709551615}
              port: {x-kubernetes-int-or-string: true}
              weight: {type: number, minimum: 0, exclusiveMinimum: true}
              note: {type: string, nullable: true, default: none}
              colour: {type: string, default: blue}
              nothing: {type: object}
              free: {type: object, x-kubernetes-preserve-unknown-fields: true}
              labels: {type: object, additionalProperties: {type: string}}
              seats:
                type: array
                maxItems: 7
                items:
                  type: object
                  properties:
                    name: {type: string, pattern: '^[a-z]+$'}
                    heated: {type: boolean, default: false}
              template:
                type: object
                x-kubernetes-embedded-resource: true
                properties: {spec: {type: object, properties: {a: {type: string}}}}
              engine:
                type: object
                default: {}
                properties: {fuel: {type: string, default: petrol, format: byte}}
            x-kubernetes-validations:
            - rule: self.doors > 0
`
const scheme = createScheme()
const { kinds, ignored } = registerCrd(scheme, parseYaml(crdText))
const serializer = createSerializer({ scheme })
const car = (spec: string, version = 'v1'): string =>
  `apiVersion: example.org/${version}\nkind: Car\nmetadata:\n  name: foo\n  labels: {a: b}\nspec:\n  brand: Volvo\n${spec}`
const decode = (spec: string, options?: DecodeOptions): Promise<KubernetesObject> =>
  serializer.decoder(options).decodeDocument(car(spec))
async function faultsOf(spec: string): Promise<readonly (readonly [string, string])[]> {
  const error: unknown = await decode(spec).catch((thrown: unknown) => thrown)
  if (serializerErrors.is(error, 'STRICT_DECODING') || serializerErrors.is(error, 'SCHEMA_MISMATCH')) {
    return error.details.faults.map(({ type, path }) => [type, path.join('.')] as const)
  }
  if (isLgError(error)) throw error
  return []
}

describe('a CustomResourceDefinition', () => {
  it('becomes a kind for each version that is served, the stored one being the hub', () => {
    expect(kinds.map(({ version, hub, scope }) => [version, hub, scope])).toEqual([
      ['v1', true, 'namespaced'],
      ['v1alpha1', false, 'namespaced'],
    ])
  })

  it('says what it does not judge', () => {
    expect(ignored.map(({ version, path, keyword }) => [version, path.join('.'), keyword])).toEqual([
      ['v1', 'spec.engine.fuel', 'format'],
      ['v1', 'spec', 'x-kubernetes-validations'],
    ])
  })

  it.each([
    '  doors: 4\n',
    '  distance: 9223372036854775807\n  total: 18446744073709551615\n',
    '  port: http\n',
    '  port: 80\n',
    '  weight: 0.1\n  note: null\n',
    '  colour: null\n',
    '  free: {any: {thing: 1}}\n  labels: {a: b}\n',
    '  seats: [{name: a}]\n',
    '  template: {apiVersion: v1, kind: Pod, metadata: {name: x, labels: {a: b}}, spec: {a: x}}\n',
  ])('accepts %j', async (spec) => {
    expect(await faultsOf(spec)).toEqual([])
  })

  it.each([
    ['  doors: 0\n', 'schema', 'spec.doors'],
    ['  doors: 1.5\n', 'schema', 'spec.doors'],
    ['  doors: 2147483648\n', 'schema', 'spec.doors'],
    ['  distance: 9223372036854776000\n', 'schema', 'spec.distance'],
    ['  total: 36893488147419103232\n', 'schema', 'spec.total'],
    ['  port: 1.5\n', 'schema', 'spec.port'],
    ['  port: null\n', 'schema', 'spec.port'],
    ['  weight: 0\n', 'schema', 'spec.weight'],
    ['  labels: {a: 1}\n', 'schema', 'spec.labels.a'],
    ['  seats: [{name: a}, {name: A}]\n', 'schema', 'spec.seats.1.name'],
    ['  seats: [{name: a, size: 1}]\n', 'unknownField', 'spec.seats.0.size'],
    ['  nothing: {a: 1}\n', 'unknownField', 'spec.nothing.a'],
    ['  template: {kind: Pod}\n', 'schema', 'spec.template'],
    ['  template: {apiVersion: v1, kind: Pod, spec: {b: x}}\n', 'unknownField', 'spec.template.spec.b'],
    ['wings: 2\n', 'unknownField', 'wings'],
  ])('refuses %j, and nothing else', async (spec, type, path) => {
    expect(await faultsOf(spec)).toEqual([[type, path]])
  })

  it('names every fault at once', async () => {
    const faults = await faultsOf('  doors: 0\n  wings: 2\n  port: []\n')
    expect(faults.map(([, path]) => path)).toEqual(['spec.doors', 'spec.wings', 'spec.port'])
  })

  it('fills defaults on request, and never writes them', async () => {
    const spec = '  note: null\n  seats: [{name: a}]\n  total: 12176941420362965433\n'
    const object = await decode(spec, { defaults: true })
    expect(object).toMatchObject({
      spec: {
        doors: 5,
        colour: 'blue',
        note: null,
        total: 12176941420362965433n,
        engine: { fuel: 'petrol' },
        seats: [{ name: 'a' }],
      },
    })
    expect((await serializer.encoder().encodeDocument(object)).text).toBe(car(spec))
    expect(await decode(spec)).not.toHaveProperty('spec.doors')
  })

  it('converts between its versions, which differ in their apiVersion alone', async () => {
    const text = car('  wings: 2 # two\n', 'v1alpha1')
    const object = await serializer.decoder().decodeDocument(text)
    const converted = serializer.converter().convert(object, 'v1')
    expect(converted.apiVersion).toBe('example.org/v1')
    const { text: written } = await serializer.encoder().encodeDocument(converted)
    expect(written).toBe(text.replace('v1alpha1', 'v1'))
  })

  it('does not convert by itself where a webhook does', async () => {
    const crd = parseYaml(crdText) as { spec: Record<string, unknown> }
    crd.spec['conversion'] = { strategy: 'Webhook' }
    expect(kindsFromCrd(crd).kinds.every(({ toHub }) => toHub === undefined)).toBe(true)
  })

  it('may be of v1beta1, with one schema for all', async () => {
    const { kinds: old } = kindsFromCrd({
      spec: {
        group: 'example.org',
        version: 'v1',
        scope: 'Cluster',
        names: { kind: 'Town' },
        preserveUnknownFields: false,
        validation: { openAPIV3Schema: { type: 'object', properties: { size: { type: 'integer' } } } },
      },
    })
    expect(old).toMatchObject([{ version: 'v1', scope: 'cluster', hub: true }])
    expect(await old[0]?.schema['~standard'].validate({ size: 'x' })).toHaveProperty('issues')
  })

  it.each([
    [{}, 'spec'],
    [{ spec: { group: 'a', names: {}, scope: 'Cluster' } }, 'spec.names.kind'],
    [{ spec: { group: 'a', names: { kind: 'B' }, scope: 'Wide' } }, 'spec.scope'],
    [{ spec: { group: 'a', names: { kind: 'B' }, scope: 'Cluster', versions: [] } }, 'spec.versions'],
    [
      { spec: { group: 'a', names: { kind: 'B' }, scope: 'Cluster', versions: [{ name: 'v1' }] } },
      'spec.versions',
    ],
  ])('that is none is refused: %j', (crd, path) => {
    let thrown: unknown
    try {
      kindsFromCrd(crd)
    } catch (error) {
      thrown = error
    }
    if (!schemaErrors.is(thrown, 'INVALID_CRD')) throw thrown
    expect(thrown.details.path.join('.')).toBe(path)
  })
})

const manifests = [...readCorpus('files'), ...readCorpus('large')]
describe.skipIf(manifests.length === 0)('real definitions', () => {
  const definitions = manifests
    .flatMap(({ text }) => (text.includes('CustomResourceDefinition') ? parseYamlDocuments(text) : []))
    .map(({ value }) => value)
    .filter((value) => hasTypeMeta(value) && value.kind === 'CustomResourceDefinition')
    // Patches of definitions are among them.
    .filter((value) => 'group' in (value as { spec: object }).spec)

  it('become kinds', () => {
    expect(definitions.length).toBeGreaterThan(10)
    for (const definition of definitions) expect(kindsFromCrd(definition).kinds.length).toBeGreaterThan(0)
  })

  it('judge the objects that come with them', async () => {
    const all = createScheme()
    for (const definition of definitions) {
      for (const kind of kindsFromCrd(definition).kinds) if (all.find(kind) === undefined) all.register(kind)
    }
    const decoder = createSerializer({ scheme: all }).decoder({ decodeUnknown: true })
    let judged = 0
    for (const { name, text } of readCorpus('files')) {
      const objects = await decoder
        .decodeAll(yamlFrameReader(text, { path: name }))
        .catch((error: unknown) => {
          if (
            isLgError(error, 'STRICT_DECODING') ||
            isLgError(error, 'SCHEMA_MISMATCH') ||
            isLgError(error, 'INVALID_OBJECT')
          )
            return []
          throw error
        })
      judged += objects.filter(
        (object) =>
          all.versionsOf({ group: object.apiVersion.split('/')[0] ?? '', kind: object.kind }).length > 0,
      ).length
    }
    expect(judged).toBeGreaterThan(0)
  })
})
