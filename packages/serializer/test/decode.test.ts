import { createScheme, isLgError, type KubernetesObject } from '@lg/runtime'
import { describe, expect, it } from 'vitest'
import {
  createSerializer,
  jsonFrameReader,
  serializerErrors,
  yamlFrameReader,
  type DecodeOptions,
  type Fault,
} from '../src/index.ts'
import { createTestScheme, newCarKind, oldCarKind, simpleKind } from './kinds.ts'

const serializer = createSerializer({ scheme: createTestScheme() })
const decode = (text: string, options?: DecodeOptions): Promise<KubernetesObject> =>
  serializer.decoder(options).decodeDocument(text, { path: 'cars/foo.yaml' })
const decodeAll = (text: string, options?: DecodeOptions): Promise<KubernetesObject[]> =>
  serializer.decoder(options).decodeAll(yamlFrameReader(text, { path: 'cars/foo.yaml' }))
const thrownBy = (pending: Promise<unknown>): Promise<unknown> =>
  pending.then(
    () => {
      throw new Error('nothing was thrown')
    },
    (error: unknown) => error,
  )
async function faultsOf(
  pending: Promise<unknown>,
  code: 'STRICT_DECODING' | 'SCHEMA_MISMATCH',
): Promise<readonly Fault[]> {
  const error = await thrownBy(pending)
  if (!serializerErrors.is(error, code)) throw error
  return error.details.faults
}

const simple = 'apiVersion: shop.example/v1alpha1\nkind: Simple\nmetadata:\n  name: foo\ntestString: bar\n'
const complex = `apiVersion: shop.example/v1
kind: Complex
metadata:
  name: foo
bool: yes
integer: 12176941420362965433
`
const oldCar = `apiVersion: shop.example/v1alpha1
kind: Car
metadata:
  name: foo
spec:
  maker: Mercedes
`

describe('decode', () => {
  it('gives the parsed value itself', async () => {
    expect(await decode(complex)).toEqual({
      apiVersion: 'shop.example/v1',
      kind: 'Complex',
      metadata: { name: 'foo' },
      bool: true,
      integer: 12176941420362965433n,
    })
  })

  it('gives one object a call, then nothing', async () => {
    const reader = yamlFrameReader(`---\n${simple}---\n${complex}`)
    const decoder = serializer.decoder()
    expect((await decoder.decode(reader))?.kind).toBe('Simple')
    expect((await decoder.decode(reader))?.kind).toBe('Complex')
    expect(await decoder.decode(reader)).toBeUndefined()
    expect(await decoder.decode(reader)).toBeUndefined()
  })

  it('reads JSON', async () => {
    const text =
      '{"apiVersion":"shop.example/v1","kind":"Complex","metadata":{"name":"foo"},"integer":9007199254740993}'
    const [object] = await serializer.decoder().decodeAll(jsonFrameReader(text))
    expect(object).toMatchObject({ integer: 9007199254740993n })
  })

  it.each([
    ['group', 'other.example/v1', 'Car', 'UNRECOGNIZED_GROUP'],
    ['version', 'shop.example/v7', 'Car', 'UNRECOGNIZED_VERSION'],
    ['kind', 'shop.example/v1', 'Bus', 'UNRECOGNIZED_KIND'],
  ])('refuses an unknown %s, and names the file', async (_, apiVersion, kind, code) => {
    const error = await thrownBy(decode(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: foo\n`))
    expect(isLgError(error, code)).toBe(true)
    expect((error as Error).message).toMatch(/^cars\/foo\.yaml:1: /)
  })

  it.each([
    ['a list', '- 1\n'],
    ['values', 'replicas: 1\n'],
    ['a name that is a number', simple.replace('foo', '8080')],
    ['nothing', '# empty\n'],
  ])('refuses %s', async (_, text) => {
    const error = await thrownBy(decode(text))
    expect(isLgError(error, 'INVALID_OBJECT')).toBe(true)
    expect((error as Error).message).toContain('cars/foo.yaml')
  })

  it('names the place of broken YAML in its stream', async () => {
    const error = await thrownBy(decodeAll(`${simple}---\nkind: [\n`))
    if (!serializerErrors.is(error, 'INVALID_DOCUMENT')) throw error
    expect(error.details.line).toBeGreaterThan(6)
    expect(error.message).toMatch(/^cars\/foo\.yaml:[78]:/)
  })

  it('names the place of broken JSON', async () => {
    const error = await thrownBy(
      serializer.decoder().decodeAll(jsonFrameReader('{}\n{\n "a": oops\n}', { path: 'a.json' })),
    )
    expect((error as Error).message).toContain('a.json')
  })
})

describe('strict', () => {
  it('reports unknown fields and what the schema refuses at once, each with its place', async () => {
    const text = `${simple.replace('bar', '1')}wings: 2\nmetadata2: {}\n`
    expect(await faultsOf(decode(text), 'STRICT_DECODING')).toEqual([
      { type: 'schema', path: ['testString'], message: expect.any(String) as string, line: 5, column: 1 },
      { type: 'unknownField', path: ['wings'], message: 'is not a known field', line: 6, column: 1 },
      { type: 'unknownField', path: ['metadata2'], message: 'is not a known field', line: 7, column: 1 },
    ])
    const error = await thrownBy(decode(text))
    expect((error as Error).message).toContain('cars/foo.yaml:6:1: wings: is not a known field')
  })

  it('is on by default, and lets unknown fields stay when it is off', async () => {
    const text = `${simple}wings: 2\n`
    expect(await faultsOf(decode(text), 'STRICT_DECODING')).toHaveLength(1)
    expect(await decode(text, { strict: false })).toMatchObject({ wings: 2 })
  })

  it('looks into lists', async () => {
    const text = `${complex}nested:\n  items:\n  - name: a\n  - name: b\n    colour: red\n`
    const faults = await faultsOf(decode(text), 'STRICT_DECODING')
    expect(faults).toMatchObject([{ path: ['nested', 'items', 1, 'colour'], line: 11, column: 5 }])
  })

  it('knows the standard fields of metadata', async () => {
    const metadata = 'metadata:\n  name: foo\n  labels: {a: b}\n  annotations: {}\n  finalizers: []\n'
    const text = simple.replace('metadata:\n  name: foo\n', metadata)
    expect(await decode(text)).toMatchObject({ metadata: { labels: { a: 'b' } } })
  })

  it('judges by what the output of a schema drops where there is no JSON Schema', async () => {
    const box = 'apiVersion: shop.example/v1\nkind: Box\nmetadata:\n  name: foo\nspec:\n  size: big\n'
    expect(await decode(`${box}  free:\n    any: thing\n`)).toMatchObject({
      spec: { free: { any: 'thing' } },
    })
    const text = `${box}  tags:\n  - key: a\n    colour: red\nwings: 2\n`
    expect(await faultsOf(decode(text), 'STRICT_DECODING')).toMatchObject([
      { path: ['spec', 'tags', 0, 'colour'], line: 9 },
      { path: ['wings'], line: 10 },
    ])
  })

  it('is refused where the schema cannot tell', async () => {
    const scheme = createScheme()
    scheme.register({
      ...simpleKind,
      schema: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } },
    })
    const decoder = (strict: boolean) => createSerializer({ scheme }).decoder({ strict })
    expect(isLgError(await thrownBy(decoder(true).decodeDocument(simple)), 'STRICT_UNSUPPORTED')).toBe(true)
    expect(await decoder(false).decodeDocument(simple)).toMatchObject({ testString: 'bar' })
  })

  it.each([true, false])('refuses what the schema refuses (strict: %s)', async (strict) => {
    const faults = await faultsOf(decode(simple.replace('bar', '[1]'), { strict }), 'SCHEMA_MISMATCH')
    expect(faults).toMatchObject([{ type: 'schema', path: ['testString'], line: 5, column: 1 }])
  })

  it('refuses duplicate keys with all else, and takes the last when it is off', async () => {
    const text = `${complex}nested:\n  items:\n  - name: a\n    name: b\nbool: no\nwings: 2\n`
    expect(await faultsOf(decode(text), 'STRICT_DECODING')).toMatchObject([
      { type: 'duplicateKey', path: ['nested', 'items', 0, 'name'], line: 10, column: 5 },
      { type: 'duplicateKey', path: ['bool'], line: 11, column: 1 },
      { type: 'unknownField', path: ['wings'], line: 12, column: 1 },
    ])
    expect(await decode(text, { strict: false })).toMatchObject({
      bool: false,
      nested: { items: [{ name: 'b' }] },
    })
  })

  it('refuses duplicate keys in JSON, and takes the last when it is off', async () => {
    const text =
      '{"apiVersion":"shop.example/v1alpha1","kind":"Simple","metadata":{"name":"foo"},\n"testString":"a","testString":"b"}'
    const read = (strict: boolean) => serializer.decoder({ strict }).decodeDocument(text)
    expect(await faultsOf(read(true), 'STRICT_DECODING')).toMatchObject([
      { type: 'duplicateKey', path: ['testString'], line: 2, column: 18 },
    ])
    expect(await read(false)).toMatchObject({ testString: 'b' })
  })
})

describe('unknown kinds', () => {
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: foo\nspec:\n  x: 0644\n'

  it('come as they stand when asked for', async () => {
    expect(await decode(pod, { decodeUnknown: true })).toMatchObject({ kind: 'Pod', spec: { x: 420 } })
    expect(await decode(simple, { decodeUnknown: true })).toMatchObject({ kind: 'Simple' })
    expect(
      await faultsOf(decode(`${simple}wings: 2\n`, { decodeUnknown: true }), 'STRICT_DECODING'),
    ).toHaveLength(1)
  })

  it('need no metadata', async () => {
    const [object] = await decodeAll('apiVersion: v1\nkind: Kustomization\nresources: [a.yaml]\n', {
      decodeUnknown: true,
    })
    expect(object).toMatchObject({ kind: 'Kustomization', metadata: {} })
  })
})

describe('decodeInto', () => {
  it('converts to the version of a kind', async () => {
    const decoder = serializer.decoder({ convertToHub: true })
    const car = await decoder.decodeInto(yamlFrameReader(oldCar), newCarKind)
    expect(car).toMatchObject({ apiVersion: 'shop.example/v1', spec: { brand: 'Mercedes' } })
    const same = await decoder.decodeInto(yamlFrameReader(oldCar), oldCarKind)
    expect(same?.spec.maker).toBe('Mercedes')
    expect(await decoder.decodeInto(yamlFrameReader(''), newCarKind)).toBeUndefined()
  })

  it('refuses another kind', async () => {
    const error = await thrownBy(serializer.decoder().decodeInto(yamlFrameReader(simple), newCarKind))
    expect(isLgError(error, 'KIND_MISMATCH')).toBe(true)
  })
})

describe('decodeUnstructured', () => {
  it('gives an object of any kind as it stands', async () => {
    const decoder = serializer.decoder({ defaults: true, convertToHub: true })
    const reader = yamlFrameReader(`${oldCar}wings: 2\n---\napiVersion: v1\nkind: Pod\nspec: {x: 0644}\n`)
    expect(await decoder.decodeUnstructured(reader)).toEqual({
      apiVersion: 'shop.example/v1alpha1',
      kind: 'Car',
      metadata: { name: 'foo' },
      spec: { maker: 'Mercedes' },
      wings: 2,
    })
    expect(await decoder.decodeUnstructured(reader)).toMatchObject({ kind: 'Pod', spec: { x: 420 } })
    expect(await decoder.decodeUnstructured(reader)).toBeUndefined()
  })

  it('keeps its text, and refuses a key twice', async () => {
    const object = await serializer.decoder().decodeUnstructured(yamlFrameReader(`${oldCar}# end\n`))
    expect(serializer.sourceOf(object as KubernetesObject)).toBe(`${oldCar}# end\n`)
    const twice = serializer.decoder().decodeUnstructured(yamlFrameReader(`${oldCar}kind: Car\n`))
    expect(await faultsOf(twice, 'STRICT_DECODING')).toMatchObject([{ type: 'duplicateKey' }])
  })
})

describe('decodeAll', () => {
  const items = [simple, complex, oldCar]
    .map((text) => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`)
    .join('')
  const list = `apiVersion: v1\nkind: List\nitems:\n${items}`

  it('gives the items of a list', async () => {
    const objects = await decodeAll(`${simple}---\n${list}`)
    expect(objects.map(({ kind }) => kind)).toEqual(['Simple', 'Simple', 'Complex', 'Car'])
  })

  it('places the faults of an item in the file', async () => {
    const error = await faultsOf(decodeAll(list.replace('bool: yes', 'wings: 2')), 'STRICT_DECODING')
    expect(error).toMatchObject([{ path: ['wings'], line: 13, column: 3 }])
  })

  it('gives the list itself when told so', async () => {
    const options = { decodeListElements: false, decodeUnknown: true }
    expect((await decodeAll(list, options)).map(({ kind }) => kind)).toEqual(['List'])
    expect(
      isLgError(await thrownBy(decodeAll(list, { decodeListElements: false })), 'UNRECOGNIZED_GROUP'),
    ).toBe(true)
  })

  it('gives the items of a list of a known kind', async () => {
    const cars = `apiVersion: shop.example/v1alpha1\nkind: CarList\nitems:\n- ${oldCar.trimEnd().replaceAll('\n', '\n  ')}\n`
    expect((await decodeAll(cars)).map(({ kind }) => kind)).toEqual(['Car'])
  })

  it('leaves the scheme as it was', async () => {
    const scheme = createTestScheme()
    const before = scheme.kinds().length
    await createSerializer({ scheme }).decoder().decodeAll(yamlFrameReader(list))
    expect(scheme.kinds()).toHaveLength(before)
  })
})

describe('decodePartial', () => {
  it('gives type and metadata, of known kinds only', async () => {
    const decoder = serializer.decoder()
    const [partial] = await decoder.decodePartial(yamlFrameReader(`${simple}wings: 2\n`))
    expect(partial).toEqual({
      apiVersion: 'shop.example/v1alpha1',
      kind: 'Simple',
      metadata: { name: 'foo' },
    })
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: foo\n'
    expect(isLgError(await thrownBy(decoder.decodePartial(yamlFrameReader(pod))), 'UNRECOGNIZED_GROUP')).toBe(
      true,
    )
    const lenient = serializer.decoder({ decodeUnknown: true })
    expect(await lenient.decodePartial(yamlFrameReader(pod))).toHaveLength(1)
  })
})
