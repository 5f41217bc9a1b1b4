import { conformanceScheme, storageConformance } from '@lg/storage/testing'
import { createSerializer } from '@lg/serializer'
import { createManifestStorage } from '@lg/storage-watch'
import { createTree } from '@lg/test-kit'

storageConformance({
  name: 'watched directory',
  create: async () => {
    const tree = await createTree()
    const serializer = createSerializer({ scheme: conformanceScheme() })
    const template = '{kind}/{namespace}/{name}.yaml'
    const storage = createManifestStorage({ dir: tree.dir, serializer, template, fsync: false })
    await storage.start()
    return {
      storage,
      outside: {
        async write(path, content) {
          await tree.write(path, content)
          await storage.sync()
        },
        read: (path) => tree.read(path).catch(() => undefined),
      },
      async close() {
        await storage.close()
        await tree.close()
      },
    }
  },
})
