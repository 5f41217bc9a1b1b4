import { expect } from 'vitest'
import type { LogOptions } from '../git.ts'
import { ada, commitFiles, contents, noObject, write } from './harness.ts'
import type { GitCase, GitSuite } from './harness.ts'
import type { GitRepository } from '../git.ts'

async function log(store: GitRepository, from: string, options?: LogOptions): Promise<readonly string[]> {
  const oids: string[] = []
  for await (const { oid } of store.log(from, options)) oids.push(oid)
  return oids
}

/** `root` with two commits on it that know nothing of each other. */
async function fork(
  suite: GitSuite,
  ours: readonly [string, string],
  theirs: readonly [string, string],
): Promise<{
  readonly store: GitRepository
  readonly root: string
  readonly ours: string
  readonly theirs: string
}> {
  const store = await suite.open()
  const root = await commitFiles(store, [], [write('a', '1\n2\n3\n4\n5\n'), write('b', '1\n')])
  return {
    store,
    root,
    ours: await commitFiles(store, [root], [write(...ours)], 'ours'),
    theirs: await commitFiles(store, [root], [write(...theirs)], 'theirs'),
  }
}

export const historyCases: readonly GitCase[] = [
  {
    id: 'history-log',
    title: 'lists commits newest first, without what is excluded, up to a limit, for paths',
    async run({ open }) {
      const store = await open()
      const one = await commitFiles(store, [], [write('a', '1')], 'one')
      const two = await commitFiles(store, [one], [write('b/c', '2')], 'two')
      const three = await commitFiles(store, [two], [write('a', '3')], 'three')
      expect(await log(store, three)).toEqual([three, two, one])
      expect(await log(store, three, { exclude: one })).toEqual([three, two])
      expect(await log(store, three, { limit: 1 })).toEqual([three])
      expect(await log(store, three, { paths: ['b'] })).toEqual([two])
      expect(await log(store, three, { paths: ['a', 'b/c'], limit: 2 })).toEqual([three, two])
      expect(await log(store, three, { paths: ['*'] })).toEqual([])
      await expect(log(store, noObject(one))).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' })
    },
  },
  {
    id: 'history-first-parent',
    title: 'follows first parents only when asked to',
    async run(suite) {
      const { store, root, ours, theirs } = await fork(suite, ['a', 'x'], ['b', 'y'])
      const merge = await commitFiles(store, [ours, theirs], [write('b', 'y')], 'merge')
      expect(new Set(await log(store, merge))).toEqual(new Set([merge, ours, theirs, root]))
      expect(await log(store, merge, { firstParent: true })).toEqual([merge, ours, root])
    },
  },
  {
    id: 'history-ancestors',
    title: 'finds the merge base, and who comes from whom',
    async run(suite) {
      const { store, root, ours, theirs } = await fork(suite, ['a', 'x'], ['b', 'y'])
      const stranger = await commitFiles(store, [], [write('z', '1')])
      expect(await store.mergeBase(ours, theirs)).toBe(root)
      expect(await store.mergeBase(ours, stranger)).toBeUndefined()
      expect(await store.isAncestor(root, ours)).toBe(true)
      expect(await store.isAncestor(ours, ours)).toBe(true)
      expect(await store.isAncestor(ours, theirs)).toBe(false)
      await expect(store.isAncestor(root, noObject(root))).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' })
    },
  },
  {
    id: 'history-merge',
    title: 'merges what does not touch the same lines',
    async run(suite) {
      const { store, ours, theirs } = await fork(suite, ['a', 'x\n2\n3\n4\n5\n'], ['a', '1\n2\n3\n4\ny\n'])
      const merging = store.mergeCommits({ ours, theirs, author: ada, message: 'Merge' })
      if (!suite.git.capabilities.merge) {
        await expect(merging).rejects.toMatchObject({ code: 'UNSUPPORTED' })
        return
      }
      const merge = await merging
      expect(await store.readCommit(merge)).toMatchObject({
        parents: [ours, theirs],
        message: 'Merge\n',
        author: ada,
      })
      expect(await contents(store, merge)).toEqual({ a: 'x\n2\n3\n4\ny\n', b: '1\n' })
    },
  },
  {
    id: 'history-merge-conflict',
    title: 'refuses what needs a person, with the paths',
    async run(suite) {
      if (!suite.git.capabilities.merge) return
      const { store, ours, theirs } = await fork(suite, ['a', 'x'], ['a', 'y'])
      await expect(store.mergeCommits({ ours, theirs, author: ada, message: 'm' })).rejects.toMatchObject({
        code: 'MERGE_CONFLICT',
        details: { paths: ['a'] },
      })
    },
  },
]
