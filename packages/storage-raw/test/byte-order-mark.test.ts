import { createSerializer } from '@lg/serializer'
import { createScheme, objectKey } from '@lg/runtime'
import { expect, it } from 'vitest'
import { createIndexedRawStorage, createMemoryTree } from '../src/index.ts'

it('keeps a byte order mark in front of the first document', async () => {
  const files = createMemoryTree({
    files: { 'a.yaml': '\uFEFFapiVersion: v1\nkind: A\nmetadata:\n  name: a\n' },
  })
  const { recognize } = createSerializer({ scheme: createScheme() })
  const raw = createIndexedRawStorage({ files, recognize })
  const key = objectKey({ group: '', kind: 'A', name: 'a' })
  const { bytes } = await raw.read(key)
  await raw.write(key, Buffer.concat([bytes, Buffer.from('spec: 1\n')]))
  const text = Buffer.from((await files.read('a.yaml'))?.bytes ?? []).toString('utf8')
  expect(text).toBe('\uFEFFapiVersion: v1\nkind: A\nmetadata:\n  name: a\nspec: 1\n')
})
