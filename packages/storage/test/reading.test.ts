import { isLgError, objectKey } from '@lg/runtime'
import { createSerializer, type Serializer } from '@lg/serializer'
import { createDirectoryRawStorage, createMappedRawStorage, createMemoryRawStorage } from '@lg/storage-raw'
import { createStorage } from '@lg/storage'
import { createRecordingLogger, createTree, type Tree } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Car, car, createCarSerializer } from './car.ts'

let tree: Tree
beforeEach(async () => {
  tree = await createTree()
})
afterEach(() => tree.close())

const text = (name: string, rest = 'spec:\n  brand: Volvo\n'): string =>
  `apiVersion: example.org/v1\nkind: Car\nmetadata:\n  name: ${name}\n${rest}`
const carKey = (name: string) => objectKey({ group: 'example.org', kind: 'Car', namespace: 'default', name })

/** A serializer that counts what it decodes. */
function counting(): { readonly serializer: Serializer; decoded(): number } {
  const serializer = createCarSerializer()
  let count = 0
  return {
    decoded: () => count,
    serializer: {
      ...serializer,
      decoder: (options) => {
        const decoder = serializer.decoder(options)
        return {
          ...decoder,
          decodeDocument: (source, call) => {
            count++
            return decoder.decodeDocument(source, call)
          },
        }
      },
    },
  }
}

describe('the cache', () => {
  it('decodes nothing again while nothing changes, and only what changed afterwards', async () => {
    for (const name of ['a', 'b', 'c']) await tree.write(`${name}.yaml`, text(name))
    const { serializer, decoded } = counting()
    const raw = createMappedRawStorage({ dir: tree.dir, recognize: serializer.recognize })
    const storage = createStorage({ raw, serializer })
    await storage.list(Car)
    expect(decoded()).toBe(3)
    await storage.list(Car)
    await storage.get(carKey('a'))
    await storage.listMeta(Car)
    await storage.find(Car, { filter: ({ metadata }) => metadata.name === 'b' })
    await storage.count(Car)
    await storage.list(Car, { unstructured: true })
    expect(decoded()).toBe(3)
    await tree.write('b.yaml', text('b', 'spec:\n  brand: Saab\n'))
    expect((await storage.list(Car)).map(({ spec }) => spec?.brand)).toEqual(['Volvo', 'Saab', 'Volvo'])
    expect(decoded()).toBe(4)
  })
  it('is sound under changes from outside that keep size and time', async () => {
    const { serializer } = counting()
    const raw = createMappedRawStorage({ dir: tree.dir, recognize: serializer.recognize })
    const storage = createStorage({ raw, serializer })
    for (let speed = 1; speed < 9; speed++) {
      await tree.write('a.yaml', text('a', `status:\n  speed: ${speed}\n`))
      expect((await storage.get(carKey('a'), { as: Car })).status?.speed).toBe(speed)
      expect((await storage.list(Car))[0]?.status?.speed).toBe(speed)
    }
  })
  it('keeps within its size, and metadata longer than objects', async () => {
    for (let index = 0; index < 40; index++) {
      await tree.write(`${index}.yaml`, text(`car-${index}`, `spec:\n  brand: ${'x'.repeat(4000)}\n`))
    }
    const { serializer, decoded } = counting()
    const raw = createMappedRawStorage({ dir: tree.dir, recognize: serializer.recognize })
    const storage = createStorage({ raw, serializer, cacheSize: 256 * 1024 })
    await storage.list(Car)
    expect(decoded()).toBe(40)
    await storage.listMeta(Car)
    expect(decoded()).toBe(40)
    await storage.list(Car)
    expect(decoded()).toBeGreaterThan(40)
  })
  it('serves secondary indexes', async () => {
    for (const [name, brand] of [
      ['a', 'Volvo'],
      ['b', 'Saab'],
      ['c', 'Volvo'],
    ] as const) {
      await tree.write(`${name}.yaml`, text(name, `spec:\n  brand: ${brand}\n`))
    }
    const { serializer, decoded } = counting()
    const raw = createMappedRawStorage({ dir: tree.dir, recognize: serializer.recognize })
    const brand = (object: object): string[] => [(object as Car).spec?.brand ?? '']
    const storage = createStorage({ raw, serializer, indexes: { brand } })
    const namesOf = async (value: string): Promise<(string | undefined)[]> =>
      (await storage.list(Car, { index: { name: 'brand', value } })).map(({ metadata }) => metadata.name)
    expect(await namesOf('Volvo')).toEqual(['a', 'c'])
    expect(await namesOf('Saab')).toEqual(['b'])
    expect(decoded()).toBe(3)
    await tree.write('c.yaml', text('c', 'spec:\n  brand: Saab\n'))
    expect(await namesOf('Saab')).toEqual(['b', 'c'])
    expect(await storage.count(Car, { index: { name: 'brand', value: 'Volvo' } })).toBe(1)
    await expect(storage.list(Car, { index: { name: 'color', value: 'x' } })).rejects.toMatchObject({
      code: 'UNKNOWN_INDEX',
    })
  })
})

describe('what cannot be served', () => {
  it('is told with file and line, once for each state, and stops nothing', async () => {
    await tree.write('good.yaml', text('good'))
    await tree.write('typo.yaml', `# why\n---\n${text('typo', 'spec:\n  brnd: x\n')}`)
    await tree.write('broken.yaml', 'kind: [\n')
    await tree.write('values.yaml', 'replicas: 1\n')
    const logger = createRecordingLogger()
    const serializer = createCarSerializer()
    const raw = createMappedRawStorage({ dir: tree.dir, recognize: serializer.recognize, logger })
    const storage = createStorage({ raw, serializer, logger })
    for (const unstructured of [true, false, true, false]) {
      expect((await storage.list(Car, { unstructured })).map(({ metadata }) => metadata.name)).toEqual([
        'good',
      ])
    }
    expect((await storage.problems()).map(({ type, location, line }) => [type, location.path, line])).toEqual(
      [
        ['invalid', 'broken.yaml', expect.any(Number)],
        ['invalid', 'typo.yaml', 8],
        ['noObject', 'values.yaml', 1],
      ],
    )
    const warnings = logger.entries
      .filter(({ level }) => level === 'warn')
      .map(({ fields }) => fields?.['path'])
    expect(warnings.toSorted()).toEqual(['broken.yaml', 'typo.yaml'])
  })
  it('includes an object in the place of another', async () => {
    await tree.write('Car.example.org/default/foo/metadata.yaml', text('bar'))
    const storage = createStorage({
      raw: createDirectoryRawStorage({ dir: tree.dir }),
      serializer: createCarSerializer(),
    })
    await expect(storage.get(carKey('foo'))).rejects.toMatchObject({
      code: 'KEY_MISMATCH',
      details: { key: carKey('foo'), stated: carKey('bar') },
    })
    expect(await storage.list(Car)).toEqual([])
    expect(await storage.problems()).toHaveLength(1)
  })
  it('includes bytes that are no text, and two documents where one belongs', async () => {
    await tree.write('Car.example.org/default/foo/metadata.yaml', new Uint8Array([0xff, 0xfe, 0x00]))
    await tree.write('Car.example.org/default/bar/metadata.yaml', `${text('bar')}---\n${text('baz')}`)
    const storage = createStorage({
      raw: createDirectoryRawStorage({ dir: tree.dir }),
      serializer: createCarSerializer(),
    })
    for (const name of ['foo', 'bar']) {
      const error: unknown = await storage.get(carKey(name)).catch((reason: unknown) => reason)
      expect(isLgError(error)).toBe(true)
    }
    expect(await storage.list(Car)).toEqual([])
    expect(await storage.problems()).toHaveLength(2)
  })
})

describe('kinds that the scheme does not know', () => {
  const foreign = `kind: Thing # mine\napiVersion: other.org/v3\nmetadata: {name: x}\nanything: [1, {goes: here}]\n`
  it('stay untouched, and are served on request', async () => {
    await tree.write('all.yaml', `${foreign}---\n${text('a')}`)
    const serializer = createCarSerializer()
    const raw = createMappedRawStorage({ dir: tree.dir, recognize: serializer.recognize })
    const storage = createStorage({ raw, serializer })
    const kind = { group: 'other.org', kind: 'Thing' }
    const key = { ...kind, namespace: '', name: 'x' }
    expect(await storage.problems()).toEqual([])
    expect(await storage.kinds()).toEqual([{ group: 'example.org', kind: 'Car' }])
    await storage.update(car('a', { spec: { brand: 'Saab' }, status: undefined }))
    expect(await tree.read('all.yaml')).toBe(`${foreign}---\n${text('a', 'spec:\n  brand: Saab\n')}`)

    const thing = {
      apiVersion: 'other.org/v3',
      kind: 'Thing',
      metadata: { name: 'x' },
      anything: [1, { goes: 'here' }],
    }
    expect(await storage.list(kind, { unstructured: true })).toEqual([thing])
    expect(await storage.get(key, { unstructured: true })).toEqual(thing)
    expect(await storage.kinds({ unstructured: true })).toContainEqual(kind)
    await expect(storage.update(thing)).rejects.toMatchObject({ code: 'UNRECOGNIZED_GROUP' })
  })
  it('include unknown versions of known kinds: refused with their place, also after they were served on request', async () => {
    await tree.write('new.yaml', text('new').replace('/v1', '/v9'))
    const logger = createRecordingLogger()
    const serializer = createCarSerializer()
    const raw = createMappedRawStorage({ dir: tree.dir, recognize: serializer.recognize })
    const storage = createStorage({ raw, serializer, logger })
    const group = { group: 'example.org', kind: 'Car' }
    for (let time = 0; time < 2; time++) {
      expect(await storage.list(group, { unstructured: true })).toHaveLength(1)
      expect(await storage.listMeta(group, { unstructured: true })).toHaveLength(1)
      expect(await storage.list(group)).toEqual([])
      expect(await storage.listMeta(group)).toEqual([])
      await expect(storage.get(carKey('new'))).rejects.toMatchObject({ code: 'UNRECOGNIZED_VERSION' })
      await expect(storage.getMeta(carKey('new'))).rejects.toMatchObject({ code: 'UNRECOGNIZED_VERSION' })
    }
    expect(logger.entries.map(({ fields }) => fields?.['path'])).toEqual(['new.yaml'])
  })
  it('can be written by a storage that is told to serve them', async () => {
    await tree.write('all.yaml', foreign)
    const serializer = createCarSerializer()
    const raw = createMappedRawStorage({ dir: tree.dir, recognize: serializer.recognize })
    const storage = createStorage({ raw, serializer, unstructured: true })
    const key = { group: 'other.org', kind: 'Thing', namespace: '', name: 'x' }
    await storage.patch(key, {
      type: 'json',
      patch: [{ op: 'replace', path: '/anything/1/goes', value: 'there' }],
    })
    expect(await tree.read('all.yaml')).toBe(foreign.replace('here', 'there'))
  })
})

describe('copies', () => {
  it('still know their text, so that encoding them elsewhere keeps comments', async () => {
    await tree.write('a.yaml', `${text('a')}# the end\n`)
    const serializer = createCarSerializer()
    const raw = createMappedRawStorage({ dir: tree.dir, recognize: serializer.recognize })
    const storage = createStorage({ raw, serializer })
    for (const object of [
      await storage.get(carKey('a')),
      (await storage.list(Car, { entries: true }))[0]!.object,
    ]) {
      expect((await serializer.encoder().encodeDocument(object)).text).toBe(`${text('a')}# the end\n`)
    }
  })
})

it('names objects by uid where they have no name', async () => {
  const { createNameIdentifier, createScheme, createUidIdentifier, defineKind } = await import('@lg/runtime')
  const scheme = createScheme()
  scheme.register(defineKind({ ...Car, schema: Car.schema as never }))
  const serializer = createSerializer({ scheme })
  const identifiers = [createNameIdentifier({ scopes: scheme }), createUidIdentifier()]
  const storage = createStorage({ raw: createMemoryRawStorage(), serializer, identifiers, strict: false })
  const key = storage.keyOf({ apiVersion: 'example.org/v1', kind: 'Car', metadata: { uid: '0-1' } })
  expect(key).toEqual(objectKey({ group: 'example.org', kind: 'Car', name: '0-1' }))
  expect(storage.keyOf(car('foo'))).toEqual(carKey('foo'))
})
