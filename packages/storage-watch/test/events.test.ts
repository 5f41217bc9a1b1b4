import { chmod, rename, rm, writeFile } from 'node:fs/promises'
import { widget } from '@lg/storage/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { createWatched, isSynced, summarize, widgetKey, widgetText, type Watched } from './watched.ts'

let watched: Watched
afterEach(() => watched.close())

const open = async (...args: Parameters<typeof createWatched>): Promise<Watched> => {
  watched = await createWatched(...args)
  await watched.until(isSynced)
  return watched
}

/** The events since the first mark, once there are so many. */
async function next(count: number): Promise<string[]> {
  const first = watched.events.findIndex(({ type }) => type === 'synced') + 1
  await watched.until((events) => events.length >= first + count)
  return summarize(watched.events.slice(first))
}

describe('a watch', () => {
  it('begins with what exists, and a mark', async () => {
    const { events } = await open({ 'a.yaml': widgetText('a'), 'x/b.yaml': widgetText('b') })
    expect(summarize(events)).toEqual(['added a', 'added b', 'synced'])
    expect(events[0]).toMatchObject({
      initial: true,
      key: widgetKey('a'),
      location: { path: 'a.yaml', document: 0 },
    })
  })

  it('tells of a new, a changed and a deleted object, with the old and the new one', async () => {
    const { tree, events } = await open()
    await tree.write('a.yaml', widgetText('a', 1))
    await next(1)
    await tree.write('a.yaml', widgetText('a', 2))
    await next(2)
    await tree.remove('a.yaml')
    expect(await next(3)).toEqual(['added a', 'modified a', 'deleted a'])
    expect(events[2]).toMatchObject({
      object: { spec: { size: 2 } },
      previous: { spec: { size: 1 } },
      origin: { by: 'other' },
    })
    expect(events[3]).toMatchObject({ object: { spec: { size: 2 } } })
    expect(events[1]).not.toHaveProperty('initial', true)
  })

  it('calls an edit that leaves the value alone textChanged', async () => {
    const { tree } = await open({ 'a.yaml': widgetText('a') })
    await tree.write('a.yaml', `# about a\n${widgetText('a')}`)
    expect(await next(1)).toEqual(['textChanged a'])
  })

  it('tells of a move as one change of the place', async () => {
    const { tree, events } = await open({ 'a.yaml': widgetText('a'), 'x/b.yaml': widgetText('b') })
    await rename(tree.path('a.yaml'), tree.path('x/c.yaml'))
    expect(await next(1)).toEqual(['textChanged a'])
    expect(events.at(-1)).toMatchObject({ location: { path: 'x/c.yaml' } })
  })

  it('tells of a move as one change, also of a file that ends within a line', async () => {
    const { tree, storage, events } = await open({ 'x/a.yaml': widgetText('a').trimEnd() }, { settle: 100 })
    await rename(tree.path('x'), tree.path('y'))
    expect(await next(1)).toEqual(['textChanged a'])
    expect(events.at(-1)).toMatchObject({ location: { path: 'y/a.yaml' } })
    await storage.sync()
    expect(await next(2)).toEqual(['textChanged a', 'synced'])
  })

  it('sees a file that is written beside and renamed over, as editors do', async () => {
    const { tree } = await open({ 'a.yaml': widgetText('a') })
    await writeFile(tree.path('a.yaml~'), widgetText('a', 2))
    await rename(tree.path('a.yaml~'), tree.path('a.yaml'))
    expect(await next(1)).toEqual(['modified a'])
  })

  it('tells of one write once, however it is written', async () => {
    const { tree, storage, events } = await open({ 'a.yaml': widgetText('a') }, { quiet: 200 })
    const path = tree.path('a.yaml')
    const ways: ((text: string) => Promise<unknown>)[] = [
      (text) => writeFile(path, text),
      (text) => writeFile(path, `${text}# more\n`),
      (text) => writeFile(path, text).then(() => chmod(path, 0o600)),
      (text) => writeFile(path, text.slice(0, 70)).then(() => writeFile(path, text.slice(70), { flag: 'a' })),
      (text) => writeFile(path, text, { flag: 'r+' }),
      (text) => writeFile(`${path}~`, text).then(() => rename(`${path}~`, path)),
      (text) => rename(path, `${path}~`).then(() => writeFile(path, text)),
      (text) => rm(path).then(() => writeFile(path, text)),
    ]
    for (const [at, write] of ways.entries()) {
      await write(widgetText('a', at + 10))
      await next(at + 1)
    }
    await storage.sync()
    expect(summarize(events.slice(2))).toEqual([...ways.map(() => 'modified a'), 'synced'])
  })

  it('marks writes of its own, and tells of each once', async () => {
    const { storage, tree, events } = await open({}, { template: '{name}.yaml' })
    await storage.create(widget('a', { size: 1 }))
    await storage.update(widget('a', { size: 2 }))
    await tree.write('b.yaml', widgetText('b'))
    await next(3)
    await storage.delete(widgetKey('a'))
    expect(await next(4)).toEqual(['added a', 'modified a', 'added b', 'deleted a'])
    const origins = events.slice(1).map((event) => 'origin' in event && event.origin.by)
    expect(origins).toEqual(['self', 'self', 'other', 'self'])
    await storage.sync()
    expect(summarize(events.slice(5))).toEqual(['synced'])
  })

  it('never takes the write of another for its own, even right behind one', async () => {
    const { storage, tree, events } = await open({ 'a.yaml': widgetText('a') })
    await storage.update(widget('a', { size: 2, color: 'red' }))
    await tree.write('a.yaml', widgetText('a', 3))
    await next(2)
    expect(events.slice(2)).toMatchObject([
      { type: 'modified', object: { spec: { size: 2 } }, origin: { by: 'self' } },
      { type: 'modified', object: { spec: { size: 3 } }, origin: { by: 'other' } },
    ])
  })

  it('hears of several documents in a file one by one', async () => {
    const { tree } = await open({ 'all.yaml': [widgetText('a'), widgetText('b')].join('---\n') })
    await tree.write('all.yaml', [widgetText('b', 2), widgetText('c')].join('---\n'))
    expect((await next(3)).toSorted()).toEqual(['added c', 'deleted a', 'modified b'])
  })
})
