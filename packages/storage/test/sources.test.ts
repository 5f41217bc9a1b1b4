import { createSerializer } from '@lg/serializer'
import { createMemoryRawStorage } from '@lg/storage-raw'
import { expect, it } from 'vitest'
import { createStorage } from '../src/index.ts'
import { conformanceScheme } from '../src/testing/index.ts'

it('gives objects that know their text, however they are read', async () => {
  const serializer = createSerializer({ scheme: conformanceScheme() })
  const storage = createStorage({ raw: createMemoryRawStorage(), serializer })
  const kind = { group: 'conformance.example.org', kind: 'Widget' }
  const widget = {
    apiVersion: 'conformance.example.org/v1',
    kind: 'Widget',
    metadata: { name: 'a' },
    spec: { size: 1 },
  }
  const { key } = await storage.create(widget)
  const objects = [
    await storage.get(key),
    (await storage.read(key)).object,
    await storage.find(kind),
    ...(await storage.list(kind)),
    ...(await storage.list(kind, { entries: true })).map(({ object }) => object),
    ...(await storage.list(kind, { limit: 1 })).items,
  ]
  expect(objects).toHaveLength(6)
  for (const object of objects) expect(serializer.sourceOf(object)).toContain('name: a')
})
