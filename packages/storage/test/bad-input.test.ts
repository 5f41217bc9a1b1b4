import { isLgError, objectKey, type KubernetesObject } from '@lg/runtime'
import { createMappedRawStorage, createMemoryRawStorage } from '@lg/storage-raw'
import { createStorage, type ListOptions, type Storage } from '@lg/storage'
import { createTree } from '@lg/test-kit'
import { beforeEach, describe, expect, it } from 'vitest'
import { Car, car, createCarSerializer } from './car.ts'

let storage: Storage
beforeEach(async () => {
  storage = createStorage({ raw: createMemoryRawStorage(), serializer: createCarSerializer() })
  await storage.create(car('foo'))
})
const key = objectKey({ group: Car.group, kind: Car.kind, namespace: 'default', name: 'foo' })

async function codeOf(call: () => unknown): Promise<string> {
  try {
    await call()
  } catch (error) {
    if (!isLgError(error)) throw error
    return error.code
  }
  return 'nothing'
}
const nothingChanged = async (): Promise<void> => expect(await storage.list(Car)).toEqual([car('foo')])

describe('what is no object', () => {
  it.each([
    undefined,
    null,
    5,
    'x',
    [],
    {},
    { apiVersion: 'example.org/v1', kind: 'Car' },
    { ...car('x'), metadata: null },
    { ...car('x'), metadata: { name: 5 } },
    { ...car('x'), kind: '' },
  ])('is refused: %j', async (value) => {
    const object = value as unknown as KubernetesObject
    expect(await codeOf(() => storage.create(object))).toBe('INVALID_OBJECT')
    expect(await codeOf(() => storage.update(object))).toBe('INVALID_OBJECT')
    expect(await codeOf(() => storage.keyOf(object))).toBe('INVALID_OBJECT')
    await nothingChanged()
  })
  it('or has no name', async () => {
    expect(await codeOf(() => storage.create(car('')))).toBe('NOT_IDENTIFIABLE')
  })
  it.each([() => 1, 2n ** 70n, Symbol('x'), new Map([[1, 2]]), new Set([1]), /x/])(
    'or holds what YAML cannot: %s',
    async (value) => {
      const raw = createMemoryRawStorage()
      const lenient = createStorage({ raw, serializer: createCarSerializer(), unstructured: true })
      const thing = { apiVersion: 'other.org/v1', kind: 'Thing', metadata: { name: 'x' }, spec: { value } }
      expect(await codeOf(() => lenient.create(thing))).toBe('NOT_SERIALIZABLE')
      expect(await lenient.kinds()).toEqual([])
    },
  )
})

describe('what is no key or kind', () => {
  it.each([undefined, null, 'foo', {}, { ...key, name: '' }, { ...key, name: 5 }, { ...key, name: 'a\0' }])(
    'is refused: %j',
    async (value) => {
      const given = value as typeof key
      const patch = { type: 'merge', patch: {} } as const
      for (const call of [
        () => storage.get(given),
        () => storage.getMeta(given),
        () => storage.checksum(given),
        () => storage.patch(given, patch),
        () => storage.delete(given),
      ]) {
        expect(await codeOf(call)).toBe('INVALID_KEY')
      }
      await nothingChanged()
    },
  )
  it.each([undefined, null, 'Car', {}, { group: 'example.org' }])('as a kind: %j', async (value) => {
    const kind = value as typeof Car
    for (const call of [() => storage.list(kind), () => storage.find(kind), () => storage.count(kind)])
      expect(await codeOf(call)).toBe('INVALID_KEY')
  })
  it('is not taken for an object of another kind', async () => {
    const other = { ...Car, kind: 'Planet' }
    expect(await codeOf(() => storage.get(key, { as: other }))).not.toBe('nothing')
  })
})

describe('a version that the scheme does not know', () => {
  const newer = { ...car('foo'), apiVersion: 'example.org/v9' }
  it('is not written, since it could not be read again', async () => {
    expect(await codeOf(() => storage.create({ ...newer, metadata: { name: 'bar' } }))).toBe(
      'UNRECOGNIZED_VERSION',
    )
    expect(await codeOf(() => storage.update(newer))).toBe('UNRECOGNIZED_VERSION')
    const patch = { type: 'merge', patch: { apiVersion: newer.apiVersion } } as const
    expect(await codeOf(() => storage.patch(key, patch))).toBe('UNRECOGNIZED_VERSION')
    await nothingChanged()
  })
  it('is written by a storage that serves what it does not know', async () => {
    const raw = createMemoryRawStorage()
    const lenient = createStorage({ raw, serializer: createCarSerializer(), unstructured: true })
    await lenient.create(newer)
    expect(await lenient.get(key)).toEqual(newer)
  })
})

describe('what is no patch', () => {
  it.each([undefined, null, 5, 'x', {}, { type: 'merge' }, { type: 'constructor', patch: {} }])(
    'is refused: %j',
    async (patch) => {
      expect(await codeOf(() => storage.patch(key, patch as never))).toBe('INVALID_PATCH')
      await nothingChanged()
    },
  )
})

describe('what is no filter', () => {
  it.each([
    { labels: 5 },
    { labels: null },
    { filter: 'x' },
    { listFilters: [5] },
    { listFilters: [() => 5] },
    { listFilters: [() => undefined] },
  ])('is refused instead of keeping all: %j', async (options) => {
    expect(await codeOf(() => storage.list(Car, options as unknown as ListOptions<Car>))).toBe(
      'INVALID_FILTER',
    )
  })
  it('shows where a selector is wrong', async () => {
    await expect(storage.list(Car, { labels: 'a in (b,c' })).rejects.toMatchObject({
      code: 'INVALID_FILTER',
      details: { position: 9 },
    })
  })
})

describe('an index', () => {
  it.each([
    ['throws', (): never => (undefined as never as { gone: never }).gone],
    ['gives a text instead of a list', () => 'Volvo' as unknown as string[]],
  ])('that %s is named with the object', async (_, brand) => {
    const indexed = createStorage({
      raw: createMemoryRawStorage(),
      serializer: createCarSerializer(),
      indexes: { brand },
    })
    await indexed.create(car('foo'))
    const call = indexed.list(Car, { index: { name: 'brand', value: 'Volvo' } })
    await expect(call).rejects.toMatchObject({ code: 'INDEX_FAILED', details: { index: 'brand', key } })
  })
})

describe('a file that goes while it is read', () => {
  it('is left out of the list, and what stays is served', async () => {
    const text = (name: string): string =>
      `apiVersion: example.org/v1\nkind: Car\nmetadata: {name: ${name}}\n`
    const tree = await createTree({ 'a.yaml': text('a'), 'b.yaml': text('b'), 'c.yaml': text('c') })
    const serializer = createCarSerializer()
    const raw = createMappedRawStorage({ dir: tree.dir, recognize: serializer.recognize })
    // Between the list and the reading of its documents.
    const list: typeof raw.list = async (...call) => {
      const entries = await raw.list(...call)
      await tree.remove('a.yaml')
      await tree.write('b.yaml', text('other'))
      return entries
    }
    const changing = createStorage({ raw: { ...raw, list }, serializer })
    expect((await changing.list(Car)).map(({ metadata }) => metadata.name)).toEqual(['c'])
    await changing.close()
    await tree.close()
  })
})
