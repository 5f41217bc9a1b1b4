import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { carKey, carKind, carText, createFleet, type Car, type Fleet } from './fleet.ts'

let fleet: Fleet
beforeEach(async () => {
  fleet = await createFleet()
})
afterEach(() => fleet.close())

const brandAt = async (revision: string, options?: { freshness: 'fetch' | 'local' }): Promise<string> =>
  (await (await fleet.storage.at(revision, options)).get<Car>(carKey('foo'))).spec.brand

describe('at', () => {
  it('reads a branch, a tag, a commit and a pull request of the remote', async () => {
    const { remote } = fleet
    await remote.commit({ branch: 'dev', files: { 'cars/foo.yaml': carText('foo', 'Dev') } })
    const commit = await remote.commit({ files: { 'cars/foo.yaml': carText('foo', 'Main') } })
    await remote.git([
      '-c',
      'user.name=T',
      '-c',
      'user.email=t@example.org',
      'tag',
      '-a',
      '-m',
      'First',
      'v1',
      'dev',
    ])
    await remote.git(['update-ref', 'refs/pull/7/head', 'dev'])
    await fleet.directory.pull()
    expect(await brandAt('dev')).toBe('Dev')
    expect(await brandAt('refs/heads/dev')).toBe('Dev')
    expect(await brandAt('v1')).toBe('Dev')
    expect(await brandAt('refs/pull/7/head')).toBe('Dev')
    expect(await brandAt(commit)).toBe('Main')
    expect(await brandAt(commit.slice(0, 10))).toBe('Main')
    expect(await brandAt('main')).toBe('Main')
  })

  it('stays at its commit, whatever becomes of the branch', async () => {
    const pinned = await fleet.storage.at('main')
    await fleet.drive(99)
    expect(await pinned.get<Car>(carKey('foo'))).toMatchObject({ status: { speed: 1.5 } })
    expect(await pinned.count(carKind)).toBe(3)
    expect(await fleet.storage.get<Car>(carKey('foo'))).toMatchObject({ status: { speed: 99 } })
  })

  it('looks at a branch again when told to', async () => {
    await fleet.remote.commit({ branch: 'dev', files: { 'cars/foo.yaml': carText('foo', 'A') } })
    expect(await brandAt('dev')).toBe('A')
    await fleet.remote.forcePush({ branch: 'dev', files: { 'cars/foo.yaml': carText('foo', 'B') } })
    expect(await brandAt('dev')).toBe('A')
    expect(await brandAt('dev', { freshness: 'fetch' })).toBe('B')
  })

  it('cannot be written, and closing it takes nothing from others', async () => {
    const pinned = await fleet.storage.at('main')
    expect(pinned).not.toHaveProperty('create')
    await pinned.close()
    expect(await fleet.storage.count(carKind)).toBe(3)
  })

  it.each([
    ['nothing-like-this', 'REF_NOT_FOUND'],
    ['refs/heads/nothing-like-this', 'REF_NOT_FOUND'],
    ['0123456789012345678901234567890123456789', 'REF_NOT_FOUND'],
    ['', 'INVALID_REF'],
    ['-x', 'INVALID_REF'],
    ['a..b', 'INVALID_REF'],
    ['main^', 'INVALID_REF'],
  ])('refuses %j with %s', async (revision, code) => {
    await expect(fleet.storage.at(revision)).rejects.toMatchObject({ code })
  })
})

describe('readers', () => {
  it('see one whole commit each, while transactions change several files at once', async () => {
    const { storage } = fleet
    let running = true
    const reading = (async () => {
      let lists = 0
      for (; running; lists++) {
        const cars = await storage.list<Car>(carKind)
        const speeds = new Set(cars.map(({ status }) => status?.speed))
        await setImmediate()
        if (speeds.size !== 1) throw new Error(`a mixture: ${[...speeds].join(', ')}`)
      }
      return lists
    })()
    for (let speed = 2; speed < 7; speed++) {
      await storage.transaction('all-', async (tx) => {
        for (const car of await tx.list<Car>(carKind)) {
          car.status = { ...car.status, speed }
          await tx.update(car)
        }
        return { target: 'base', title: `All at ${speed}` }
      })
    }
    running = false
    expect(await reading).toBeGreaterThan(0)
  })
})
