import { expect } from 'vitest'
import type { TreeChange } from '../commit.ts'
import { bytes, commitFiles, noObject, remove, write } from './harness.ts'
import type { GitCase } from './harness.ts'

/** Type and path, enough where the content is plain. */
function outline(changes: readonly TreeChange[]): readonly string[] {
  return changes.map(({ type, path }) => `${type} ${path}`)
}

export const treeCases: readonly GitCase[] = [
  {
    id: 'tree-list',
    title: 'lists every file with mode and name, ordered by path, folders left out',
    async run({ open }) {
      const store = await open()
      const target = bytes('a/b')
      const commit = await commitFiles(
        store,
        [],
        [
          write('a/b', '1'),
          write('a.b', '2'),
          write('a-b/c/d', '3'),
          { type: 'write', path: 'run', content: bytes('#!'), mode: 'executable' },
          { type: 'write', path: 'link', content: target, mode: 'symlink' },
          {
            type: 'write',
            path: 'sub',
            content: { oid: noObject(store.hashBlob(target)) },
            mode: 'submodule',
          },
          write('ünïcödé ☃/x y', '4'),
        ],
      )
      const entries = await store.listTree(commit)
      expect(entries.map(({ path, mode }) => `${mode} ${path}`)).toEqual([
        'file a-b/c/d',
        'file a.b',
        'file a/b',
        'symlink link',
        'executable run',
        'submodule sub',
        'file ünïcödé ☃/x y',
      ])
      expect(entries.find(({ path }) => path === 'link')?.oid).toBe(store.hashBlob(target))
    },
  },
  {
    id: 'tree-under',
    title: 'lists one folder, one file, or nothing where nothing is',
    async run({ open }) {
      const store = await open()
      const commit = await commitFiles(store, [], [write('a/b/c', '1'), write('a/d', '2'), write('ab', '3')])
      const under = async (path: string): Promise<readonly string[]> =>
        (await store.listTree(commit, { under: path })).map((entry) => entry.path)
      expect(await under('a')).toEqual(['a/b/c', 'a/d'])
      expect(await under('a/b')).toEqual(['a/b/c'])
      expect(await under('ab')).toEqual(['ab'])
      expect(await under('b')).toEqual([])
      expect(await under('ab/c')).toEqual([])
      await expect(under('../a')).rejects.toMatchObject({ code: 'INVALID_PATH' })
    },
  },
  {
    id: 'tree-find',
    title: 'finds one file, and no folder',
    async run({ open }) {
      const store = await open()
      const commit = await commitFiles(store, [], [write('a/b', '1')])
      expect(await store.findEntry(commit, 'a/b')).toEqual({
        path: 'a/b',
        mode: 'file',
        oid: store.hashBlob(bytes('1')),
      })
      expect(await store.findEntry(commit, 'a')).toBeUndefined()
      expect(await store.findEntry(commit, 'a/c')).toBeUndefined()
      expect(await store.findEntry(commit, 'a/b/c')).toBeUndefined()
      await expect(store.findEntry(noObject(commit), 'a')).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' })
    },
  },
  {
    id: 'tree-diff',
    title: 'tells what was added, modified and deleted, with both sides',
    async run({ open }) {
      const store = await open()
      const from = await commitFiles(
        store,
        [],
        [write('a/x', '1'), write('a/y', '2'), write('b/z', '3'), write('c', '4')],
      )
      const to = await commitFiles(store, [from], [write('a/x', '5'), remove('b/z'), write('b2/z', '3')])
      expect(await store.diffTrees(from, to)).toEqual([
        {
          type: 'modified',
          path: 'a/x',
          before: { path: 'a/x', mode: 'file', oid: store.hashBlob(bytes('1')) },
          after: { path: 'a/x', mode: 'file', oid: store.hashBlob(bytes('5')) },
        },
        {
          type: 'deleted',
          path: 'b/z',
          before: { path: 'b/z', mode: 'file', oid: store.hashBlob(bytes('3')) },
        },
        {
          type: 'added',
          path: 'b2/z',
          after: { path: 'b2/z', mode: 'file', oid: store.hashBlob(bytes('3')) },
        },
      ])
      expect(outline(await store.diffTrees(from, to, { under: 'b' }))).toEqual(['deleted b/z'])
      expect(outline(await store.diffTrees(undefined, from))).toEqual([
        'added a/x',
        'added a/y',
        'added b/z',
        'added c',
      ])
      expect(await store.diffTrees(to, to)).toEqual([])
    },
  },
  {
    id: 'tree-diff-kind',
    title: 'tells a change of mode, and a file that became a folder',
    async run({ open }) {
      const store = await open()
      const from = await commitFiles(store, [], [write('a', '1'), write('b', '2'), write('b.c', '3')])
      const to = await commitFiles(
        store,
        [from],
        [
          { type: 'write', path: 'a', content: bytes('1'), mode: 'executable' },
          remove('b'),
          write('b/c', '4'),
        ],
      )
      expect(outline(await store.diffTrees(from, to))).toEqual(['modified a', 'deleted b', 'added b/c'])
    },
  },
]
