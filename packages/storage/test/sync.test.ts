import { EventEmitter, on, once } from 'node:events'
import { createSerializer } from '@lg/serializer'
import { createMappedRawStorage, createMemoryRawStorage } from '@lg/storage-raw'
import {
  createStorage,
  createSyncStorage,
  type EventStorage,
  type ObjectEvent,
  type Storage,
  type Validator,
  type WriteResult,
} from '@lg/storage'
import { conformanceScheme, storageConformance } from '@lg/storage/testing'
import { createFakeClock, createSeededRandom, createTree } from '@lg/test-kit'
import { describe, expect, it } from 'vitest'
import { Car, car, createCarSerializer } from './car.ts'

storageConformance({
  name: 'sync',
  create: async () => {
    const open = (): Storage =>
      createStorage({
        raw: createMemoryRawStorage(),
        serializer: createSerializer({ scheme: conformanceScheme() }),
      })
    const storage = createSyncStorage({ source: open(), targets: { copy: open() } })
    await storage.start()
    return { storage, close: () => storage.close() }
  },
})

const inMemory = (validators: readonly Validator[] = []): Storage =>
  createStorage({ raw: createMemoryRawStorage(), serializer: createCarSerializer(), validators })

/** A storage that tells of every write, as one does that watches its medium. */
function telling(inner: Storage) {
  const hub = new EventEmitter()
  let writes = 0
  const tell = async (write: Promise<WriteResult>): Promise<WriteResult> => {
    const result = await write
    if (result.changed) {
      writes++
      hub.emit('write', { type: 'modified', key: result.key })
    }
    return result
  }
  const storage: Storage & Pick<EventStorage, 'watch'> = {
    ...inner,
    create: (...call) => tell(inner.create(...call)),
    update: (...call) => tell(inner.update(...call)),
    patch: (...call) => tell(inner.patch(...call)),
    delete: (...call) => tell(inner.delete(...call)),
    async *watch({ signal } = {}) {
      for await (const [event] of on(hub, 'write', { signal })) yield event as ObjectEvent
    },
  }
  return {
    storage,
    writes: () => writes,
    /** Waits for writes until it is so. */
    async until(isSo: () => Promise<boolean>): Promise<void> {
      for (let next = once(hub, 'write'); !(await isSo()); next = once(hub, 'write')) await next
    },
  }
}

/** A validator that refuses while it is told to. */
function createGate(): Validator & { closed: boolean } {
  const gate = { name: 'gate', closed: false, validate: () => (gate.closed ? 'closed' : undefined) }
  return gate
}

describe('a sync storage', () => {
  it('makes targets equal at the start: adds, changes, removes', async () => {
    const [source, one, two] = [inMemory(), inMemory(), inMemory()]
    for (const name of ['a', 'b']) await source.create(car(name))
    await one.create(car('b', { status: { speed: 9 } }))
    await two.create(car('gone'))
    const storage = createSyncStorage({ source, targets: { one, two } })
    await storage.start()
    for (const target of [one, two]) expect(await target.list(Car)).toEqual([car('a'), car('b')])
    expect(storage.status()).toEqual([
      { name: 'one', pending: 0, errors: [] },
      { name: 'two', pending: 0, errors: [] },
    ])
    await storage.close()
  })

  it('keeps a failing target from failing a write, tells of it, and tries again', async () => {
    const clock = createFakeClock()
    const gate = createGate()
    const [source, good, bad] = [inMemory(), inMemory(), inMemory([gate])]
    const random = createSeededRandom(1)
    const storage = createSyncStorage({ source, targets: { good, bad }, clock, random })
    await storage.start()
    gate.closed = true
    await storage.create(car('a'))
    await storage.create(car('b'))
    expect(await good.list(Car)).toHaveLength(2)
    expect(await bad.list(Car)).toEqual([])
    expect(storage.status()[1]).toMatchObject({
      name: 'bad',
      pending: 2,
      errors: [{ error: { code: 'REJECTED' } }, { error: { code: 'REJECTED' } }],
    })
    await expect(storage.flush()).rejects.toMatchObject({
      code: 'SYNC_FAILED',
      details: { targets: [{ name: 'bad', pending: 2 }] },
    })
    await storage.update(car('a', { status: { speed: 5 } }))
    await storage.delete({ group: Car.group, kind: Car.kind, namespace: 'default', name: 'b' })
    gate.closed = false
    await clock.waitForSleepers(1)
    await clock.advance(60_000)
    expect(storage.status().every(({ pending }) => pending === 0)).toBe(true)
    expect(await bad.list(Car)).toEqual([car('a', { status: { speed: 5 } })])
    await storage.flush()
    await storage.close()
  })

  it('tries again by itself, longer and longer apart, up to a minute', async () => {
    const clock = createFakeClock()
    const gate = createGate()
    const storage = createSyncStorage({
      source: inMemory(),
      targets: { bad: inMemory([gate]) },
      clock,
      random: { ...createSeededRandom(1), fraction: () => 1 },
    })
    await storage.start()
    gate.closed = true
    await storage.create(car('a'))
    const pauses: number[] = []
    for (let round = 0; round < 9; round++) {
      await clock.waitForSleepers(1)
      const [pause = 0] = clock.remaining()
      pauses.push(pause / 1000)
      await clock.advance(pause)
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
    await storage.close()
  })

  it('follows what others write into the source, and writes each change once', async () => {
    const warnings: Error[] = []
    const note = (warning: Error): void => void warnings.push(warning)
    process.on('warning', note)
    const [source, target] = [telling(inMemory()), telling(inMemory())]
    const storage = createSyncStorage({ source: source.storage, targets: { target: target.storage } })
    await storage.start()
    await source.storage.create(car('a'))
    await target.until(async () => (await target.storage.count(Car)) === 1)
    for (let speed = 2; speed <= 20; speed++) {
      // What goes through the sync storage comes as an event of its source besides.
      const writer = speed % 2 === 0 ? source.storage : storage
      await writer.update(car('a', { status: { speed } }))
      await target.until(async () => (await target.storage.find(Car)).status?.speed === speed)
    }
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect([source.writes(), target.writes()]).toEqual([20, 20])
    expect(warnings).toEqual([])
    process.off('warning', note)
    await storage.close()
  })

  it('removes nothing from a target while the source has files that cannot be read', async () => {
    const text = 'apiVersion: example.org/v1\nkind: Car\nmetadata:\n  name: a\n'
    const tree = await createTree({ 'a.yaml': text })
    const serializer = createCarSerializer()
    const raw = createMappedRawStorage({ dir: tree.dir, recognize: serializer.recognize })
    const target = inMemory()
    const storage = createSyncStorage({ source: createStorage({ raw, serializer }), targets: { target } })
    await storage.start()
    expect(await target.count(Car)).toBe(1)
    await tree.write('a.yaml', 'kind: [\n')
    await storage.start()
    await expect(storage.flush()).rejects.toMatchObject({ code: 'SYNC_FAILED' })
    expect(storage.status()[0]?.errors[0]?.error).toMatchObject({ code: 'DELETION_HELD' })
    expect(await target.count(Car)).toBe(1)
    await tree.remove('a.yaml')
    await storage.flush()
    expect(await target.count(Car)).toBe(0)
    await storage.close()
    await tree.close()
  })
})
