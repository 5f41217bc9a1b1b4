import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { carKey, carKind, createFleet, newCar, type Car, type Fleet } from './fleet.ts'
import type { GitStorage } from '../src/index.ts'

let fleet: Fleet
beforeEach(async () => {
  fleet = await createFleet()
})
afterEach(() => fleet.close())

const add = (storage: GitStorage, name: string) =>
  storage.transaction('add-', async (tx) => {
    await tx.create(newCar(name))
    return { target: 'base', title: `Add ${name}` }
  })

const count = (storage: GitStorage) =>
  storage.transaction('count-', async (tx) => {
    const car = await tx.get<Car>(carKey('foo'))
    car.status = { ...car.status, speed: (car.status?.speed ?? 0) + 1 }
    await tx.update(car)
    return { target: 'base', title: 'Count' }
  })

describe('sixteen transactions at once', () => {
  it('on different objects all land, each once, and need the remote once each', async () => {
    const names = Array.from({ length: 16 }, (_, index) => `car-${index}`)
    const results = await Promise.all(names.map((name) => add(fleet.storage, name)))
    expect(results.map(({ outcome }) => outcome)).toEqual(names.map(() => 'committed'))
    expect(await fleet.storage.count(carKind)).toBe(3 + 16)
    const titles = (await fleet.remote.log('main')).map(({ message }) => message.trim())
    expect(titles.toSorted()).toEqual(['Add files', ...names.map((name) => `Add ${name}`)].toSorted())
    const pushes = fleet.server.requests.entries.filter(({ url }) => url.endsWith('/git-receive-pack'))
    expect(pushes).toHaveLength(16)
  })

  it('on one counter count to sixteen', async () => {
    await Promise.all(Array.from({ length: 16 }, () => count(fleet.storage)))
    expect(await fleet.storage.get<Car>(carKey('foo'))).toMatchObject({ status: { speed: 17.5 } })
  })
})

describe('two clones of one remote', () => {
  it('land all their transactions, and no count is lost', async () => {
    const second = await fleet.second()
    const storages = [fleet.storage, second]
    const results = await Promise.all(
      storages.flatMap((storage, clone) =>
        [0, 1, 2, 3].flatMap((index) => [count(storage), add(storage, `car-${clone}-${index}`)]),
      ),
    )
    expect(results.every(({ outcome }) => outcome === 'committed')).toBe(true)
    await fleet.storage.sync()
    expect(await fleet.storage.count(carKind)).toBe(3 + 8)
    expect(await fleet.storage.get<Car>(carKey('foo'))).toMatchObject({ status: { speed: 9.5 } })
    expect(await fleet.remote.fsck()).toEqual([])
  })
})

describe('the number and time of attempts', () => {
  const alwaysMoved = (options: Parameters<GitStorage['transaction']>[2]) =>
    fleet.storage.transaction(
      'x-',
      async (tx) => {
        await fleet.remote.commit({ files: { 'README.md': `Attempt ${tx.attempt}\n` } })
        await tx.create(newCar('x'))
        return { target: 'base', title: 'x' }
      },
      options,
    )

  it('are bounded by number', async () => {
    await expect(alwaysMoved({ attempts: 2 })).rejects.toMatchObject({
      code: 'TOO_MANY_ATTEMPTS',
      details: { attempts: 2 },
    })
  })

  it('are bounded by time', async () => {
    await expect(alwaysMoved({ retryFor: 0 })).rejects.toMatchObject({
      code: 'TOO_MANY_ATTEMPTS',
      details: { attempts: 1 },
    })
  })

  it.each([{ attempts: 0 }, { attempts: 1.5 }, { retryFor: Number.NaN }])(
    'must make sense: %j',
    async (options) => {
      await expect(alwaysMoved(options)).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    },
  )
})
