import { execFileSync } from 'node:child_process'
import { mkdir, open as openFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { isLgError } from '@lg/runtime'
import { Widget } from '@lg/storage/testing'
import { createManifestStorage, type DirectoryWatcher } from '@lg/storage-watch'
import { createFakeClock, createTree } from '@lg/test-kit'
import { afterEach, describe, expect, it } from 'vitest'
import { createWatched, isSynced, serializer, summarize, widgetText, type Watched } from './watched.ts'

let watched: Watched
afterEach(() => watched.close())

async function open(...args: Parameters<typeof createWatched>): Promise<Watched> {
  watched = await createWatched(...args)
  await watched.until(isSynced)
  return watched
}

const includes = (line: string) => (): boolean => summarize(watched.events).includes(line)
const codes = (): unknown[] =>
  watched.events.map((event) => ('error' in event && isLgError(event.error) ? event.error.code : ''))

/** A system that reports nothing. */
const deaf: DirectoryWatcher = { watch: async () => ({ close: async () => {} }) }

describe('a directory that is missing', () => {
  it('is a clear error at the start, or made when asked', async () => {
    const { tree } = await open()
    const dir = tree.path('not/there')
    const missing = createManifestStorage({ dir, serializer })
    await expect(missing.start()).rejects.toMatchObject({ code: 'DIRECTORY_MISSING', details: { dir } })
    await expect(missing.list(Widget)).rejects.toMatchObject({ code: 'NOT_STARTED' })
    await missing.close()
    const made = createManifestStorage({ dir, serializer, createDirectory: true })
    expect(await made.start().then(() => made.list(Widget))).toEqual([])
    await made.close()
    const file = { dir: tree.path('file.yaml'), serializer, createDirectory: true }
    await tree.write('file.yaml', widgetText('a'))
    const blocked = createManifestStorage(file)
    await expect(blocked.start()).rejects.toMatchObject({
      code: 'DIRECTORY_MISSING',
      message: expect.stringContaining('EEXIST') as string,
    })
    await blocked.close()
  })

  it('is an error event when it goes, and all is well again when it is back', async () => {
    const { tree, objects } = await open({ 'sub/a.yaml': widgetText('a') }, { pollInterval: 10 })
    await rename(tree.dir, `${tree.dir}.away`)
    await watched.until(includes('deleted a'))
    expect(codes()).toContain('DIRECTORY_GONE')
    await rename(`${tree.dir}.away`, tree.dir)
    await watched.until(() => objects.size === 1)
    await tree.write('sub/b.yaml', widgetText('b'))
    await watched.until(includes('added b'))
  })

  it('is followed when another takes its place', async () => {
    const { tree } = await open({ 'a.yaml': widgetText('a') }, { pollInterval: 10 })
    await rm(tree.dir, { recursive: true })
    await mkdir(tree.dir)
    await watched.until(includes('deleted a'))
    await tree.write('x/b.yaml', widgetText('b'))
    await watched.until(includes('added b'))
    await tree.write('x/c.yaml', widgetText('c'))
    await watched.until(includes('added c'))
    expect(watched.objects.size).toBe(2)
  })
})

describe('folders', () => {
  it('that come with files, nested, all at once', async () => {
    const { tree, objects } = await open()
    const names = Array.from({ length: 200 }, (_, at) => `w${at}`)
    await Promise.all(names.map((name) => tree.write(`${name}/deep/er/${name}.yaml`, widgetText(name))))
    await watched.until(() => objects.size === names.length)
    expect(new Map(objects)).toEqual(await watched.listed())
  })

  it('that are moved in, within and out are watched where they are', async () => {
    const outside = await createTree({ 'x/y/a.yaml': widgetText('a') })
    const { tree } = await open()
    await rename(outside.path('x'), tree.path('x'))
    await watched.until(includes('added a'))
    await rename(tree.path('x'), tree.path('z'))
    await watched.until(includes('textChanged a'))
    await tree.write('z/y/a.yaml', widgetText('a', 2))
    await watched.until(includes('modified a'))
    await rename(tree.path('z'), outside.path('x'))
    await watched.until(includes('deleted a'))
    await outside.write('x/y/b.yaml', widgetText('b'))
    await tree.write('last.yaml', widgetText('last'))
    await watched.until(includes('added last'))
    expect(summarize(watched.events)).not.toContain('added b')
    await outside.close()
  })

  it('that are left out are not even watched', async () => {
    const { tree } = await open({}, { exclude: ['vendor'] })
    await tree.write('vendor/a.yaml', widgetText('a'))
    await tree.write('.git/b.yaml', widgetText('b'))
    await tree.write('c.yaml', widgetText('c'))
    await watched.until(includes('added c'))
    await watched.storage.sync()
    expect([...watched.objects.keys()]).toHaveLength(1)
  })
})

describe('what the system does not report', () => {
  it('is found by the scan that comes round, and by sync', async () => {
    const clock = createFakeClock({ now: Date.now() })
    const { tree, storage } = await open({}, { watcher: deaf, clock })
    await tree.write('a.yaml', widgetText('a'))
    await clock.waitForSleepers(1)
    await clock.advance(59_999)
    expect(summarize(watched.events)).toEqual(['synced'])
    await clock.advance(1)
    await watched.until(includes('added a'))
    await tree.write('b.yaml', widgetText('b'))
    await storage.sync()
    expect(summarize(watched.events)).toContain('added b')
  })
})

describe('watching that fails', () => {
  it('is reported, and the directory scanned instead', async () => {
    const broken: DirectoryWatcher = { watch: () => Promise.reject(new Error('out of order')) }
    const { tree } = await open({}, { watcher: broken, pollInterval: 10 })
    expect(codes()).toContain('WATCH_FAILED')
    await tree.write('a.yaml', widgetText('a'))
    await watched.until(includes('added a'))
    expect(codes().filter((code) => code === 'WATCH_FAILED')).toHaveLength(1)
  })

  it('is tried again, now and then', async () => {
    let tries = 0
    const watcher: DirectoryWatcher = {
      async watch({ changed }) {
        if (tries++ === 0) throw new Error('out of order')
        await watched.tree.write('a.yaml', widgetText('a'))
        changed('a.yaml', 'file')
        return { close: async () => {} }
      },
    }
    await open({}, { watcher, pollInterval: 1, rescanInterval: false })
    await watched.until(includes('added a'))
    expect(tries).toBe(2)
    expect(codes().filter((code) => code === 'WATCH_FAILED')).toHaveLength(1)
  })
})

describe('what is no manifest', () => {
  it('is left alone: pipes, sockets, devices, loops of links, other names', async () => {
    const { tree, storage, events } = await open({ 'a.yaml': widgetText('a'), 'notes.txt': widgetText('b') })
    execFileSync('mkfifo', [tree.path('pipe.yaml')])
    const server = createServer().listen(tree.path('socket.yaml'))
    await symlink(tree.dir, tree.path('loop'))
    await symlink('self.yaml', tree.path('self.yaml'))
    await symlink('a.yaml', tree.path('link.yaml'))
    await symlink('/dev/zero', tree.path('zero.yaml'))
    await storage.sync()
    expect(summarize(events)).toEqual(['added a', 'synced', 'synced'])
    expect(await storage.problems()).toEqual([])
    server.close()
  })

  it('is reported and not read when it is too large', async () => {
    const { tree, storage } = await open({ 'a.yaml': widgetText('a') })
    const file = await openFile(tree.path('a.yaml'), 'r+')
    await file.truncate(100_000_000)
    await file.close()
    await watched.until(includes('error'))
    const [problem] = await storage.problems()
    expect(problem).toMatchObject({ type: 'unreadable', location: { path: 'a.yaml' } })
    expect(problem?.message).toContain('100000000')
    expect(await storage.count(Widget)).toBe(1)
    await tree.write('a.yaml', widgetText('a', 2))
    await watched.until(includes('modified a'))
  })

  it.each([
    ['file', '.yaml'],
    ['folder', '/a.yaml'],
  ])('is reported when the name of its %s is not UTF-8', async (_, rest) => {
    const { tree, storage } = await open()
    const name = Buffer.concat([Buffer.from(tree.path('caf')), Buffer.from([0xe9]), Buffer.from(rest)])
    if (rest.startsWith('/')) await mkdir(name.subarray(0, name.lastIndexOf('/')))
    await writeFile(name, widgetText('a'))
    await watched.until(includes('error'))
    expect(await storage.problems()).toMatchObject([
      { type: 'unreadable', message: expect.stringContaining('UTF-8') as string },
    ])
    await tree.write('b.yaml', widgetText('b'))
    await watched.until(includes('added b'))
    await rm(tree.dir, { recursive: true })
  })
})

describe('a root that is a link', () => {
  it('is followed, as the directory that it leads to', async () => {
    const { tree } = await open({ 'real/a.yaml': widgetText('a') })
    await symlink('real', tree.path('link'))
    const linked = await createWatched({}, { dir: tree.path('link') })
    await linked.until((events) => summarize(events).includes('added a'))
    await tree.write('real/b.yaml', widgetText('b'))
    await linked.until((events) => summarize(events).includes('added b'))
    expect(await linked.storage.count(Widget)).toBe(2)
    await linked.close()
  })
})
