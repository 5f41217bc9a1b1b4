import { objectKey } from '@lg/runtime'
import { expect } from 'vitest'
import type { Cases } from './case.ts'
import {
  bytesOf,
  car,
  failureOf,
  group,
  namesOf,
  planet,
  textOf,
  toText,
  type RawStorageHarness,
} from './harness.ts'

export const readCases: Cases<RawStorageHarness> = {
  'read/gives-what-was-written': async ({ storage }) => {
    const change = await storage.write(car('foo'), bytesOf(car('foo')))
    const document = await storage.read(car('foo'))
    expect(toText(document.bytes)).toBe(textOf(car('foo')))
    expect(document).toMatchObject({ key: car('foo'), version: change.version, location: change.location })
    expect(document.contentType).toBe('application/yaml')
  },
  'read/missing-is-NOT_FOUND': async ({ storage }) => {
    expect(await failureOf(storage.read(car('foo')))).toBe('NOT_FOUND')
    expect(await failureOf(storage.checksum(car('foo')))).toBe('NOT_FOUND')
    expect(await storage.exists(car('foo'))).toBe(false)
  },
  'read/tells-keys-apart': async ({ storage }) => {
    const keys = [
      car('foo'),
      car('foo', 'other'),
      planet('foo'),
      objectKey({ group, kind: 'Cargo', name: 'foo' }),
    ]
    for (const [value, key] of keys.entries()) await storage.write(key, bytesOf(key, value))
    for (const [value, key] of keys.entries())
      expect(toText((await storage.read(key)).bytes)).toBe(textOf(key, value))
  },
  'readMany/gives-each-key-once': async ({ storage }) => {
    const keys = Array.from({ length: 20 }, (_, index) => car(`car-${index}`))
    for (const key of keys) await storage.write(key, bytesOf(key, key.name))
    const read = new Map<string, string>()
    for await (const { key, bytes } of storage.readMany([...keys, car('gone')]))
      read.set(key.name, toText(bytes))
    expect(read).toEqual(new Map(keys.map((key) => [key.name, textOf(key, key.name)])))
  },
  'exists/follows-write-and-delete': async ({ storage }) => {
    await storage.write(car('foo'), bytesOf(car('foo')))
    expect(await storage.exists(car('foo'))).toBe(true)
    await storage.delete(car('foo'))
    expect(await storage.exists(car('foo'))).toBe(false)
  },
  'list/nothing-stored-is-empty': async ({ storage }) => {
    expect(await storage.list()).toEqual([])
    expect(await storage.list({ group, kind: 'Car' })).toEqual([])
    expect(await storage.problems()).toEqual([])
  },
  'list/ordered-by-key-and-filtered-by-kind': async ({ storage }) => {
    const keys = [car('b'), planet('z'), car('a', 'z'), car('a'), planet('a')]
    for (const key of keys) await storage.write(key, bytesOf(key))
    expect(namesOf(await storage.list())).toEqual(
      namesOf([car('a'), car('b'), car('a', 'z'), planet('a'), planet('z')].map((key) => ({ key }))),
    )
    expect(namesOf(await storage.list({ group, kind: 'Planet' }))).toEqual(
      namesOf([planet('a'), planet('z')].map((key) => ({ key }))),
    )
    expect(await storage.list({ group: 'other.org', kind: 'Car' })).toEqual([])
  },
  'keysOf/names-what-a-file-holds': async ({ storage }) => {
    const { location } = await storage.write(car('foo'), bytesOf(car('foo')))
    expect(await storage.keysOf(location.path)).toEqual([car('foo')])
    expect(await storage.keysOf('no/such/file.yaml')).toEqual([])
  },
}
