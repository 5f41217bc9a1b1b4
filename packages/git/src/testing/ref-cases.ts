import { expect } from 'vitest'
import { commitFiles, noObject, write } from './harness.ts'
import type { GitCase } from './harness.ts'

export const refCases: readonly GitCase[] = [
  {
    id: 'ref-resolve',
    title: 'resolves full refs, branches of the remote, tags, full and short names',
    async run({ open, newRemote }) {
      const remote = await newRemote({ a: '1' })
      const other = await remote.observer.commit({ branch: 'team/x', files: { a: '2' } })
      const store = await open(remote)
      const main = (await remote.observer.refs())['refs/heads/main'] ?? ''
      await store.updateRef({ ref: 'refs/tags/v1', target: main })
      expect(await store.resolve('main')).toBe(main)
      expect(await store.resolve('team/x')).toBe(other)
      expect(await store.resolve('refs/remotes/origin/main')).toBe(main)
      expect(await store.resolve('v1')).toBe(main)
      expect(await store.resolve(main)).toBe(main)
      expect(await store.resolve(main.slice(0, 12))).toBe(main)
    },
  },
  {
    id: 'ref-not-found',
    title: 'answers REF_NOT_FOUND for what is not there',
    async run({ open, newRemote }) {
      const store = await open(await newRemote({ a: '1' }))
      const main = await store.resolve('main')
      for (const ref of ['nope', 'refs/heads/nope', noObject(main), 'deadbeef']) {
        await expect(store.resolve(ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND', details: { ref } })
      }
    },
  },
  {
    id: 'ref-ambiguous',
    title: 'refuses a name that is a branch and a tag of different commits',
    async run({ open, newRemote }) {
      const store = await open(await newRemote({ a: '1' }))
      const other = await commitFiles(store, [], [write('b', '2')])
      await store.updateRef({ ref: 'refs/tags/main', target: other })
      await expect(store.resolve('main')).rejects.toMatchObject({
        code: 'REF_AMBIGUOUS',
        details: { ref: 'main' },
      })
      expect(await store.resolve('refs/tags/main')).toBe(other)
    },
  },
  {
    id: 'ref-invalid',
    title: 'refuses names that Git refuses, options, and revision syntax',
    async run({ open, newRemote }) {
      const store = await open(await newRemote({ a: '1' }))
      const target = await store.resolve('main')
      const bad = [
        '-d',
        '--stdin',
        'a..b',
        'a b',
        'a~1',
        'main^{tree}',
        'main:a',
        '@{-1}',
        'x.lock',
        '/a',
        'a//b',
        '',
        'a\nb',
      ]
      for (const name of bad) {
        await expect(store.resolve(name), name).rejects.toMatchObject({
          code: 'INVALID_REF',
          details: { ref: name },
        })
        for (const ref of [name, `refs/heads/${name}`]) {
          if (ref === 'refs/heads/-d' || ref === 'refs/heads/--stdin') continue
          await expect(store.updateRef({ ref, target }), ref).rejects.toMatchObject({ code: 'INVALID_REF' })
          await expect(store.push([{ ref, target }]), ref).rejects.toMatchObject({ code: 'INVALID_REF' })
        }
      }
      await expect(store.updateRef({ ref: 'main', target })).rejects.toMatchObject({ code: 'INVALID_REF' })
    },
  },
  {
    id: 'ref-update',
    title: 'creates, moves and deletes a ref, and lists refs by prefix',
    async run({ open }) {
      const store = await open()
      const one = await commitFiles(store, [], [write('a', '1')])
      const two = await commitFiles(store, [one], [write('a', '2')])
      await store.updateRef({ ref: 'refs/lg/pulls/1', target: one, expected: null })
      await store.updateRef({ ref: 'refs/lg/pulls/10', target: one })
      await store.updateRef({ ref: 'refs/lg/pulls/1', target: two, expected: one })
      await store.updateRef({ ref: 'refs/heads/other', target: one })
      expect(Array.from(await store.listRefs('refs/lg/pulls/'))).toEqual([
        ['refs/lg/pulls/1', two],
        ['refs/lg/pulls/10', one],
      ])
      expect((await store.listRefs('refs/lg/pulls/1')).size).toBe(2)
      expect((await store.listRefs('refs/lg/pu')).size).toBe(2)
      expect((await store.listRefs('refs/none/')).size).toBe(0)
      await store.updateRef({ ref: 'refs/lg/pulls/1', target: null, expected: two })
      await store.updateRef({ ref: 'refs/lg/pulls/10', target: null })
      expect((await store.listRefs('refs/lg/')).size).toBe(0)
    },
  },
  {
    id: 'ref-expected',
    title: 'refuses when the ref is not as expected, and says what it is',
    async run({ open }) {
      const store = await open()
      const one = await commitFiles(store, [], [write('a', '1')])
      const two = await commitFiles(store, [one], [write('a', '2')])
      const ref = 'refs/heads/main'
      const changed = (expected: string | null, actual: string | null): object => ({
        code: 'REF_CHANGED',
        details: { ref, expected, actual },
      })
      await expect(store.updateRef({ ref, target: one, expected: two })).rejects.toMatchObject(
        changed(two, null),
      )
      await store.updateRef({ ref, target: one })
      await expect(store.updateRef({ ref, target: two, expected: null })).rejects.toMatchObject(
        changed(null, one),
      )
      await expect(store.updateRef({ ref, target: null, expected: two })).rejects.toMatchObject(
        changed(two, one),
      )
      expect(await store.resolve(ref)).toBe(one)
    },
  },
  {
    id: 'ref-missing-object',
    title: 'refuses to point a ref at nothing',
    async run({ open }) {
      const store = await open()
      const oid = noObject(store.hashBlob(new Uint8Array(0)))
      for (const target of [oid, 'main', '']) {
        const update = store.updateRef({ ref: 'refs/heads/main', target })
        await expect(update).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' })
      }
    },
  },
  {
    id: 'ref-race',
    title: 'lets one of many win that expect the same value',
    async run({ open }) {
      const store = await open()
      const commits = await Promise.all(
        Array.from({ length: 8 }, (_, index) => commitFiles(store, [], [write('a', `${index}`)])),
      )
      const results = await Promise.allSettled(
        commits.map((target) => store.updateRef({ ref: 'refs/heads/main', target, expected: null })),
      )
      const won = results.flatMap((result, index) => (result.status === 'fulfilled' ? [commits[index]] : []))
      expect(won).toEqual([await store.resolve('refs/heads/main')])
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'REF_CHANGED' })
      }
    },
  },
]
