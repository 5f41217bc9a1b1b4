import { createScheme, objectKey, type KubernetesObject } from '@lg/runtime'
import { createSerializer } from '@lg/serializer'
import { createMappedRawStorage, createMemoryRawStorage } from '@lg/storage-raw'
import { createClient, createStorage, type Storage, type StorageOptions, type Validator } from '@lg/storage'
import { createFakeClock, createTree, type Tree } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Car, car, createCarSerializer } from './car.ts'

let tree: Tree
beforeEach(async () => {
  tree = await createTree()
})
afterEach(() => tree.close())

const inMemory = (options: Partial<StorageOptions> = {}): Storage =>
  createStorage({ raw: createMemoryRawStorage(), serializer: createCarSerializer(), ...options })

describe('validators', () => {
  const limit: Validator = {
    name: 'speed limit',
    validate: ({ after }) =>
      ((after as Car | undefined)?.status?.speed ?? 0) > 100 ? 'too fast' : undefined,
  }
  it('veto a write before anything is written', async () => {
    const cars = createClient(inMemory({ validators: [limit] }), Car)
    const refused = { code: 'REJECTED', details: { validator: 'speed limit', reason: 'too fast' } }
    await expect(cars.create(car('foo', { status: { speed: 101 } }))).rejects.toMatchObject(refused)
    await cars.create(car('foo'))
    const fast = { type: 'merge', patch: { status: { speed: 200 } } } as const
    await expect(cars.patch('foo', fast)).rejects.toMatchObject(refused)
    await expect(cars.patch('foo', fast, { dryRun: true })).rejects.toMatchObject(refused)
    expect(await cars.get('foo')).toEqual(car('foo'))
  })
  it('see what was and what will be, and cannot change it', async () => {
    const seen: unknown[] = []
    const watcher: Validator = {
      name: 'watcher',
      validate({ operation, before, after }) {
        seen.push([
          operation,
          (before as Car | undefined)?.status?.speed,
          (after as Car | undefined)?.status?.speed,
        ])
        expect(() => (((after ?? before) as Car).metadata.name = 'other')).toThrow(TypeError)
        return undefined
      },
    }
    const cars = createClient(inMemory({ validators: [watcher] }), Car)
    await cars.create(car('foo'))
    await cars.update(car('foo', { status: { speed: 2 } }))
    await cars.delete('foo')
    expect(seen).toEqual([
      ['create', undefined, 1],
      ['update', 1, 2],
      ['delete', 2, undefined],
    ])
  })
  it('leave the objects of the caller as they are', async () => {
    const cars = createClient(inMemory({ validators: [limit] }), Car)
    const mine = car('foo')
    await cars.create(mine)
    mine.status = { speed: 5 }
    await cars.update(mine)
    mine.metadata.labels = { still: 'mine' }
    expect((await cars.get('foo')).status?.speed).toBe(5)
  })
})

describe('creationTimestamp', () => {
  it('is set on create when asked for, and never else', async () => {
    const clock = createFakeClock({ now: Date.UTC(2026, 0, 2, 3, 4, 5, 678) })
    const cars = createClient(inMemory({ creationTimestamp: true, clock }), Car)
    const mine = car('foo')
    await cars.create(mine)
    expect(mine).toEqual(car('foo'))
    expect((await cars.get('foo')).metadata.creationTimestamp).toBe('2026-01-02T03:04:05Z')
    await cars.create(car('bar', { metadata: { name: 'bar', creationTimestamp: '2020-01-01T00:00:00Z' } }))
    expect((await cars.get('bar')).metadata.creationTimestamp).toBe('2020-01-01T00:00:00Z')
    const plain = createClient(inMemory(), Car)
    await plain.create(car('foo'))
    expect(await plain.get('foo')).toEqual(car('foo'))
  })
})

describe('versions of a kind', () => {
  const meta = { apiVersion: z.string(), kind: z.string(), metadata: z.looseObject({ name: z.string() }) }
  const oldSchema = z.object({ ...meta, topSpeed: z.number() })
  const newSchema = z.object({ ...meta, limits: z.object({ speed: z.number() }) })
  const base = { group: 'example.org', kind: 'Van', scope: 'namespaced' } as const

  function open(options: Partial<StorageOptions> = {}) {
    const scheme = createScheme()
    const Old = scheme.register({
      ...base,
      version: 'v1',
      schema: oldSchema,
      toHub: ({ topSpeed, ...rest }) => ({ ...rest, limits: { speed: topSpeed } }),
      fromHub: ({ limits, ...rest }: { limits: { speed: number } }) => ({ ...rest, topSpeed: limits.speed }),
    })
    const New = scheme.register({ ...base, version: 'v2', schema: newSchema, hub: true })
    const serializer = createSerializer({ scheme })
    const raw = createMappedRawStorage({ dir: tree.dir, recognize: serializer.recognize })
    return { storage: createStorage({ raw, serializer, ...options }), Old, New }
  }
  const stored = 'apiVersion: example.org/v1\nkind: Van\nmetadata:\n  name: a # mine\ntopSpeed: 10 # slow\n'
  const key = objectKey({ group: 'example.org', kind: 'Van', namespace: 'default', name: 'a' })

  it('are read as they are stored, or as they are asked for', async () => {
    await tree.write('a.yaml', stored)
    const { storage, Old, New } = open()
    expect(await storage.get(key)).toMatchObject({ apiVersion: 'example.org/v1', topSpeed: 10 })
    expect(await storage.get(key, { as: New })).toMatchObject({
      apiVersion: 'example.org/v2',
      limits: { speed: 10 },
    })
    expect((await createClient(storage, New).list())[0]?.limits.speed).toBe(10)
    expect((await createClient(storage, Old).list())[0]?.topSpeed).toBe(10)
    expect(await storage.list({ group: 'example.org', kind: 'Van' })).toMatchObject([{ topSpeed: 10 }])
  })
  it.each([
    ['object', 'apiVersion: example.org/v2'],
    ['stored', 'apiVersion: example.org/v1'],
    ['hub', 'apiVersion: example.org/v2'],
  ] as const)('are written as storageVersion %s says', async (storageVersion, expected) => {
    await tree.write('a.yaml', stored)
    const { storage, New } = open({ storageVersion })
    const vans = createClient(storage, New)
    const van = await vans.get('a')
    van.limits.speed = 20
    await vans.update(van)
    const text = await tree.read('a.yaml')
    expect(text.split('\n')[0]).toBe(expected)
    expect(text).toContain('  name: a # mine\n')
    expect((await vans.get('a')).limits.speed).toBe(20)
    if (storageVersion === 'stored') expect(text).toBe(stored.replace('10', '20'))
  })
})

describe('the typed client', () => {
  it('knows names and namespaces of its kind', async () => {
    const cars = createClient(inMemory({ defaultNamespace: 'garage' }), Car)
    await cars.create(car('foo'))
    await cars.create(car('foo', { metadata: { name: 'foo', namespace: 'other' }, spec: { brand: 'Saab' } }))
    expect(cars.keyOf('foo').namespace).toBe('garage')
    expect((await cars.get({ name: 'foo', namespace: 'other' })).spec?.brand).toBe('Saab')
    expect(await cars.count()).toBe(2)
    expect((await cars.find({ namespace: 'other' })).spec?.brand).toBe('Saab')
    expect((await cars.list({ entries: true })).map(({ key }) => key.namespace)).toEqual(['garage', 'other'])
    expect((await cars.list({ limit: 1 })).remaining).toBe(1)
    expect(await cars.checksum('foo')).toBe((await cars.read('foo')).version)
    expect((await cars.getMeta('foo')).metadata.name).toBe('foo')
    await cars.delete({ name: 'foo', namespace: 'other' })
    expect(await cars.listMeta()).toHaveLength(1)
  })
  it('writes no object of another kind or version', async () => {
    const storage = inMemory({ unstructured: true })
    const cars = createClient(storage, Car)
    for (const wrong of [
      { ...car('x'), kind: 'Planet' },
      { ...car('x'), apiVersion: 'example.org/v2' },
      { ...car('x'), apiVersion: 'v1' },
    ]) {
      const refused = { code: 'WRONG_KIND', details: { expected: { group: 'example.org', kind: 'Car' } } }
      await expect(cars.create(wrong)).rejects.toMatchObject(refused)
      await expect(cars.update(wrong)).rejects.toMatchObject(refused)
    }
    expect(await storage.kinds()).toEqual([])
  })
  it('is checked by the compiler', async () => {
    const cars = createClient(inMemory(), Car)
    await cars.create(car('foo'))
    const found = await cars.get('foo')
    const speed: number | undefined = found.status?.speed
    const distance: number | bigint | undefined = found.status?.distance
    expect([speed, distance]).toEqual([1, undefined])
    // @ts-expect-error no such field
    expect(found.spec?.colour).toBeUndefined()
    // @ts-expect-error a speed is a number
    await expect(cars.update({ ...found, status: { speed: 'fast' } })).rejects.toMatchObject({
      code: 'SCHEMA_MISMATCH',
    })
    const other: KubernetesObject = { apiVersion: 'example.org/v1', kind: 'Planet', metadata: { name: 'x' } }
    // @ts-expect-error another kind
    const wrong: Car = other
    expect(wrong).toBe(other)
    const reading = createClient(inMemory() as Omit<Storage, 'create' | 'update' | 'patch' | 'delete'>, Car)
    // @ts-expect-error a storage that can only be read
    expect(reading.create).toBeTypeOf('function')
  })
})

describe('a new object', () => {
  it('goes where it is told to, in the format of that file', async () => {
    const serializer = createCarSerializer()
    const raw = createMappedRawStorage({ dir: tree.dir, recognize: serializer.recognize })
    const cars = createClient(createStorage({ raw, serializer }), Car)
    await expect(cars.create(car('a'))).rejects.toMatchObject({ code: 'NOT_TRACKED' })
    await cars.create(car('a'), { path: 'fleet/all.yaml' })
    await cars.create(car('b'), { path: 'fleet/all.yaml' })
    await cars.create(car('c'), { path: 'fleet/c.json' })
    expect(await tree.list()).toEqual(['fleet/all.yaml', 'fleet/c.json'])
    expect(JSON.parse(await tree.read('fleet/c.json'))).toEqual(car('c'))
    expect((await tree.read('fleet/all.yaml')).split('---\n')).toHaveLength(2)
    await cars.patch('c', { type: 'merge', patch: { status: { distance: 12176941420362965433n } } })
    expect(await tree.read('fleet/c.json')).toContain('12176941420362965433')
    expect((await cars.list()).map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'c'])
  })
})
