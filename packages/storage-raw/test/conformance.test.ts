import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  createDirectoryRawStorage,
  createMappedRawStorage,
  createMemoryRawStorage,
  createIndexedRawStorage,
  createMemoryTree,
  createPlacement,
  type RawStorage,
} from '@lg/storage-raw'
import { rawStorageConformance, type RawStorageHarness } from '@lg/storage-raw/testing'
import { createRecognizer } from '@lg/serializer'

const template = '{kind}/{namespace}/{name}.{ext}'

async function onDisk(create: (dir: string) => RawStorage): Promise<RawStorageHarness> {
  const dir = await mkdtemp(join(tmpdir(), 'lg-raw-'))
  const storage = create(dir)
  return {
    storage,
    outside: {
      async write(path, content) {
        await mkdir(dirname(join(dir, path)), { recursive: true })
        await writeFile(join(dir, path), content)
      },
      remove: (path) => rm(join(dir, path)),
      read: (path) => readFile(join(dir, path), 'utf8').catch(() => undefined),
    },
    async close() {
      await storage.close()
      await rm(dir, { recursive: true })
    },
  }
}

rawStorageConformance({
  name: 'directory',
  create: () => onDisk((dir) => createDirectoryRawStorage({ dir, fsync: false })),
})
rawStorageConformance({
  name: 'directory as libgitops lays it out',
  create: () => onDisk((dir) => createDirectoryRawStorage({ dir, group: 'example.org' })),
})
rawStorageConformance({
  name: 'mapped directory',
  multipleDocuments: true,
  create: () =>
    onDisk((dir) => createMappedRawStorage({ dir, recognize: createRecognizer(), template, fsync: false })),
})
rawStorageConformance({
  name: 'memory',
  create: async () => {
    const storage = createMemoryRawStorage()
    return { storage, close: () => storage.close() }
  },
})
rawStorageConformance({
  name: 'mapped memory',
  multipleDocuments: true,
  create: async () => {
    const files = createMemoryTree()
    const storage = createIndexedRawStorage({
      files,
      recognize: createRecognizer(),
      place: createPlacement(template),
    })
    const text = async (path: string): Promise<string | undefined> => {
      const content = await files.read(path)
      return content && Buffer.from(content.bytes).toString('utf8')
    }
    return {
      storage,
      outside: {
        async write(path, content) {
          const before = (await files.read(path))?.bytes
          await files.replace({ path, before, after: Buffer.from(content) })
        },
        async remove(path) {
          await files.replace({ path, before: (await files.read(path))?.bytes, after: undefined })
        },
        read: text,
      },
      close: () => storage.close(),
    }
  },
})
