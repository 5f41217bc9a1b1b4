import { expect } from 'vitest'
import { ada, bytes, commitFiles, noObject, write } from './harness.ts'
import type { GitCase } from './harness.ts'

/** Every byte value, and what a line-based protocol would trip over. */
const binary = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7 + (index >> 8)) % 256)

export const objectCases: readonly GitCase[] = [
  {
    id: 'blob-exact',
    title: 'gives back every byte of a blob, also of an empty one',
    async run({ open }) {
      const store = await open()
      for (const content of [binary, new Uint8Array(0), bytes('\n'), bytes('missing\n')]) {
        const commit = await store.createCommit({
          parents: [],
          changes: [{ type: 'write', path: 'a', content }],
          author: ada,
          message: 'x',
        })
        const entry = await store.findEntry(commit, 'a')
        expect(entry?.oid).toBe(store.hashBlob(content))
        expect(await store.readBlob(store.hashBlob(content))).toEqual(content)
      }
    },
  },
  {
    id: 'blob-hash',
    title: 'names a blob as Git does, without storing it',
    async run({ open }) {
      const store = await open()
      const oid = store.hashBlob(bytes('hello\n'))
      expect(oid).toBe('ce013625030ba8dba906f756967f9e9ca394464a')
      await expect(store.readBlob(oid)).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND', details: { oid } })
    },
  },
  {
    id: 'blob-wrong',
    title: 'answers OBJECT_NOT_FOUND for what is no blob, no commit, or no object name',
    async run({ open }) {
      const store = await open()
      const commit = await commitFiles(store, [], [write('a', '1')])
      const blob = store.hashBlob(bytes('1'))
      const notFound = { code: 'OBJECT_NOT_FOUND' }
      await expect(store.readBlob(commit)).rejects.toMatchObject(notFound)
      await expect(store.readCommit(blob)).rejects.toMatchObject(notFound)
      await expect(store.readCommit(noObject(commit))).rejects.toMatchObject(notFound)
      for (const bad of [
        '',
        'HEAD',
        'a'.repeat(39),
        `${blob}\ninfo ${blob}`,
        '--batch-all-objects',
        commit.toUpperCase(),
      ]) {
        await expect(store.readBlob(bad)).rejects.toMatchObject(notFound)
        await expect(store.readCommit(bad)).rejects.toMatchObject(notFound)
      }
      expect((await store.readCommit(commit)).oid).toBe(commit)
    },
  },
  {
    id: 'blob-limit',
    title: 'refuses a blob over the limit, and reads one of exactly that size',
    async run({ open }) {
      const store = await open()
      await commitFiles(store, [], [write('a', '12345')])
      const oid = store.hashBlob(bytes('12345'))
      expect(await store.readBlob(oid, { limit: 5 })).toEqual(bytes('12345'))
      await expect(store.readBlob(oid, { limit: 4 })).rejects.toMatchObject({
        code: 'BLOB_TOO_LARGE',
        details: { oid, size: 5, limit: 4 },
      })
    },
  },
  {
    id: 'blobs-order',
    title: 'reads few and many blobs in the order asked for, repeated ones too',
    async run({ open }) {
      const store = await open()
      const texts = Array.from({ length: 150 }, (_, index) => `${index}\n`.repeat(index))
      await commitFiles(
        store,
        [],
        texts.map((content, index) => write(`f/${index}`, content)),
      )
      const oids = texts.map((content) => store.hashBlob(bytes(content)))
      const many = Array.from({ length: 20 }, () => oids).flat()
      for (const wanted of [[], oids.slice(3, 9), oids.toReversed(), many]) {
        const got: string[] = []
        for await (const { oid, bytes: content } of store.readBlobs(wanted)) {
          expect(store.hashBlob(content)).toBe(oid)
          got.push(oid)
        }
        expect(got).toEqual(wanted)
      }
    },
  },
  {
    id: 'blobs-missing',
    title: 'throws for a missing blob among few and among many',
    async run({ open }) {
      const store = await open()
      await commitFiles(store, [], [write('a', '1')])
      const oid = store.hashBlob(bytes('1'))
      for (const count of [1, 200, 3000]) {
        const wanted = [...Array.from({ length: count }, () => oid), noObject(oid)]
        const read = async (): Promise<number> => {
          let seen = 0
          for await (const _ of store.readBlobs(wanted)) seen++
          return seen
        }
        await expect(read()).rejects.toMatchObject({
          code: 'OBJECT_NOT_FOUND',
          details: { oid: noObject(oid) },
        })
      }
    },
  },
  {
    id: 'blobs-stop',
    title: 'can be left early, and read others from inside the loop',
    async run({ open }) {
      const store = await open()
      const texts = Array.from({ length: 100 }, (_, index) => `${index}`)
      await commitFiles(
        store,
        [],
        texts.map((content) => write(content, content)),
      )
      const oids = texts.map((content) => store.hashBlob(bytes(content)))
      for (const wanted of [oids, Array.from({ length: 30 }, () => oids).flat()]) {
        let seen = 0
        for await (const { oid } of store.readBlobs(wanted)) {
          expect(store.hashBlob(await store.readBlob(oid))).toBe(oid)
          if (++seen === 60) break
        }
        expect(seen).toBe(60)
      }
    },
  },
  {
    id: 'objects-parallel',
    title: 'serves many reads at once, and outlives an aborted one',
    async run({ open }) {
      const store = await open()
      const texts = Array.from({ length: 50 }, (_, index) => `${index}`.repeat(5_000))
      const commit = await commitFiles(
        store,
        [],
        texts.map((content, index) => write(`${index}`, content)),
      )
      const abort = new AbortController()
      const stopped = store.readBlob(store.hashBlob(bytes(texts[0] ?? '')), { signal: abort.signal })
      const reads = texts.map((content) => store.readBlob(store.hashBlob(bytes(content))))
      abort.abort(new Error('enough'))
      await expect(stopped).rejects.toThrow('enough')
      expect((await Promise.all(reads)).map((content) => new TextDecoder().decode(content))).toEqual(texts)
      expect((await store.readCommit(commit)).message).toBe('Change files\n')
    },
  },
]
