import { expect } from 'vitest'
import { commitFiles, noObject, remove, write } from './harness.ts'
import type { GitCase } from './harness.ts'

const main = 'refs/heads/main'

export const pushCases: readonly GitCase[] = [
  {
    id: 'push-first',
    title: 'pushes the first commit of an empty repository',
    async run({ open, newRemote }) {
      const remote = await newRemote()
      const store = await open(remote)
      const target = await commitFiles(store, [], [write('cars/a', '1')])
      await store.push([{ ref: main, target, expected: null }])
      expect(await remote.observer.refs()).toEqual({ [main]: target })
      expect(await remote.observer.readFile('main', 'cars/a')).toBe('1')
      expect(await remote.observer.fsck()).toEqual([])
    },
  },
  {
    id: 'push-forward',
    title: 'pushes forward without an expected value, and again without effect',
    async run({ open, newRemote }) {
      const remote = await newRemote({ a: '1', b: '2' })
      const store = await open(remote)
      const base = await store.resolve('main')
      const target = await commitFiles(store, [base], [write('a', '3'), remove('b')])
      await store.push([{ ref: main, target }])
      await store.push([{ ref: main, target }])
      await store.push([{ ref: main, target, expected: base }])
      expect(await remote.observer.listFiles('main')).toEqual(['a'])
    },
  },
  {
    id: 'push-stale',
    title: 'refuses when somebody else was first, and overwrites nothing',
    async run({ open, newRemote }) {
      const remote = await newRemote({ a: '1' })
      const store = await open(remote)
      const base = await store.resolve('main')
      const target = await commitFiles(store, [base], [write('a', '2')])
      const theirs = await remote.observer.commit({ files: { a: '3' } })
      for (const expected of [undefined, base, null]) {
        await expect(store.push([{ ref: main, target, expected }])).rejects.toMatchObject({
          code: 'REF_CHANGED',
          details: { ref: main },
        })
      }
      expect(await remote.observer.refs()).toEqual({ [main]: theirs })
    },
  },
  {
    id: 'push-rewrite',
    title: 'rewrites a branch only when its value is as expected',
    async run({ git, open, newRemote }) {
      const remote = await newRemote({ a: '1' })
      const store = await open(remote)
      const base = await store.resolve('main')
      const target = await commitFiles(store, [], [write('b', '2')])
      if (!git.capabilities.pushExpected) {
        const push = store.push([{ ref: main, target, expected: base }])
        await expect(push).rejects.toMatchObject({ code: 'UNSUPPORTED' })
        return
      }
      await expect(store.push([{ ref: main, target }])).rejects.toMatchObject({ code: 'REF_CHANGED' })
      await store.push([{ ref: main, target, expected: base }])
      expect(await remote.observer.refs()).toEqual({ [main]: target })
    },
  },
  {
    id: 'push-delete',
    title: 'deletes a ref of the remote',
    async run({ open, newRemote }) {
      const remote = await newRemote({ a: '1' })
      const other = await remote.observer.commit({ branch: 'other', files: { b: '1' } })
      const store = await open(remote)
      const stale = store.push([{ ref: 'refs/heads/other', target: null, expected: noObject(other) }])
      await expect(stale).rejects.toMatchObject({ code: 'REF_CHANGED' })
      await store.push([{ ref: 'refs/heads/other', target: null, expected: other }])
      expect(Object.keys(await remote.observer.refs())).toEqual([main])
    },
  },
  {
    id: 'push-atomic',
    title: 'pushes several refs all or none',
    async run({ git, open, newRemote }) {
      const remote = await newRemote({ a: '1' })
      const store = await open(remote)
      const base = await store.resolve('main')
      const target = await commitFiles(store, [base], [write('a', '2')])
      await remote.observer.commit({ files: { a: '3' } })
      const before = await remote.observer.refs()
      const updates = [
        { ref: 'refs/heads/new', target, expected: null },
        { ref: main, target, expected: base },
      ]
      await expect(store.push(updates)).rejects.toMatchObject({ code: 'REF_CHANGED', details: { ref: main } })
      if (git.capabilities.pushAtomic) expect(await remote.observer.refs()).toEqual(before)
      await store.push([
        { ref: 'refs/heads/new', target, expected: null },
        { ref: 'refs/lg/pulls/1', target, expected: null },
      ])
      expect(await remote.observer.refs()).toMatchObject({
        'refs/heads/new': target,
        'refs/lg/pulls/1': target,
      })
    },
  },
  {
    id: 'push-refused',
    title: 'hands on the words of a remote that refuses, and works once it no longer does',
    async run({ open, newRemote }) {
      const remote = await newRemote({ a: '1' })
      const store = await open(remote)
      const target = await commitFiles(store, [await store.resolve('main')], [write('a', '2')])
      await remote.observer.refusePushes('No deploys on Friday')
      await expect(store.push([{ ref: main, target }])).rejects.toMatchObject({
        code: 'PUSH_REJECTED',
        details: { ref: main, reason: expect.stringContaining('No deploys on Friday') },
      })
      await remote.observer.refusePushes(null)
      await store.push([{ ref: main, target }])
      expect(await remote.observer.refs()).toEqual({ [main]: target })
    },
  },
  {
    id: 'push-missing-object',
    title: 'refuses to push a commit that is not here',
    async run({ open, newRemote }) {
      const store = await open(await newRemote({ a: '1' }))
      const target = noObject(await store.resolve('main'))
      await expect(store.push([{ ref: main, target }])).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' })
    },
  },
]
