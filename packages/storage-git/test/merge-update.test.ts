import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { carKey, createFleet, fleetFiles, type Car, type Fleet } from './fleet.ts'

let fleet: Fleet
beforeEach(async () => {
  fleet = await createFleet()
})
afterEach(() => fleet.close())

const theyWrite = (from: string, to: string) =>
  fleet.remote.commit({
    files: { 'cars/foo.yaml': (fleetFiles['cars/foo.yaml'] ?? '').replace(from, to) },
    message: 'Theirs',
  })

const update = (car: Car, options?: { expected: string }) =>
  fleet.storage.transaction('drive-', async (tx) => {
    await tx.update(car, options)
    return { target: 'base', title: 'Ours' }
  })

describe('an update of an object that was read before the transaction', () => {
  it('is merged with what others changed since, field by field', async () => {
    const car = await fleet.storage.get<Car>(carKey('foo'))
    car.status = { ...car.status, speed: 24.7 }
    await theyWrite('brand: SAAB', 'brand: Volvo')
    await update(car)
    const text = await fleet.remote.readFile('main', 'cars/foo.yaml')
    expect(text).toBe(
      (fleetFiles['cars/foo.yaml'] ?? '')
        .replace('brand: SAAB', 'brand: Volvo')
        .replace('speed: 1.5', 'speed: 24.7'),
    )
  })

  it('is a conflict when the same field was changed, with both values and the other commit', async () => {
    const { object: car, version } = await fleet.storage.read<Car>(carKey('foo'))
    car.spec.brand = 'Lancia'
    const commit = await theyWrite('brand: SAAB', 'brand: Volvo')
    const conflict = {
      code: 'CONFLICT',
      details: {
        key: carKey('foo'),
        commit,
        fields: [{ path: ['spec', 'brand'], base: 'SAAB', ours: 'Lancia', theirs: 'Volvo' }],
      },
    }
    await expect(update(car)).rejects.toMatchObject(conflict)
    await expect(update(car, { expected: version })).rejects.toMatchObject(conflict)
    expect(await fleet.remote.branches()).toEqual({ main: commit })
  })

  it('is no conflict when both changed it to the same', async () => {
    const car = await fleet.storage.get<Car>(carKey('foo'))
    car.spec.brand = 'Volvo'
    await theyWrite('brand: SAAB', 'brand: Volvo')
    expect(await update(car)).toMatchObject({ outcome: 'unchanged' })
  })
})

describe('an update that was merged', () => {
  it('keeps what others changed when the same object is updated again', async () => {
    const car = await fleet.storage.get<Car>(carKey('foo'))
    await theyWrite('brand: SAAB', 'brand: Volvo')
    await fleet.storage.transaction('drive-', async (tx) => {
      for (const speed of [24.7, 30]) {
        car.status = { ...car.status, speed }
        await tx.update(car)
      }
      return { target: 'base', title: 'Twice' }
    })
    const text = await fleet.remote.readFile('main', 'cars/foo.yaml')
    expect(text).toContain('brand: Volvo')
    expect(text).toContain('speed: 30\n')
  })

  it('finds what was read by its token alone', async () => {
    const { object, version } = await fleet.storage.read<Car>(carKey('foo'))
    await theyWrite('brand: SAAB', 'brand: Volvo')
    await update({ ...object, status: { ...object.status, speed: 24.7 } }, { expected: version })
    expect(await fleet.remote.readFile('main', 'cars/foo.yaml')).toBe(
      (fleetFiles['cars/foo.yaml'] ?? '')
        .replace('brand: SAAB', 'brand: Volvo')
        .replace('speed: 1.5', 'speed: 24.7'),
    )
  })

  it('finds it among the documents of a file, and behind other changes', async () => {
    const { object, version } = await fleet.storage.read<Car>(carKey('left'))
    let pair = fleetFiles['cars/pair.yaml'] ?? ''
    for (const brand of ['Volvo', 'Lancia']) {
      pair = pair.replace(/brand: \w+/, `brand: ${brand}`)
      await fleet.remote.commit({ files: { 'cars/pair.yaml': pair } })
    }
    await update({ ...object, status: { ...object.status, speed: 24.7 } }, { expected: version })
    expect(await fleet.remote.readFile('main', 'cars/pair.yaml')).toBe(pair.replace('1.5', '24.7'))
  })

  it('is a conflict when the token is known to nobody', async () => {
    const { object } = await fleet.storage.read<Car>(carKey('foo'))
    await expect(update({ ...object }, { expected: '0'.repeat(40) })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
  })

  it('names the commit that changed this object, not the last one of its file', async () => {
    const car = await fleet.storage.get<Car>(carKey('left'))
    car.spec.brand = 'Lancia'
    const pair = fleetFiles['cars/pair.yaml'] ?? ''
    const changed = pair.replace('brand: SAAB', 'brand: Volvo')
    const commit = await fleet.remote.commit({ files: { 'cars/pair.yaml': changed } })
    await fleet.remote.commit({ files: { 'cars/pair.yaml': `${changed}# The end.\n` } })
    await expect(update(car)).rejects.toMatchObject({ code: 'CONFLICT', details: { commit } })
  })

  it('is refused when the object has gone', async () => {
    const car = await fleet.storage.get<Car>(carKey('foo'))
    await fleet.remote.commit({ files: { 'cars/foo.yaml': null } })
    await expect(update(car)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('two copies of one object in a transaction', () => {
  it('both count: the later one wins where both changed the same', async () => {
    await fleet.storage.transaction('drive-', async (tx) => {
      const [a, b] = [await tx.get<Car>(carKey('foo')), await tx.get<Car>(carKey('foo'))]
      a.status = { ...a.status, speed: 2 }
      a.spec.color = 'red'
      b.status = { ...b.status, speed: 3 }
      await tx.update(a)
      await tx.update(b)
      expect(await tx.get<Car>(carKey('foo'))).toMatchObject({ spec: { color: 'red' }, status: { speed: 3 } })
      return { target: 'base', title: 'Both' }
    })
  })
})

describe('an update of an object that was read in the transaction', () => {
  it('can be made again, and changed back', async () => {
    const outcome = await fleet.storage.transaction('drive-', async (tx) => {
      const car = await tx.get<Car>(carKey('foo'))
      for (const brand of ['Volvo', 'Lancia', 'SAAB']) {
        car.spec.brand = brand
        await tx.update(car)
      }
      return { target: 'base', title: 'Nothing in the end' }
    })
    expect(outcome).toMatchObject({ outcome: 'unchanged' })
  })
})
