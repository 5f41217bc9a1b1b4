import { readdir, readFile } from 'node:fs/promises'
import { Widget } from '@lg/storage/testing'
import { createFolderWatcher, createParcelWatcher } from '@lg/storage-watch'
import { createTree } from '@lg/test-kit'
import { describe, expect, it } from 'vitest'
import { createWatched, isSynced, summarize, widgetText } from './watched.ts'

/** What the process holds. */
async function held(): Promise<Record<string, number>> {
  const descriptors = await readdir('/proc/self/fd')
  const notes = await Promise.all(
    descriptors.map((fd) => readFile(`/proc/self/fdinfo/${fd}`, 'utf8').catch(() => '')),
  )
  const resources = process.getActiveResourcesInfo()
  return {
    watches: notes.join('').match(/^inotify wd/gm)?.length ?? 0,
    descriptors: descriptors.length,
    threads: (await readdir('/proc/self/task')).length,
    folders: resources.filter((name) => name.startsWith('FSEvent')).length,
  }
}

const countTimers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

const files = { 'a.yaml': widgetText('a'), 'x/b.yaml': widgetText('b') }

describe('close', () => {
  it.each([
    ['folder', createFolderWatcher()],
    ['parcel', createParcelWatcher()],
  ])(
    'with the %s watcher frees every watch, descriptor and timer, also when the directory is gone',
    async (_, watcher) => {
      const first = await createWatched(files, { watcher })
      await first.until(isSynced)
      await first.close()
      const before = await held()
      const timers = countTimers()
      for (let round = 0; round < 5; round++) {
        const watched = await createWatched(files, { watcher, settle: 60_000 })
        await watched.until(isSynced)
        await watched.tree.write('a.yaml', '')
        await watched.tree.write('y/z/c.yaml', widgetText('c'))
        await watched.until((events) => summarize(events).includes('added c'))
        if (round > 2) await watched.tree.close()
        await watched.close()
      }
      expect(await held()).toEqual(before)
      expect(countTimers()).toBeLessThanOrEqual(timers)
    },
  )

  it('ends calls that wait, refuses later ones, and may be called again', async () => {
    const watched = await createWatched(files)
    await watched.until(isSynced)
    const { storage } = watched
    await watched.close()
    await storage.close()
    await expect(storage.list(Widget)).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(storage.start()).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(storage.sync()).rejects.toMatchObject({ code: 'CLOSED' })
    expect((await storage.watch()[Symbol.asyncIterator]().next()).done).toBe(true)
  })

  it('of one storage leaves others on the same directory alone', async () => {
    const tree = await createTree(files)
    const [one, two] = await Promise.all([
      createWatched({}, { dir: tree.dir }),
      createWatched({}, { dir: tree.dir }),
    ])
    await Promise.all([one.until(isSynced), two.until(isSynced)])
    await tree.write('c.yaml', widgetText('c'))
    await one.until((events) => summarize(events).includes('added c'))
    await two.until((events) => summarize(events).includes('added c'))
    await one.close()
    await tree.write('x/d.yaml', widgetText('d'))
    await two.until((events) => summarize(events).includes('added d'))
    expect([one.objects.size, two.objects.size]).toEqual([3, 4])
    await two.close()
    await tree.close()
  })
})
