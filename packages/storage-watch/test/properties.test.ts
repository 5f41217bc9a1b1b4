import { abortable, keyId, type KubernetesObject } from '@lg/runtime'
import { createStorage } from '@lg/storage'
import { Widget } from '@lg/storage/testing'
import { createMappedRawStorage } from '@lg/storage-raw'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { operation, perform } from './file-operations.ts'
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
async function heal({ tree }: Watched): Promise<void> {
  const raw = createMappedRawStorage({ dir: tree.dir, recognize: serializer.recognize })
  const storage = createStorage({ raw, serializer })
  for (const { location } of await storage.problems()) await tree.remove(location.path)
  await storage.close()
}

const operations = fc.array(operation, { minLength: 1, maxLength: 15 })

describe('whatever anybody does to the files', { timeout: 300_000 }, () => {
  it('events lead to what is listed, and that is what is on disk', () =>
    fc.assert(
      fc.asyncProperty(operations, async (steps) => {
        const watched = await createWatched(files, { quiet: 1, template: '{name}.yaml' })
        try {
          for (const step of steps) await perform(watched, step)
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
    ))

  it('the reports of the system alone lead there too', () =>
    fc.assert(
      fc.asyncProperty(operations, async (steps) => {
        const watched = await createWatched(files, {
          rescanInterval: false,
          quiet: 1,
          settle: 20,
          template: '{name}.yaml',
        })
        try {
          await watched.until(isSynced)
          for (const step of steps.filter(({ type }) => type !== 'sync')) await perform(watched, step)
          await heal(watched)
          const expected = await onDisk(watched.tree.dir)
          const isThere = watched.until(() => isDeepStrictEqual(watched.objects, expected))
          await abortable(isThere, AbortSignal.timeout(10_000))
        } finally {
          await watched.close()
        }
      }),
      { numRuns: 50 },
    ))
})
