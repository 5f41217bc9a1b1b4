import { keyId, type KubernetesObject } from '@lg/runtime'
import { createStorage } from '@lg/storage'
import { Widget } from '@lg/storage/testing'
import { createMappedRawStorage } from '@lg/storage-raw'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { operation, perform, type Operation } from './file-operations.ts'
import { createWatched, isSynced, serializer, widgetText, type Watched } from './watched.ts'

const files = {
  'x.yaml': widgetText('p'),
  'a/y.yaml': [widgetText('q'), widgetText('r')].join('---\n'),
  'a/c/x.yaml': widgetText('s'),
}

/** What is on disk, as a storage that knows nothing finds it. */
async function onDisk(dir: string): Promise<Map<string, KubernetesObject>> {
  const raw = createMappedRawStorage({ dir, recognize: serializer.recognize })
  const storage = createStorage({ raw, serializer })
  const found = new Map<string, KubernetesObject>()
  for (const { key, object } of await storage.list(Widget, { entries: true })) found.set(keyId(key), object)
  await storage.close()
  return found
}

/** Takes away what is broken, so that nothing is held back. */
async function heal({ tree, storage }: Watched): Promise<void> {
  for (const { location } of await storage.problems()) await tree.remove(location.path)
}

async function followAll(operations: readonly Operation[], watched: Watched): Promise<void> {
  await watched.until(isSynced)
  for (const step of operations) await perform(watched.tree, step)
}

describe('whatever anybody does to the files', () => {
  it('events lead to what is listed, and that is what is on disk', { tags: ['slow'], timeout: 300_000 }, () =>
    fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 12 }), async (operations) => {
        const watched = await createWatched(files)
        try {
          await followAll(operations, watched)
          await watched.storage.sync()
          expect(watched.objects).toEqual(await watched.listed())
          await heal(watched)
          await watched.storage.sync()
          expect(watched.objects).toEqual(await watched.listed())
          expect(watched.objects).toEqual(await onDisk(watched.tree.dir))
        } finally {
          await watched.close()
        }
      }),
    ),
  )

  it('the reports of the system alone suffice', { tags: ['slow'], timeout: 120_000 }, () =>
    fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 12 }), async (operations) => {
        const watched = await createWatched(files, { rescanInterval: false, settle: 100 })
        try {
          await followAll(operations, watched)
          await watched.tree.write('last.yaml', widgetText('last'))
          const healed = await onDisk(watched.tree.dir)
          await watched.until(() => same(watched.objects, healed))
          expect(watched.objects).toEqual(await watched.listed())
        } finally {
          await watched.close()
        }
      }),
      { numRuns: 20 },
    ),
  )
})

const same = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean => {
  try {
    expect(a).toEqual(b)
    return true
  } catch {
    return false
  }
}
