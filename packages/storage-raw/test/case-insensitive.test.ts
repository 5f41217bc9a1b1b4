import { join } from 'node:path'
import { isLgError } from '@lg/runtime'
import { createTree, type Tree } from '@lg/test-kit'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { systemDisk, type Disk } from '../src/directory/disk.ts'
import { createDiskTree } from '../src/directory/disk-tree.ts'

let tree: Tree
beforeEach(async () => {
  tree = await createTree()
})
afterEach(() => tree.close())

/** The machine's disk as one that takes names for the same when only their case differs, and keeps their spelling. */
function ignoringCase(): Disk {
  const spelled = async (path: string): Promise<string> => {
    if (!path.toLowerCase().startsWith(tree.dir.toLowerCase())) return path
    let at = tree.dir
    for (const part of path.slice(tree.dir.length).split('/').filter(Boolean)) {
      const entries = await systemDisk.readdir(at).catch(() => [])
      const same = entries.find(({ name }) => name.toLowerCase() === part.toLowerCase())
      at = join(at, same?.name ?? part)
    }
    return at
  }
  return {
    ...systemDisk,
    lstat: async (path) => await systemDisk.lstat(await spelled(path)),
    realpath: async (path) => await systemDisk.realpath(await spelled(path)),
    readdir: async (path) => await systemDisk.readdir(await spelled(path)),
    readFile: async (path) => await systemDisk.readFile(await spelled(path)),
    mkdir: async (path) => await systemDisk.mkdir(await spelled(path)),
  }
}

it('refuses a file whose name differs only in case, and does not take the one for the other', async () => {
  await tree.write('Cars/Foo.yaml', 'one')
  const files = createDiskTree({ dir: tree.dir, disk: ignoringCase() })
  const code = async (path: string): Promise<string> => {
    try {
      await files.replace({ path, before: undefined, after: Buffer.from('two') })
      return 'nothing'
    } catch (error) {
      return isLgError(error) ? error.code : String(error)
    }
  }
  expect(await files.read('Cars/foo.yaml')).toBeUndefined()
  expect(await files.read('cars/Foo.yaml')).toBeUndefined()
  expect(Buffer.from((await files.read('Cars/Foo.yaml'))?.bytes ?? []).toString()).toBe('one')
  expect(await code('Cars/foo.yaml')).toBe('PATH_COLLISION')
  expect(await code('cars/bar.yaml')).toBe('PATH_COLLISION')
  expect(await code('Cars/bar.yaml')).toBe('nothing')
  expect(await tree.list()).toEqual(['Cars/Foo.yaml', 'Cars/bar.yaml'])
})
