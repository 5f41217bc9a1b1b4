import { compareKeys, isLgError, keyId } from '@lg/runtime'
import { createIndexedRawStorage, createMemoryTree, createPlacement } from '@lg/storage-raw'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyOf, names, recognize, stream, textOf } from './streams.ts'

describe('a storage', () => {
  const command = fc.oneof(
    fc.record({ type: fc.constant('write' as const), name: fc.constantFrom(...names), mark: fc.nat(9) }),
    fc.record({ type: fc.constant('delete' as const), name: fc.constantFrom(...names) }),
    fc.record({
      type: fc.constant('outside' as const),
      path: fc.constantFrom('x.yaml', 'Car/default/a.yaml'),
      text: stream,
    }),
  )
  it('holds what was written, whatever happens beside', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 12 }), async (commands) => {
        const files = createMemoryTree()
        const storage = createIndexedRawStorage({
          files,
          recognize,
          place: createPlacement('{kind}/{namespace}/{name}.yaml'),
        })
        for (const step of commands) {
          if (step.type === 'outside') {
            const before = (await files.read(step.path))?.bytes
            await files.replace({ path: step.path, before, after: Buffer.from(step.text) })
            continue
          }
          const known = new Map((await storage.list()).map(({ key, version }) => [keyId(key), version]))
          const key = keyOf(step.name)
          const work =
            step.type === 'write' ?
              storage.write(key, Buffer.from(textOf(step.name, step.mark)))
            : storage.delete(key)
          const done = await work.then(
            () => true,
            (error: unknown) => {
              if (isLgError(error, 'NOT_FOUND') || isLgError(error, 'DOCUMENT_MISMATCH')) return false
              throw error
            },
          )
          const now = await storage.list()
          expect(now.map(({ key: found }) => found)).toEqual(
            now.map(({ key: found }) => found).toSorted(compareKeys),
          )
          if (done && step.type === 'write') {
            const { bytes } = await storage.read(key)
            expect(Buffer.from(bytes).toString().replaceAll('\r\n', '\n').trimEnd()).toBe(
              textOf(step.name, step.mark).trimEnd(),
            )
          }
          for (const { key: other, version } of now) {
            if (keyId(other) !== keyId(key) && known.has(keyId(other)))
              expect(version).toBe(known.get(keyId(other)))
          }
        }
      }),
    )
  })
})
