import type { ObjectEvent } from '@lg/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { carKey, carText, createFleet, newCar, type Car, type Fleet } from './fleet.ts'

let fleet: Fleet
beforeEach(async () => {
  fleet = await createFleet()
})
afterEach(() => fleet.close())

/** A reader that is asked for its events one by one, and shows them in short. */
function read(options: Parameters<Fleet['storage']['watch']>[0] = {}) {
  const events = fleet.storage.watch(options)[Symbol.asyncIterator]()
  const next = async (): Promise<ObjectEvent> => {
    const { value, done } = await events.next()
    if (done === true) throw new Error('the watch has ended')
    return value
  }
  return {
    next,
    async take(count: number): Promise<ObjectEvent[]> {
      const found: ObjectEvent[] = []
      while (found.length < count) found.push(await next())
      return found
    },
    async untilSynced(): Promise<ObjectEvent[]> {
      const found: ObjectEvent[] = []
      for (;;) {
        const event = await next()
        if (event.type === 'synced') return found
        found.push(event)
      }
    },
    stop: () => events.return?.(),
    rest: () => events.next(),
  }
}

const brief = (event: ObjectEvent): string =>
  'key' in event ? `${event.type} ${event.key.name}` : event.type
const theirs = (files: Record<string, string | null>, message = 'Theirs') =>
  fleet.remote.commit({ files, message })

describe('a watch', () => {
  it('begins with what exists, and then says that it is in step', async () => {
    const reader = read()
    const events = await reader.take(4)
    expect(events.map(brief)).toEqual(['added foo', 'added left', 'added right', 'synced'])
    expect(events[0]).toMatchObject({
      initial: true,
      position: fleet.storage.commit,
      location: { path: 'cars/foo.yaml', document: 0 },
      object: { metadata: { name: 'foo' } },
      origin: { by: 'other', commit: fleet.storage.commit },
    })
    await reader.stop()
  })

  it('tells what others and we ourselves commit, with old and new object, author and transaction', async () => {
    const { storage } = fleet
    const reader = read()
    await reader.untilSynced()
    const commit = await theirs({
      'cars/foo.yaml': carText('foo', 'Volvo'),
      'cars/pair.yaml': `${carText('left')}---\n# Only a comment.\n${carText('right')}`,
      'cars/new.yaml': carText('new'),
    })
    await fleet.directory.pull()
    const events = await reader.take(3)
    expect(events.map(brief)).toEqual(['modified foo', 'added new', 'textChanged right'])
    expect(events[0]).toMatchObject({
      object: { spec: { brand: 'Volvo' } },
      previous: { spec: { brand: 'SAAB' } },
      origin: { by: 'other', commit, author: { name: 'Test Developer', email: 'developer@example.com' } },
    })
    expect(events[0]).not.toHaveProperty('initial')

    const outcome = await storage.transaction('sell-', async (tx) => {
      await tx.delete(carKey('foo'))
      return { target: 'base', title: 'Sell foo', author: { name: 'Ann', email: 'ann@example.org' } }
    })
    const [deleted] = await reader.take(1)
    expect(deleted).toMatchObject({
      type: 'deleted',
      object: { spec: { brand: 'Volvo' } },
      origin: {
        by: 'self',
        transaction: expect.stringMatching(/^sell-[0-9a-f]{8}$/),
        commit: outcome.outcome === 'committed' ? outcome.commit : '',
        author: { name: 'Ann' },
      },
    })
    await reader.stop()
  })

  it('walks from commit to commit, so that nothing in between is lost', async () => {
    const reader = read()
    await reader.untilSynced()
    for (const brand of ['A', 'B', 'C']) await theirs({ 'cars/foo.yaml': carText('foo', brand) })
    await fleet.directory.pull()
    const events = await reader.take(3)
    expect(events.map((event) => 'object' in event && (event.object as Car).spec.brand)).toEqual([
      'A',
      'B',
      'C',
    ])
    await reader.stop()
  })

  it('resumes from a commit, and tells all that happened since', async () => {
    const since = fleet.storage.commit
    await theirs({ 'cars/foo.yaml': carText('foo', 'A') })
    await theirs({ 'cars/foo.yaml': null })
    await fleet.directory.pull()
    const reader = read({ since })
    const events = await reader.take(3)
    expect(events.map(brief)).toEqual(['modified foo', 'deleted foo', 'synced'])
    expect(events.some((event) => 'initial' in event)).toBe(false)
    await reader.stop()
    const again = read({ since: (events[0] as ObjectEvent).position })
    expect((await again.take(2)).map(brief)).toEqual(['deleted foo', 'synced'])
    await again.stop()
  })

  it('gives the position before a commit until its last event, so that who stops in between misses nothing', async () => {
    const since = fleet.storage.commit
    const commit = await theirs({ 'cars/foo.yaml': null, 'cars/pair.yaml': null })
    await fleet.directory.pull()
    const reader = read({ since })
    const events = await reader.take(3)
    expect(events.map(({ position }) => position)).toEqual([since, since, commit])
    await reader.stop()
  })

  it('cannot be resumed from what a force-push took away, nor from what never was', async () => {
    const { storage, remote, directory } = fleet
    const since = await theirs({ 'cars/foo.yaml': carText('foo', 'A') })
    await directory.pull()
    await remote.forcePush({ files: { 'cars/foo.yaml': carText('foo', 'B') }, message: 'Rewritten' })
    await directory.pull()
    for (const position of [since, '0'.repeat(40), 'main', '--upload-pack=x', '']) {
      await expect(read({ since: position }).next()).rejects.toMatchObject({
        code: 'EXPIRED',
        details: { position },
      })
    }
    expect(storage.commit).toBe((await remote.branches())['main'])
  })

  it('reports a force-push that it lives through as the difference of both commits', async () => {
    await theirs({ 'cars/foo.yaml': carText('foo', 'A') })
    await fleet.directory.pull()
    const reader = read()
    await reader.untilSynced()
    await fleet.remote.forcePush({ files: { 'cars/foo.yaml': carText('foo', 'B') }, message: 'Rewritten' })
    await fleet.directory.pull()
    expect(await reader.next()).toMatchObject({
      type: 'modified',
      previous: { spec: { brand: 'A' } },
      object: { spec: { brand: 'B' } },
    })
    await reader.stop()
  })

  it('reports files that cannot be served, and goes on', async () => {
    const reader = read()
    await reader.untilSynced()
    await theirs({ 'cars/foo.yaml': 'kind: [Car\n' })
    await theirs({ 'cars/aaa.yaml': carText('left') })
    await theirs({ 'cars/foo.yaml': carText('foo', 'Volvo') })
    await fleet.directory.pull()
    const events = await reader.take(5)
    expect(events.map(brief)).toEqual(['error', 'deleted foo', 'error', 'textChanged left', 'added foo'])
    expect(events[0]).toMatchObject({ error: { code: 'FILE_PROBLEM', message: /^cars\/foo.yaml:\d+: / } })
    expect(events[2]).toMatchObject({
      error: {
        code: 'FILE_PROBLEM',
        details: { problem: { type: 'duplicate', location: { path: 'cars/pair.yaml' } } },
      },
    })
    await reader.stop()
  })

  it('leaves out kinds that the scheme does not know, as reads do', async () => {
    const reader = read()
    await reader.untilSynced()
    await theirs({ 'other.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: { name: x }\n' })
    await theirs({ 'cars/foo.yaml': null })
    await fleet.directory.pull()
    expect(brief(await reader.next())).toBe('deleted foo')
    await reader.stop()
  })
})

describe('several readers', () => {
  it('each get every event, at their own pace', async () => {
    const [fast, slow] = [read(), read()]
    await fast.untilSynced()
    await fleet.drive(2)
    await fleet.drive(3)
    expect((await fast.take(2)).map(brief)).toEqual(['modified foo', 'modified foo'])
    expect((await slow.take(4)).map(brief)).toEqual(['added foo', 'added left', 'added right', 'synced'])
    await fast.stop()
    await slow.stop()
  })

  it('end with the storage', async () => {
    const [waiting, idle] = [read(), read()]
    await waiting.untilSynced()
    await idle.untilSynced()
    const end = waiting.rest()
    await fleet.storage.close()
    expect(await end).toEqual({ done: true, value: undefined })
    expect(await idle.rest()).toMatchObject({ done: true })
    expect(await read().rest()).toMatchObject({ done: true })
  })

  it('end with their own signal, with its reason', async () => {
    const controller = new AbortController()
    const reader = read({ signal: controller.signal })
    await reader.untilSynced()
    const next = reader.next()
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(next).rejects.toBe(reason)
  })
})

describe('sync', () => {
  it('resolves when every reader has what was on the remote at the call', async () => {
    const { storage } = fleet
    const seen: string[] = []
    const controller = new AbortController()
    const reading = (async () => {
      for await (const event of storage.watch({ signal: controller.signal })) seen.push(brief(event))
    })().catch(() => {})
    await theirs({ 'cars/foo.yaml': null })
    await storage.sync()
    expect(seen).toContain('synced')
    await theirs({ 'cars/pair.yaml': null })
    await storage.sync()
    expect(seen.slice(-2)).toEqual(['deleted left', 'deleted right'])
    controller.abort()
    await reading
  })

  it('resolves without readers, and when the only one leaves', async () => {
    const { storage } = fleet
    await storage.sync()
    const reader = read()
    await reader.next()
    const synced = storage.sync()
    await reader.stop()
    expect(await synced).toBeUndefined()
  })

  it('rejects with CLOSED after close', async () => {
    await fleet.storage.close()
    await expect(fleet.storage.sync()).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(fleet.storage.get(carKey('foo'))).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(fleet.storage.at('main')).rejects.toMatchObject({ code: 'CLOSED' })
    const change = fleet.storage.transaction('x-', async (tx) => {
      await tx.create(newCar('x'))
      return { target: 'base', title: 'x' }
    })
    await expect(change).rejects.toMatchObject({ code: 'CLOSED' })
  })
})
