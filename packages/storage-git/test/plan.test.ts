import { parseJson, stringifyJson } from '@lg/runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TransactionHooks, TransactionPlan } from '../src/index.ts'
import { carKey, carText, createFleet, fleetFiles, newCar, type Car, type Fleet } from './fleet.ts'

let fleet: Fleet
let hooks: { -readonly [Name in keyof TransactionHooks]: TransactionHooks[Name] }
beforeEach(async () => {
  hooks = {}
  fleet = await createFleet(fleetFiles, {
    hooks: {
      beforeCommit: async (...args) => hooks.beforeCommit?.(...args),
      afterCommit: async (...args) => hooks.afterCommit?.(...args),
    },
  })
})
afterEach(() => fleet.close())

const foo = fleetFiles['cars/foo.yaml'] ?? ''
const text = (path: string) => fleet.remote.readFile('main', path)
const theirs = (files: Record<string, string | null>) => fleet.remote.commit({ files, message: 'Theirs' })

/** A change, an addition, a deletion and a move, planned only. */
async function plan(): Promise<TransactionPlan> {
  const outcome = await fleet.storage.transaction(
    'plan-',
    async (tx) => {
      const car = await tx.get<Car>(carKey('foo'))
      car.status = { ...car.status, speed: 24.7 }
      await tx.update(car)
      await tx.create(newCar('new'))
      await tx.delete(carKey('left'))
      await tx.move(carKey('right'), 'cars/right.yaml')
      return { target: 'base', title: 'As planned' }
    },
    { dryRun: true },
  )
  if (outcome.outcome !== 'planned') throw new Error(`not planned, but ${outcome.outcome}`)
  return outcome.plan
}

describe('a dry run', () => {
  it('gives the plan: each object before and after, its fields, and the files; and changes nothing', async () => {
    const before = await fleet.remote.refs()
    const { objects, files, base, decision, transaction } = await plan()
    expect(transaction).toMatch(/^plan-[0-9a-f]{8}$/)
    expect(base).toBe(before['refs/heads/main'])
    expect(decision).toEqual({ target: 'base', title: 'As planned' })
    expect(objects.map(({ key, operation }) => `${operation} ${key.name}`)).toEqual([
      'create new',
      'update foo',
      'delete left',
      'move right',
    ])
    expect(objects[1]).toMatchObject({
      before: { text: foo, object: { status: { speed: 1.5 } }, location: { path: 'cars/foo.yaml' } },
      after: { text: foo.replace('1.5', '24.7'), object: { status: { speed: 24.7 } } },
      fields: [{ path: ['status', 'speed'], before: 1.5, after: 24.7 }],
    })
    expect(files).toEqual([
      { path: 'cars/default/new.yaml', operation: 'create' },
      { path: 'cars/foo.yaml', operation: 'update' },
      { path: 'cars/pair.yaml', operation: 'delete' },
      { path: 'cars/right.yaml', operation: 'create' },
    ])
    expect(await fleet.remote.refs()).toEqual(before)
    expect(await fleet.storage.get<Car>(carKey('foo'))).toMatchObject({ status: { speed: 1.5 } })
  })

  it('makes the checks of the real thing', async () => {
    const dry = fleet.storage.transaction(
      'x-',
      async (tx) => {
        await tx.create(newCar('x'))
        return { target: 'pullRequest', title: 'x'.repeat(2000), labels: [''] }
      },
      { dryRun: true },
    )
    await expect(dry).rejects.toMatchObject({ code: 'VALIDATION' })
  })
})

describe('a plan', () => {
  it('survives JSON with every digit, and makes the same change later', async () => {
    const stored = stringifyJson(await plan())
    expect(stored).toContain('12176941420362965433')
    const outcome = await fleet.storage.apply(parseJson(stored) as TransactionPlan)
    expect(outcome).toMatchObject({ outcome: 'committed', branch: 'main' })
    expect(await text('cars/foo.yaml')).toBe(foo.replace('1.5', '24.7'))
    expect(await text('cars/right.yaml')).toBe(carText('right'))
    expect(await fleet.remote.listFiles('main')).toEqual([
      'README.md',
      'cars/default/new.yaml',
      'cars/foo.yaml',
      'cars/right.yaml',
    ])
    expect((await fleet.remote.log('main'))[0]).toMatchObject({
      message: expect.stringContaining('As planned'),
    })
  })

  it('leaves what others changed since, in the same object too', async () => {
    const planned = await plan()
    const theirText = foo.replace('SAAB', 'Volvo').replace('speed: 1.5', 'speed: 1.5 # slow')
    await theirs({ 'cars/foo.yaml': theirText, 'cars/left.yaml': carText('other') })
    await fleet.storage.apply(planned)
    expect(await text('cars/foo.yaml')).toBe(theirText.replace('1.5', '24.7'))
    expect(await fleet.remote.listFiles('main')).toContain('cars/left.yaml')
  })

  it('applied twice is no change the second time', async () => {
    const planned = await plan()
    await fleet.storage.apply(planned)
    expect(await fleet.storage.apply(planned)).toMatchObject({ outcome: 'unchanged' })
  })

  it.each<[string, Record<string, string | null>, object]>([
    [
      'the same field was changed',
      { 'cars/foo.yaml': foo.replace('1.5', '9') },
      { key: carKey('foo'), fields: [{ path: ['status', 'speed'], base: 1.5, ours: 24.7, theirs: 9 }] },
    ],
    [
      'what it changes is gone',
      { 'cars/foo.yaml': null },
      { key: carKey('foo'), fields: [{ path: [], theirs: undefined }] },
    ],
    [
      'what it deletes was changed',
      { 'cars/pair.yaml': (fleetFiles['cars/pair.yaml'] ?? '').replace('SAAB', 'Volvo') },
      { key: carKey('left'), fields: [{ path: ['spec', 'brand'], base: 'SAAB', theirs: 'Volvo' }] },
    ],
    [
      'what it creates is there with other values',
      { 'cars/default/new.yaml': carText('new') },
      {
        key: carKey('new'),
        fields: [{ path: ['spec', 'brand'], base: undefined, ours: 'Volvo', theirs: 'SAAB' }],
      },
    ],
  ])('is a conflict where %s', async (_, files, details) => {
    const planned = await plan()
    const commit = await theirs(files)
    await expect(fleet.storage.apply(planned)).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { ...details, commit },
    })
    expect((await fleet.remote.branches())['main']).toBe(commit)
  })

  it('can be sent elsewhere than planned', async () => {
    const outcome = await fleet.storage.apply(await plan(), {
      decision: { target: 'pullRequest', title: 'Later' },
    })
    expect(outcome).toMatchObject({ outcome: 'committed', pullRequest: { number: 1 } })
  })

  it('that was tampered with is checked as an object is', async () => {
    const planned = stringifyJson(await plan()).replaceAll('brand: SAAB', 'brand: [1]')
    await expect(fleet.storage.apply(parseJson(planned) as TransactionPlan)).rejects.toThrow(/brand/)
  })
})

describe('a hook before the commit', () => {
  it('sees the plan, and may stop it with an error of its own', async () => {
    const veto = new Error('not on Sundays')
    const seen: TransactionPlan[] = []
    hooks.beforeCommit = async (planned) => {
      seen.push(planned)
      throw veto
    }
    const before = await fleet.remote.refs()
    await expect(fleet.drive(2)).rejects.toBe(veto)
    expect(await fleet.remote.refs()).toEqual(before)
    expect(seen[0]?.objects).toMatchObject([{ operation: 'update', key: carKey('foo') }])
  })

  it('may word the commit after what is in it', async () => {
    hooks.beforeCommit = async ({ objects }) => ({
      title: `Change ${objects.map(({ key }) => key.name).join(', ')}`,
      trailers: { 'Reviewed-by': 'Ann <ann@example.org>' },
    })
    await fleet.drive(2)
    expect((await fleet.remote.log('main'))[0]?.message.trim()).toBe(
      'Change foo\n\nReviewed-by: Ann <ann@example.org>',
    )
  })
})

describe('a hook after the commit', () => {
  it('hears of what is on the remote; when it fails, that is logged, and nothing else', async () => {
    const seen: unknown[] = []
    hooks.afterCommit = async (outcome) => {
      seen.push(outcome)
      throw new Error('nobody listens')
    }
    const outcome = await fleet.drive(2)
    expect(seen).toEqual([outcome])
    expect(fleet.logger.text()).toContain('nobody listens')
  })

  it('hears of nothing that was not committed', async () => {
    let heard = 0
    hooks.afterCommit = async () => void heard++
    await fleet.drive(1.5)
    expect(heard).toBe(0)
  })
})

describe('a decision', () => {
  it.each([
    ['the base as a branch', { target: 'branch', branch: 'main', title: 'x' }, 'INVALID_DECISION'],
    ['an unknown target', { target: 'bsae', title: 'x' }, 'INVALID_DECISION'],
    ['labels that no host takes', { target: 'pullRequest', title: 'x', labels: [''] }, 'VALIDATION'],
    ['a bad branch', { target: 'branch', branch: 'a b', title: 'x' }, 'INVALID_REF'],
  ])('with %s leaves no branch behind', async (_, decision: any, code) => {
    const before = await fleet.remote.refs()
    const change = fleet.storage.transaction('x-', async (tx) => {
      await tx.create(newCar('x'))
      return decision
    })
    await expect(change).rejects.toMatchObject({ code })
    expect(await fleet.remote.refs()).toEqual(before)
  })
})
