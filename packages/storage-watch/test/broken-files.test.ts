import { writeFile } from 'node:fs/promises'
import { isLgError } from '@lg/runtime'
import { widget } from '@lg/storage/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { createWatched, isSynced, summarize, widgetKey, widgetText, type Watched } from './watched.ts'

let watched: Watched
afterEach(() => watched.close())

async function open(...args: Parameters<typeof createWatched>): Promise<Watched> {
  watched = await createWatched(...args)
  await watched.until(isSynced)
  return watched
}

const has = (type: string) => (): boolean => watched.events.some((event) => event.type === type)
const whole = widgetText('a', 22)
const half = whole.slice(0, whole.indexOf('spec:') + 6)

describe('a file that breaks', () => {
  it('keeps its last good objects, is reported with file and line, and heals', async () => {
    const { tree, storage, events } = await open({
      'a.yaml': [widgetText('a'), widgetText('b')].join('---\n'),
    })
    await tree.write('a.yaml', `${widgetText('a', 2)}spec: [\n`)
    await watched.until(has('error'))
    expect(events.at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'FILE_PROBLEM', message: expect.stringMatching(/^a\.yaml:\d+: /) as string },
    })
    expect(await storage.get(widgetKey('a'))).toEqual(widget('a', { size: 1, color: 'red' }))
    expect([...watched.objects]).toEqual([...(await watched.listed())])
    expect(await storage.problems()).not.toEqual([])

    await tree.write('a.yaml', widgetText('a', 3))
    await watched.until(has('modified'))
    await watched.until(has('deleted'))
    expect([...watched.objects]).toEqual([...(await watched.listed())])
    expect(await storage.problems()).toEqual([])
  })

  it('heals silently when it is as it was', async () => {
    const { tree, storage, events } = await open({ 'a.yaml': widgetText('a') })
    await tree.write('a.yaml', 'spec: [\n')
    await watched.until(has('error'))
    await tree.write('a.yaml', widgetText('a'))
    await storage.sync()
    expect(await storage.problems()).toEqual([])
    expect(summarize(events)).toEqual(['added a', 'synced', 'error', 'synced'])
  })

  it('is one whose object its schema refuses, too', async () => {
    const { tree, storage } = await open({ 'a.yaml': widgetText('a') })
    await tree.write('a.yaml', widgetText('a').replace('size: 1', 'size: wide'))
    await watched.until(has('error'))
    expect((await watched.listed()).size).toBe(1)
    expect(await storage.problems()).toMatchObject([
      { type: 'invalid', location: { path: 'a.yaml' }, line: 6 },
    ])
  })

  it('does not hold back what else changes in a file that was never good', async () => {
    const broken = 'spec: [\n'
    const { tree } = await open({ 'a.yaml': `${widgetText('b')}---\n${broken}` })
    await tree.write('a.yaml', `${widgetText('b', 2)}---\n${broken}`)
    await watched.until(has('modified'))
    expect([...watched.objects.values()]).toEqual([widget('b', { size: 2, color: 'red' })])
  })

  it('cannot be written, since what would be kept is gone', async () => {
    const { tree, storage } = await open({ 'a.yaml': widgetText('a') })
    const text = `${widgetText('a')}spec: [\n`
    await tree.write('a.yaml', text)
    await watched.until(has('error'))
    const error = await storage.update(widget('a', { size: 3 })).catch((reason: unknown) => reason)
    expect(isLgError(error, 'FILE_BROKEN')).toBe(true)
    expect(error).toMatchObject({ details: { path: 'a.yaml', line: expect.any(Number) as number } })
    expect(await tree.read('a.yaml')).toBe(text)
  })
})

describe('a file that is written in two halves', () => {
  it('is seen as a whole when it replaces another', async () => {
    const { tree, events } = await open({ 'a.yaml': widgetText('a') }, { settle: 20_000 })
    // Half of it is an object too, only another one.
    await tree.write('a.yaml', half)
    await tree.write('other.yaml', widgetText('other'))
    await watched.until(has('synced'))
    await watched.until((all) => summarize(all).includes('added other'))
    await writeFile(tree.path('a.yaml'), whole.slice(half.length), { flag: 'a' })
    await watched.until(has('modified'))
    expect(summarize(events)).toEqual(['added a', 'synced', 'added other', 'modified a'])
    expect(events.at(-1)).toMatchObject({ object: widget('a', { size: 22, color: 'red' }) })
  })

  it('is seen as a whole when the first half is longer than what it replaces', async () => {
    const { tree, events } = await open({ 'a.yaml': widgetText('a') }, { settle: 20_000 })
    await tree.write('a.yaml', `# ${'long '.repeat(50)}\n${widgetText('b')}---\n`)
    await tree.write('other.yaml', widgetText('other'))
    await watched.until((all) => summarize(all).includes('added other'))
    await writeFile(tree.path('a.yaml'), widgetText('a', 2), { flag: 'a' })
    await watched.until((all) => all.length === 5)
    expect(summarize(events).toSorted()).toEqual([
      'added a',
      'added b',
      'added other',
      'modified a',
      'synced',
    ])
  })

  it('is seen as a whole when it is new', async () => {
    const { tree, events } = await open({}, { settle: 20_000 })
    // Cut within a line, so that the half is an object with another color.
    await tree.write('a.yaml', whole.slice(0, -2))
    await tree.write('other.yaml', widgetText('other'))
    await watched.until((all) => summarize(all).includes('added other'))
    await writeFile(tree.path('a.yaml'), whole.slice(-2), { flag: 'a' })
    await watched.until((all) => summarize(all).includes('added a'))
    expect(summarize(events)).toEqual(['synced', 'added other', 'added a'])
    expect(events.at(-1)).toMatchObject({ object: widget('a', { size: 22, color: 'red' }) })
  })

  it('is seen as a whole when it is cut behind a key', async () => {
    const { tree, events } = await open({}, { settle: 20_000, unstructured: true })
    const [head = '', tail = ''] = widgetText('a', 22)
      .replace('Widget', 'Anything')
      .split(/(?<=spec:\n)/)
    await tree.write('a.yaml', head)
    await tree.write('other.yaml', widgetText('other'))
    await watched.until((all) => summarize(all).includes('added other'))
    await writeFile(tree.path('a.yaml'), tail, { flag: 'a' })
    await watched.until((all) => summarize(all).includes('added a'))
    expect(summarize(events)).toEqual(['synced', 'added other', 'added a'])
  })

  it('is taken for what it is when it stays so', async () => {
    const { tree, events } = await open({ 'a.yaml': widgetText('a') }, { settle: 100 })
    await tree.write('a.yaml', '')
    await watched.until(has('deleted'))
    expect(summarize(events)).toEqual(['added a', 'synced', 'deleted a'])
  })

  it('is taken for what it is by sync', async () => {
    const { tree, storage, events } = await open({ 'a.yaml': widgetText('a') }, { settle: 20_000 })
    await tree.write('a.yaml', '')
    await storage.sync()
    expect(summarize(events)).toEqual(['added a', 'synced', 'deleted a', 'synced'])
  })
})

describe('the same object in two files', () => {
  it('is reported; without the one, the other is there', async () => {
    const { tree, storage, events } = await open({ 'a.yaml': widgetText('a', 1) })
    await tree.write('b.yaml', widgetText('a', 2))
    await watched.until(has('error'))
    expect(events.at(-1)).toMatchObject({ error: { details: { problem: { type: 'duplicate' } } } })
    expect(await storage.get(widgetKey('a'))).toMatchObject({ spec: { size: 1 } })
    await tree.remove('a.yaml')
    await watched.until(has('modified'))
    expect(events.at(-1)).toMatchObject({ object: { spec: { size: 2 } }, location: { path: 'b.yaml' } })
    expect(await storage.problems()).toEqual([])
  })

  it('is no trouble while it moves from the one to the other', async () => {
    const { tree, events } = await open({
      'a.yaml': [widgetText('a'), widgetText('b')].join('---\n'),
      'z.yaml': widgetText('z'),
    })
    await tree.write('a.yaml', widgetText('a'))
    await tree.write('z.yaml', [widgetText('z'), widgetText('b')].join('---\n'))
    await watched.until(has('textChanged'))
    expect(summarize(events.slice(4))).toEqual(['textChanged b'])
    expect(events.at(-1)).toMatchObject({ location: { path: 'z.yaml' } })
  })
})
