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
