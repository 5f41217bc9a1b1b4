import { mkdir, rename } from 'node:fs/promises'
import { createFolderWatcher, createParcelWatcher, type WatchedDirectory } from '@lg/storage-watch'
import { createTree, type Tree } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

/** The contract of `DirectoryWatcher`, as far as every system keeps it. */
describe.each([
  ['folder by folder', createFolderWatcher()],
  ['by @parcel/watcher', createParcelWatcher()],
])('watching %s', (_, watcher) => {
  let tree: Tree
  let watched: WatchedDirectory
  let reported: Set<string>
  let ended: boolean
  let look = (): void => {}

  beforeEach(async () => {
    tree = await createTree({ 'a.yaml': '1', 'x/b.yaml': '1', 'vendor/c.yaml': '1' })
    reported = new Set()
    ended = false
    watched = await watcher.watch({
      dir: tree.dir,
      enters: (folder) => folder !== 'vendor',
      changed(path) {
        reported.add(path)
        look()
      },
      missed: () => {},
      ended() {
        ended = true
        look()
      },
    })
  })
  afterEach(async () => {
    await watched.close()
    await tree.close()
  })

  const until = (isDone: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      look = () => {
        if (isDone()) resolve()
      }
      look()
    })

  it('reports what is made, changed, renamed and removed', async () => {
    await tree.write('new.yaml', '1')
    await tree.write('x/b.yaml', '2')
    await rename(tree.path('a.yaml'), tree.path('x/moved.yaml'))
    await until(() => ['new.yaml', 'x/b.yaml', 'a.yaml', 'x/moved.yaml'].every((path) => reported.has(path)))
    reported.clear()
    await tree.remove('new.yaml')
    await until(() => reported.has('new.yaml'))
    expect(ended).toBe(false)
  })

  it('reports what is in a folder that comes', async () => {
    const outside = await createTree({ 'y/z/d.yaml': '1' })
    await rename(outside.path('y'), tree.path('y'))
    await until(() => reported.has('y/z/d.yaml'))
    expect(reported).toContain('y')
    await outside.close()
  })

  it('reports what changes in folders that came, moved and came back', async () => {
    const outside = await createTree({ 'y/z/d.yaml': '1' })
    await rename(outside.path('y'), tree.path('y'))
    await until(() => reported.has('y/z/d.yaml'))
    await rename(tree.path('y'), tree.path('x/y'))
    await until(() => reported.has('x/y/z/d.yaml'))
    await tree.remove('x')
    await tree.write('x/y/z/e.yaml', '1')
    await until(() => reported.has('x/y/z/e.yaml'))
    for (const path of ['x/y/z/d.yaml', 'x/y/z/new/er/f.yaml', 'x/y/z/new/g.yaml', 'x/h.yaml']) {
      reported.clear()
      await tree.write(path, '1')
      await until(() => reported.has(path))
    }
    expect(ended).toBe(false)
    await outside.close()
  })

  it('reports the files of many folders that come at once', async () => {
    const paths = Array.from({ length: 200 }, (_, at) => `${at % 20}/${at}/deep/er/a.yaml`)
    await Promise.all(paths.map((path) => tree.write(path, '1')))
    await until(() => paths.every((path) => reported.has(path)))
    expect(ended).toBe(false)
  })

  it('ends with its root', async () => {
    await tree.close()
    await until(() => ended)
    await mkdir(tree.dir)
    expect(ended).toBe(true)
  })

  it('reports nothing after close, which may be called again', async () => {
    await watched.close()
    await watched.close()
    await tree.write('new.yaml', '1')
    const other = await watcher.watch({
      dir: tree.dir,
      enters: () => true,
      changed: () => look(),
      missed: () => {},
      ended: () => {},
    })
    let heard = false
    const next = until(() => heard)
    look = ((before) => () => {
      heard = true
      before()
    })(look)
    await tree.write('newer.yaml', '1')
    await next
    expect(reported).toEqual(new Set())
    await other.close()
  })
})
