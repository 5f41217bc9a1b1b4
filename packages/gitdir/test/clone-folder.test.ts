import { chmod, mkdir, readdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createTree, type Tree } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { takeCloneFolder } from '../src/clone-folder.ts'

let tree: Tree
beforeEach(async () => {
  tree = await createTree()
})
afterEach(() => tree.close())

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

describe('a temporary folder', () => {
  test.each([{ end: 'release' as const }, { end: 'abandon' as const }])(
    'is private, and gone after $end',
    async ({ end }) => {
      const folder = await takeCloneFolder(undefined)
      expect(dirname(folder.dir)).toBe(tmpdir())
      expect((await stat(folder.dir)).mode & 0o777).toBe(0o700)
      await mkdir(join(folder.store, 'objects'), { recursive: true })
      await folder[end]({ opened: false })
      expect(await exists(folder.dir)).toBe(false)
    },
  )
})

describe('a given folder', () => {
  test('is made with its parents, and stays after release', async () => {
    const folder = await takeCloneFolder(tree.path('clones/cars'))
    await mkdir(folder.store)
    await folder.release()
    expect(await exists(folder.store)).toBe(true)
  })

  test('that was new is gone after a failed start, with the parents made for it', async () => {
    await tree.write('clones/other.txt', 'kept')
    const folder = await takeCloneFolder(tree.path('clones/fleet/cars'))
    await mkdir(folder.store)
    await mkdir(folder.worktree)
    await folder.abandon({ opened: true })
    expect(await tree.list()).toEqual(['clones/other.txt'])
    expect(await exists(tree.path('clones/fleet'))).toBe(false)
  })

  test('that existed and was empty is empty again after a failed start', async () => {
    await mkdir(tree.path('clone'))
    const folder = await takeCloneFolder(tree.path('clone'))
    await mkdir(folder.store)
    await folder.abandon({ opened: true })
    expect(await readdir(tree.path('clone'))).toEqual([])
  })

  test('keeps the clone of an earlier start when the start fails', async () => {
    await tree.write('clone/store.git/HEAD', 'ref: refs/heads/main\n')
    const folder = await takeCloneFolder(tree.path('clone'))
    await folder.abandon({ opened: true })
    expect(await tree.list()).toEqual(['clone/store.git/HEAD'])
  })

  test('keeps what another owner made meanwhile when the store could not be opened', async () => {
    const folder = await takeCloneFolder(tree.path('clone'))
    await tree.write('clone/store.git/HEAD', 'ref: refs/heads/main\n')
    await folder.abandon({ opened: false })
    expect(await tree.list()).toEqual(['clone/store.git/HEAD'])
  })

  test('keeps no empty folder that the engine made before it failed', async () => {
    const folder = await takeCloneFolder(tree.path('clone'))
    await mkdir(join(folder.store, 'lg', 'claims'), { recursive: true })
    await folder.abandon({ opened: false })
    expect(await exists(folder.dir)).toBe(false)
  })

  test('that holds something else is refused and left alone', async () => {
    await tree.write('home/diary.txt', 'dear diary')
    const dir = tree.path('home')
    await expect(takeCloneFolder(dir)).rejects.toMatchObject({
      code: 'DIRECTORY_NOT_OURS',
      message: expect.stringContaining(`${dir} is not used: it holds diary.txt and no clone`),
      details: { dir },
    })
    expect(await tree.list()).toEqual(['home/diary.txt'])
  })

  test('whose removal fails says so', async () => {
    const folder = await takeCloneFolder(tree.path('parent/clone'))
    await chmod(folder.dir, 0o700)
    await tree.remove('parent')
    await expect(folder.abandon({ opened: true })).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
