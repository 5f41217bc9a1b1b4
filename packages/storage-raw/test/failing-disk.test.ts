import { readdir, writeFile } from 'node:fs/promises'
import { createRecognizer } from '@lg/serializer'
import { createIndexedRawStorage, createPlacement, type MappedRawStorage } from '@lg/storage-raw'
import { createTree, type Tree } from '@lg/test-kit'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createDiskTree } from '../src/directory/disk-tree.ts'
import { systemDisk, type Disk } from '../src/directory/disk.ts'
import { keyOf, textOf } from './child/cars.ts'

let tree: Tree
beforeEach(async () => {
  tree = await createTree({ 'foo.yaml': textOf('foo', 'old') })
})
afterEach(() => tree.close())

const failure = (code: string): Error =>
  Object.assign(new Error(`${code}: the disk says no`), { code, syscall: 'write' })
const fails = (code: string) => async (): Promise<never> => {
  throw failure(code)
}
const on = (disk: Partial<Disk>): MappedRawStorage =>
  createIndexedRawStorage({
    files: createDiskTree({ dir: tree.dir, disk: { ...systemDisk, ...disk } }),
    recognize: createRecognizer(),
    place: createPlacement('{name}.yaml'),
  })
const bytes = (name: string): Uint8Array => Buffer.from(textOf(name, 'new'))

it.each<[string, string, Partial<Disk>]>([
  [
    'is full half way through a file',
    'ENOSPC',
    {
      async writeNew(path, content) {
        await writeFile(path, content.subarray(0, 20))
        throw failure('ENOSPC')
      },
    },
  ],
  ['fails to sync a file', 'EIO', { writeNew: fails('EIO') }],
  ['does not rename', 'EIO', { rename: fails('EIO'), link: fails('EIO') }],
  ['has become read-only', 'EROFS', { writeNew: fails('EROFS') }],
])('keeps what was stored when the disk %s', async (_, reason, disk) => {
  const storage = on(disk)
  for (const name of ['foo', 'bar']) {
    await expect(storage.write(keyOf(name), bytes(name))).rejects.toMatchObject({
      code: 'IO_FAILED',
      details: { path: `${name}.yaml`, reason },
    })
  }
  expect(await readdir(tree.dir)).toEqual(['foo.yaml'])
  expect(await tree.read('foo.yaml')).toBe(textOf('foo', 'old'))
  expect((await storage.list()).map(({ key }) => key.name)).toEqual(['foo'])
})

it('makes new files on a disk without hard links too', async () => {
  const storage = on({ link: fails('EPERM') })
  await storage.write(keyOf('bar'), bytes('bar'))
  expect((await readdir(tree.dir)).toSorted()).toEqual(['bar.yaml', 'foo.yaml'])
})

it('says of an object whose file cannot be read any more that it failed, not that it is gone', async () => {
  let broken = false
  const storage = on({
    readFile: (path, limit) => (broken ? fails('EIO')() : systemDisk.readFile(path, limit)),
  })
  await storage.list()
  broken = true
  await expect(storage.read(keyOf('foo'))).rejects.toMatchObject({ code: 'IO_FAILED' })
  await expect(storage.delete(keyOf('foo'))).rejects.toMatchObject({ code: 'IO_FAILED' })
  expect((await storage.list()).map(({ key }) => key.name)).toEqual(['foo'])
})
