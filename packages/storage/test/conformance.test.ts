import { createSerializer } from '@lg/serializer'
import { createDirectoryRawStorage, createMappedRawStorage, createMemoryRawStorage } from '@lg/storage-raw'
import { createStorage } from '@lg/storage'
import { conformanceScheme, storageConformance } from '@lg/storage/testing'
import { createTree } from '@lg/test-kit'

storageConformance({
  name: 'memory',
  create: async () => {
    const serializer = createSerializer({ scheme: conformanceScheme() })
    const storage = createStorage({ raw: createMemoryRawStorage(), serializer })
    return { storage, close: () => storage.close() }
  },
})

storageConformance({
  name: 'memory without a cache',
  create: async () => {
    const serializer = createSerializer({ scheme: conformanceScheme() })
    const storage = createStorage({ raw: createMemoryRawStorage(), serializer, cacheSize: 0 })
    return { storage, close: () => storage.close() }
  },
})

storageConformance({
  name: 'directory',
  create: async () => {
    const tree = await createTree()
    const serializer = createSerializer({ scheme: conformanceScheme() })
    const raw = createDirectoryRawStorage({ dir: tree.dir, fsync: false })
    const storage = createStorage({ raw, serializer })
    return {
      storage,
      close: async () => {
        await storage.close()
        await tree.close()
      },
    }
  },
})

storageConformance({
  name: 'mapped directory',
  create: async () => {
    const tree = await createTree()
    const serializer = createSerializer({ scheme: conformanceScheme() })
    const template = '{kind}/{namespace}/{name}.yaml'
    const raw = createMappedRawStorage({
      dir: tree.dir,
      recognize: serializer.recognize,
      template,
      fsync: false,
    })
    const storage = createStorage({ raw, serializer })
    return {
      storage,
      outside: {
        write: async (path, content) => void (await tree.write(path, content)),
        read: (path) => tree.read(path).catch(() => undefined),
      },
      close: async () => {
        await storage.close()
        await tree.close()
      },
    }
  },
})
