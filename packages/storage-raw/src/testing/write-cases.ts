import { expect } from 'vitest'
import type { Cases } from './case.ts'
import { bytesOf, car, failureOf, group, namesOf, textOf, toText, type RawStorageHarness } from './harness.ts'

export const writeCases: Cases<RawStorageHarness> = {
  'write/replaces': async ({ storage }) => {
    await storage.write(car('foo'), bytesOf(car('foo'), 1))
    const change = await storage.write(car('foo'), bytesOf(car('foo'), 2))
    expect(toText((await storage.read(car('foo'))).bytes)).toBe(textOf(car('foo'), 2))
    expect(toText(change.file.before ?? new Uint8Array())).toContain('value: 1')
    expect(toText(change.file.after ?? new Uint8Array())).toContain('value: 2')
  },
  'write/equal-bytes-change-nothing': async ({ storage }) => {
    const first = await storage.write(car('foo'), bytesOf(car('foo')))
    const second = await storage.write(car('foo'), bytesOf(car('foo')))
    expect(second.version).toBe(first.version)
    expect(second.file.after).toEqual(second.file.before)
  },
  'write/keeps-the-callers-bytes': async ({ storage }) => {
    const bytes = bytesOf(car('foo'))
    await storage.write(car('foo'), bytes)
    bytes.fill(0)
    const read = await storage.read(car('foo'))
    expect(toText(read.bytes)).toBe(textOf(car('foo')))
    read.bytes.fill(0)
    expect(toText((await storage.read(car('foo'))).bytes)).toBe(textOf(car('foo')))
  },
  'write/dry-run-only-plans': async ({ storage }) => {
    const change = await storage.write(car('foo'), bytesOf(car('foo')), { dryRun: true })
    expect(toText(change.file.after ?? new Uint8Array())).toBe(textOf(car('foo')))
    expect(change.file.before).toBeUndefined()
    expect(await storage.exists(car('foo'))).toBe(false)
    await storage.write(car('foo'), bytesOf(car('foo')))
    expect((await storage.delete(car('foo'), { dryRun: true })).file.after).toBeUndefined()
    expect(await storage.exists(car('foo'))).toBe(true)
  },
  'write/json': async ({ storage }) => {
    const text = `{"apiVersion":"${group}/v1","kind":"Car","metadata":{"namespace":"default","name":"foo"}}\n`
    const change = await storage.write(car('foo'), Buffer.from(text), { contentType: 'application/json' })
    expect(change.location.path).toMatch(/\.json$/)
    expect(toText((await storage.read(car('foo'))).bytes)).toContain('"kind":"Car"')
    expect(await storage.contentType(car('foo'))).toBe('application/json')
  },
  'version/follows-content': async ({ storage }) => {
    const one = await storage.write(car('foo'), bytesOf(car('foo'), 1))
    const two = await storage.write(car('foo'), bytesOf(car('foo'), 2))
    const back = await storage.write(car('foo'), bytesOf(car('foo'), 1))
    expect(two.version).not.toBe(one.version)
    expect(back.version).toBe(one.version)
    expect(await storage.checksum(car('foo'))).toBe(one.version)
    expect((await storage.list())[0]?.version).toBe(one.version)
  },
  'expected/stale-version-is-CONFLICT': async ({ storage }) => {
    const one = await storage.write(car('foo'), bytesOf(car('foo'), 1))
    const { version } = await storage.write(car('foo'), bytesOf(car('foo'), 2), { expected: one.version })
    expect(
      await failureOf(storage.write(car('foo'), bytesOf(car('foo'), 3), { expected: one.version })),
    ).toBe('CONFLICT')
    expect(await failureOf(storage.delete(car('foo'), { expected: one.version! }))).toBe('CONFLICT')
    await storage.delete(car('foo'), { expected: version! })
    expect(await failureOf(storage.write(car('foo'), bytesOf(car('foo')), { expected: version }))).toBe(
      'CONFLICT',
    )
  },
  'expected/null-is-ALREADY_EXISTS': async ({ storage }) => {
    await storage.write(car('foo'), bytesOf(car('foo')), { expected: null })
    expect(await failureOf(storage.write(car('foo'), bytesOf(car('foo'), 2), { expected: null }))).toBe(
      'ALREADY_EXISTS',
    )
    expect(toText((await storage.read(car('foo'))).bytes)).toBe(textOf(car('foo')))
  },
  'expected/of-many-writers-one-wins': async ({ storage }) => {
    const { version } = await storage.write(car('foo'), bytesOf(car('foo'), 'start'))
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        failureOf(storage.write(car('foo'), bytesOf(car('foo'), index), { expected: version })),
      ),
    )
    expect(outcomes.sort()).toEqual([...Array<string>(7).fill('CONFLICT'), 'nothing'])
  },
  'write/parallel-writers-of-different-keys': async ({ storage }) => {
    const keys = Array.from({ length: 16 }, (_, index) => car(`car-${index}`))
    await Promise.all(keys.map((key) => storage.write(key, bytesOf(key, key.name))))
    expect(namesOf(await storage.list())).toEqual(namesOf(keys.map((key) => ({ key }))).sort())
  },
  'delete/missing-is-NOT_FOUND': async ({ storage }) => {
    expect(await failureOf(storage.delete(car('foo')))).toBe('NOT_FOUND')
    await storage.write(car('foo'), bytesOf(car('foo')))
    await storage.delete(car('foo'))
    expect(await failureOf(storage.delete(car('foo')))).toBe('NOT_FOUND')
  },
  'delete/then-create-again': async ({ storage }) => {
    await storage.write(car('foo'), bytesOf(car('foo'), 1))
    await storage.delete(car('foo'))
    await storage.write(car('foo'), bytesOf(car('foo'), 2), { expected: null })
    expect(toText((await storage.read(car('foo'))).bytes)).toBe(textOf(car('foo'), 2))
  },
}
