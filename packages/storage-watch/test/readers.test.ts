import { isLgError } from '@lg/runtime'
import type { ObjectEvent } from '@lg/storage'
import { afterEach, describe, expect, it } from 'vitest'
import { collect, createWatched, isSynced, summarize, widgetText, type Watched } from './watched.ts'

let watched: Watched
afterEach(() => watched.close())

async function open(...args: Parameters<typeof createWatched>): Promise<Watched> {
  watched = await createWatched(...args)
  await watched.until(isSynced)
  return watched
}

/** Writes one file after the other, each taken over before the next. */
async function change(times: number): Promise<void> {
  for (let time = 1; time <= times; time++) {
    const seen = watched.events.length
    await watched.tree.write('a.yaml', widgetText('a', seen + 100))
    await watched.until((events) => events.length > seen)
  }
}

describe('a slow reader', () => {
  it('starts over when it lags too far behind, and holds nobody up', async () => {
    const { storage } = await open({ 'a.yaml': widgetText('a') })
    const slow = storage.watch({ buffer: 3 })[Symbol.asyncIterator]()
    const seen: ObjectEvent[] = []
    const take = async (count: number): Promise<void> => {
      for (; count > 0; count--) seen.push((await slow.next()).value as ObjectEvent)
    }
    await take(2)
    await change(10)
    await take(3)
    expect(summarize(seen)).toEqual(['added a', 'synced', 'relist', 'added a', 'synced'])
    expect(seen[3]).toMatchObject({ initial: true, object: { spec: { size: 111 } } })
    await slow.return?.()
  })

  it('keeps nothing in memory that it lags behind', async () => {
    const { storage, events } = await open({ 'a.yaml': widgetText('a') }, { history: 2 })
    const stuck = storage.watch({ buffer: 3 })[Symbol.asyncIterator]()
    await stuck.next()
    await change(1)
    const since = events.at(-1)?.position
    await change(19)
    await expect(storage.watch({ since })[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'EXPIRED',
    })
    await stuck.return?.()
  })

  it('is ended instead, when it asks for that', async () => {
    const { storage } = await open({ 'a.yaml': widgetText('a') })
    const slow = storage.watch({ buffer: 3, overflow: 'error' })[Symbol.asyncIterator]()
    await slow.next()
    await change(10)
    const outcome = (async () => {
      while (!(await slow.next()).done);
    })()
    await expect(outcome).rejects.toMatchObject({ code: 'WATCH_OVERFLOW', details: { buffer: 3 } })
  })

  it('gets all that happens at once, however small its buffer', async () => {
    const { tree, storage } = await open({}, { quiet: 200 })
    const reader = collect(storage, { buffer: 1 })
    await reader.until(isSynced)
    for (let name = 0; name < 50; name++) await tree.write(`${name}.yaml`, widgetText(`w${name}`))
    await reader.until(() => reader.objects.size === 50)
    expect(summarize(reader.events)).not.toContain('relist')
  })
})

describe('a reader that comes back', () => {
  it('goes on after the last event that it saw', async () => {
    const { tree, storage, events } = await open({ 'a.yaml': widgetText('a') })
    await change(1)
    const seen = events.at(-1)?.position
    await tree.write('b.yaml', widgetText('b'))
    await watched.until((all) => summarize(all).includes('added b'))
    const resumed = collect(storage, { since: seen })
    await resumed.until(isSynced)
    expect(summarize(resumed.events)).toEqual(['added b', 'synced'])
  })

  it('is told when that is too long ago, within what exists, or of another time', async () => {
    const { storage, events } = await open({ 'a.yaml': widgetText('a') }, { history: 2 })
    const [initial, synced] = events
    const resumed = storage.watch({ since: initial?.position })[Symbol.asyncIterator]().next()
    await expect(resumed).rejects.toSatisfy((error) => isLgError(error, 'EXPIRED'))
    await change(20)
    for (const since of [synced?.position, 'nonsense', `${synced?.position}0000`]) {
      const first = storage.watch({ since })[Symbol.asyncIterator]().next()
      await expect(first).rejects.toSatisfy((error) => isLgError(error, 'EXPIRED'))
    }
  })
})

describe('several readers', () => {
  it('hear the same, each with objects of its own', async () => {
    const { tree, storage, events } = await open()
    const other = collect(storage)
    await other.until(isSynced)
    await tree.write('a.yaml', widgetText('a'))
    await watched.until((all) => all.length === 2)
    await other.until((all) => all.length === 2)
    expect(other.events).toEqual(events)
    const [ours, theirs] = [events[1], other.events[1]]
    expect('object' in ours! && 'object' in theirs! && ours.object !== theirs.object).toBe(true)
  })

  it('are waited for by sync, each up to its last event', async () => {
    const { tree, storage } = await open()
    const controller = new AbortController()
    const stuck = storage.watch({ signal: controller.signal })[Symbol.asyncIterator]()
    await stuck.next()
    await tree.write('a.yaml', widgetText('a'))
    const synced = storage.sync().then(() => 'synced')
    await watched.until((events) => summarize(events).includes('added a'))
    expect(await Promise.race([synced, Promise.resolve('waiting')])).toBe('waiting')
    await stuck.next()
    await stuck.next()
    void stuck.next().catch(() => {})
    expect(await synced).toBe('synced')
    controller.abort()
  })

  it('end with their signal, and all of them with the storage', async () => {
    const { storage } = await open({ 'a.yaml': widgetText('a') })
    const controller = new AbortController()
    const aborted = collect(storage, { signal: controller.signal })
    const completed = new Promise<void>((resolve) => {
      storage.events().subscribe({ complete: resolve })
    })
    await aborted.until(isSynced)
    controller.abort(new Error('enough'))
    await aborted.ended
    await expect(aborted.until(() => false)).rejects.toThrow('enough')
    await storage.close()
    await completed
  })
})
