import { createFakeClock } from '@lg/test-kit'
import type { DirectoryWatcher, WatchRequest } from '@lg/storage-watch'
import { describe, expect, it } from 'vitest'
import { createWatched, isSynced, summarize, widgetText } from './watched.ts'

/** A system whose reports the test makes up. */
function createPuppet(): DirectoryWatcher & { request(): WatchRequest } {
  let current: WatchRequest | undefined
  return {
    request: () => current as WatchRequest,
    async watch(request) {
      current = request
      return { close: async () => {} }
    },
  }
}

describe('a batch', () => {
  it('ends when the tree is quiet, and at the latest after the longest wait, however busy it is', async () => {
    const clock = createFakeClock({ now: Date.now() })
    const watcher = createPuppet()
    const watched = await createWatched(
      {},
      { clock, watcher, quiet: 50, maxWait: 500, rescanInterval: false },
    )
    await watched.until(isSynced)
    await watched.tree.write('a.yaml', widgetText('a'))
    const { changed } = watcher.request()
    changed('a.yaml', 'file')
    // Something is reported every 30 ms and never stops.
    for (let passed = 0; passed < 480; passed += 30) {
      await clock.advance(30)
      changed('busy.txt', 'file')
    }
    expect(summarize(watched.events)).toEqual(['synced'])
    await clock.advance(30)
    await watched.until((events) => summarize(events).includes('added a'))
    await watched.close()
  })

  it('is not waited for by an edit that can be nothing but whole', async () => {
    const clock = createFakeClock({ now: Date.now() })
    const watcher = createPuppet()
    const watched = await createWatched({ 'a.yaml': widgetText('a') }, { clock, watcher, quiet: 50 })
    await watched.until(isSynced)
    await watched.tree.write('a.yaml', widgetText('a', 2))
    watcher.request().changed('a.yaml', 'file')
    await clock.waitForSleepers(2)
    await clock.advance(10)
    await watched.until((events) => events.length > 2)
    expect(summarize(watched.events)).toEqual(['added a', 'synced', 'modified a'])
    await watched.close()
  })

  it('is waited for by every part of an edit, wherever it is cut', async () => {
    const clock = createFakeClock({ now: Date.now() })
    const watcher = createPuppet()
    const files = { 'a.yaml': `${widgetText('a')}---\n${widgetText('b')}`, 'other.yaml': widgetText('other') }
    const watched = await createWatched(files, { clock, watcher, rescanInterval: false, maxWait: 1e9 })
    await watched.until(isSynced)
    const whole = `# Both of them grow.\n${widgetText('a', 22)}---\n${widgetText('b', 22)}`
    for (let cut = 1; cut < whole.length; cut++) {
      await watched.tree.write('a.yaml', whole.slice(0, cut))
      watcher.request().changed('a.yaml', 'file')
      // Looked at in the same breath as this one.
      await watched.tree.write('other.yaml', widgetText('other', cut + 1))
      watcher.request().changed('other.yaml', 'file')
      const seen = watched.events.length
      await clock.waitForSleepers(2)
      await clock.advance(10)
      await watched.until((events) => events.length > seen)
      expect(summarize(watched.events.slice(seen)), `cut at ${cut}`).toEqual(['modified other'])
    }
    await watched.close()
  })

  it('of very many reports is a scan, since some may have been lost', async () => {
    const clock = createFakeClock({ now: Date.now() })
    const watcher = createPuppet()
    const watched = await createWatched({}, { clock, watcher, rescanInterval: false })
    await watched.until(isSynced)
    await watched.tree.write('unreported.yaml', widgetText('a'))
    for (let at = 0; at < 2000; at++) watcher.request().changed('busy.txt', 'file')
    await clock.advance(100)
    await watched.until((events) => summarize(events).includes('added a'))
    expect(watched.objects.size).toBe(1)
    await watched.close()
  })

  it('is made of what happens while the first scan runs, too', async () => {
    const clock = createFakeClock({ now: Date.now() })
    let late: Promise<unknown> = Promise.resolve()
    const watcher: DirectoryWatcher = {
      async watch({ dir, changed }) {
        // Behind the back of the scan, which may or may not see it.
        late = watched.tree.write('late.yaml', widgetText('late')).then(() => changed('late.yaml', 'file'))
        expect(dir).toBe(watched.tree.dir)
        return { close: async () => {} }
      },
    }
    const watched = await createWatched(
      { 'a.yaml': widgetText('a') },
      { clock, watcher, rescanInterval: false },
    )
    await watched.until(isSynced)
    await late
    await clock.advance(100)
    await watched.until(() => watched.objects.size === 2)
    expect(summarize(watched.events)).toContain('added late')
    await watched.close()
  })
})
