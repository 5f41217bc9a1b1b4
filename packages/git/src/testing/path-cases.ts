import { expect } from 'vitest'
import { commitFiles, contents, remove, write } from './harness.ts'
import type { GitCase } from './harness.ts'

const hostile = [
  '',
  '/a',
  'a/',
  'a//b',
  '.',
  '..',
  '../a',
  'a/../b',
  './a',
  '.git/hooks/post-checkout',
  'a/.git/config',
  '.GIT/config',
  '.giT ',
  '.git.',
  'git~1/config',
  '.g\u200cit/config',
  '.git::$INDEX_ALLOCATION/config',
  'a\0b',
  'a/\ud800',
]

export const pathCases: readonly GitCase[] = [
  {
    id: 'path-hostile',
    title: 'refuses paths that reach outside, into .git, or end early',
    async run({ open }) {
      const store = await open()
      const base = await commitFiles(store, [], [write('a/b', '1')])
      for (const path of hostile) {
        for (const change of [write(path, 'x'), remove(path)]) {
          await expect(commitFiles(store, [base], [change]), JSON.stringify(path)).rejects.toMatchObject({
            code: 'INVALID_PATH',
            details: { path },
          })
        }
      }
    },
  },
  {
    id: 'path-harmless',
    title: 'takes paths that only look strange',
    async run({ open, newRemote }) {
      const names = [
        '-rf',
        '--',
        ':(top)x',
        '"quoted"',
        "it's",
        'a\tb',
        'a\nb',
        '*',
        '.gitignore',
        '.github/x',
        'git',
        '☃',
      ]
      const remote = await newRemote()
      const store = await open(remote)
      const commit = await commitFiles(
        store,
        [],
        names.map((name) => write(name, name)),
      )
      expect(await contents(store, commit)).toEqual(Object.fromEntries(names.map((name) => [name, name])))
      await store.push([{ ref: 'refs/heads/main', target: commit }])
      expect(await remote.observer.fsck()).toEqual([])
    },
  },
  {
    id: 'path-file-over-folder',
    title: 'puts a file where a folder was only when the same commit empties it',
    async run({ open }) {
      const store = await open()
      const base = await commitFiles(store, [], [write('a/b', '1'), write('a/c', '2'), write('a.d', '3')])
      await expect(commitFiles(store, [base], [write('a', 'x')])).rejects.toMatchObject({
        code: 'INVALID_PATH',
        details: { path: 'a' },
      })
      const half = [write('a', 'x'), remove('a/b')]
      await expect(commitFiles(store, [base], half)).rejects.toMatchObject({ code: 'INVALID_PATH' })
      const all = await commitFiles(store, [base], [write('a', 'x'), remove('a/b'), remove('a/c')])
      expect(await contents(store, all)).toEqual({ a: 'x', 'a.d': '3' })
    },
  },
  {
    id: 'path-folder-over-file',
    title: 'puts a folder where a file was only when the same commit deletes it',
    async run({ open }) {
      const store = await open()
      const base = await commitFiles(store, [], [write('a', '1'), write('a.b', '2')])
      await expect(commitFiles(store, [base], [write('a/x', '3')])).rejects.toMatchObject({
        code: 'INVALID_PATH',
        details: { path: 'a' },
      })
      const moved = await commitFiles(store, [base], [remove('a'), write('a/x', '3')])
      expect(await contents(store, moved)).toEqual({ 'a.b': '2', 'a/x': '3' })
    },
  },
  {
    id: 'path-clashes',
    title: 'refuses to change a path twice, to delete what is not there, or a whole folder',
    async run({ open }) {
      const store = await open()
      const base = await commitFiles(store, [], [write('a/b', '1')])
      for (const changes of [
        [write('x', '1'), write('x', '2')],
        [write('x', '1'), remove('x')],
        [write('x', '1'), write('x/y', '2')],
        [remove('x')],
        [remove('a')],
        [remove('a/b/c')],
      ]) {
        await expect(commitFiles(store, [base], changes)).rejects.toMatchObject({ code: 'INVALID_PATH' })
      }
    },
  },
]
