import { createScheme, defineKind, objectKey } from '@lg/runtime'
import { createSerializer } from '@lg/serializer'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { GitStorageOptions } from '../src/index.ts'
import { createFleet, type Fleet } from './fleet.ts'

let fleet: Fleet | undefined
afterEach(() => fleet?.close())

const text = (name: string, brand = 'SAAB'): string =>
  `apiVersion: example.org/v1\nkind: Boat\nmetadata:\n  name: ${name}\nbrand: ${brand}\n`
const key = (name: string) => objectKey({ group: 'example.org', kind: 'Boat', namespace: 'default', name })
const files = { 'boats/a.yaml': text('a'), 'boats/b.yaml': text('b'), 'boats/c.yaml': text('c') }

/** A fleet that writes down which files are looked into, and which objects are decoded. */
async function watchedFleet(options: Partial<GitStorageOptions> = {}) {
  const looked: string[] = []
  const decoded: string[] = []
  const boat = defineKind({
    group: 'example.org',
    version: 'v1',
    kind: 'Boat',
    scope: 'namespaced',
    schema: z
      .looseObject({
        apiVersion: z.literal('example.org/v1'),
        kind: z.literal('Boat'),
        metadata: z.looseObject({ name: z.string() }),
        brand: z.string(),
      })
      .refine(({ metadata }) => decoded.push(metadata.name) > 0),
  })
  const scheme = createScheme()
  scheme.register(boat)
  const serializer = createSerializer({ scheme })
  fleet = await createFleet(files, {
    serializer: {
      ...serializer,
      recognize(path, bytes) {
        looked.push(path)
        return serializer.recognize(path, bytes)
      },
    },
    ...options,
  })
  return { fleet, boat, looked, decoded }
}

describe('the index', () => {
  it('follows a commit by looking into the files that differ, and no other', async () => {
    const { fleet, boat, looked } = await watchedFleet()
    expect(await fleet.storage.count(boat)).toBe(3)
    expect(looked.splice(0).toSorted()).toEqual(Object.keys(files))
    await fleet.remote.commit({ files: { 'boats/b.yaml': text('b', 'Volvo'), 'boats/c.yaml': null } })
    await fleet.storage.sync()
    expect(await fleet.storage.count(boat)).toBe(2)
    expect(looked).toEqual(['boats/b.yaml'])
  })

  it('is shared by readers of several commits', async () => {
    const { fleet, boat, looked } = await watchedFleet()
    const before = fleet.storage.commit
    const branch = 'other'
    await fleet.remote.resetBranch(branch, 'main')
    await fleet.remote.commit({ branch, files: { 'boats/b.yaml': text('b', 'Volvo') } })
    expect(await fleet.storage.count(boat)).toBe(3)
    looked.length = 0
    const other = await fleet.storage.at(branch)
    const pinned = await fleet.storage.at(before)
    expect(await other.get(key('b'))).toMatchObject({ brand: 'Volvo' })
    expect(await pinned.get(key('b'))).toMatchObject({ brand: 'SAAB' })
    expect(looked).toEqual(['boats/b.yaml'])
  })

  it('is made without decoding anything, not even what could not be', async () => {
    const { fleet, boat, decoded } = await watchedFleet()
    await fleet.remote.commit({ files: { 'boats/d.yaml': `${text('d')}more: { a: [1, 2 }\n` } })
    await fleet.storage.sync()
    expect(await fleet.storage.count(boat)).toBe(4)
    expect(decoded).toEqual([])
    await expect(fleet.storage.get(key('d'))).rejects.toMatchObject({ code: 'INVALID_DOCUMENT' })
  })
})

describe('a value', () => {
  it('is decoded when it is first read, once for all commits that hold it', async () => {
    const { fleet, decoded } = await watchedFleet()
    const before = fleet.storage.commit
    await fleet.storage.get(key('a'))
    expect(decoded).toEqual(['a'])
    await fleet.remote.commit({ files: { 'boats/b.yaml': text('b', 'Volvo') } })
    await fleet.storage.sync()
    for (const storage of [fleet.storage, await fleet.storage.at(before)])
      expect(await storage.get(key('a'))).toMatchObject({ brand: 'SAAB' })
    expect(decoded).toEqual(['a'])
  })

  it('is kept within a bound, and decoded again behind it', async () => {
    const { fleet, decoded } = await watchedFleet({ cacheSize: 0 })
    await fleet.storage.get(key('a'))
    await fleet.storage.get(key('a'))
    expect(decoded).toEqual(['a', 'a'])
  })
})
