import { expect } from 'vitest'
import { bytes, commitFiles, remove, write } from './harness.ts'
import type { FileOnDisk, GitCase } from './harness.ts'

function texts(files: Readonly<Record<string, FileOnDisk>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).map(([path, { content }]) => [path, content]))
}

export const worktreeCases: readonly GitCase[] = [
  {
    id: 'worktree-shows',
    title: 'shows exactly the files of a commit, with their modes',
    async run({ open, newDir, readFiles }) {
      const store = await open()
      const dir = await newDir()
      const commit = await commitFiles(
        store,
        [],
        [
          write('cars/a b', '1'),
          write('cars/ü', '2\r\n'),
          { type: 'write', path: 'run', content: bytes('#!'), mode: 'executable' },
          { type: 'write', path: 'cars/link', content: bytes('a b'), mode: 'symlink' },
        ],
      )
      await store.updateWorktree({ dir, commit })
      const files = await readFiles(dir)
      expect(texts(files)).toEqual({ 'cars/a b': '1', 'cars/ü': '2\r\n', run: '#!', 'cars/link': 'a b' })
      expect(files['run']?.mode).toBe('executable')
      expect(files['cars/link']?.mode).toBe('symlink')
      expect(files['cars/a b']?.mode).toBe('file')
    },
  },
  {
    id: 'worktree-moves',
    title: 'touches only what differs between two commits',
    async run({ open, newDir, readFiles }) {
      const store = await open()
      const dir = await newDir()
      const first = await commitFiles(
        store,
        [],
        [write('a', '1'), write('b/c', '2'), write('d/e', '3'), write('f', '4')],
      )
      const second = await commitFiles(store, [first], [write('a', '5'), remove('b/c'), write('g/h', '6')])
      await store.updateWorktree({ dir, commit: first })
      const before = await readFiles(dir)
      await store.updateWorktree({ dir, commit: second })
      const after = await readFiles(dir)
      expect(texts(after)).toEqual({ a: '5', 'd/e': '3', f: '4', 'g/h': '6' })
      for (const path of ['d/e', 'f']) expect(after[path]?.identity).toBe(before[path]?.identity)
      expect(after['a']?.identity).not.toBe(before['a']?.identity)
    },
  },
  {
    id: 'worktree-repairs',
    title: 'undoes what somebody else did to the folder',
    async run({ open, newDir, readFiles, writeFile }) {
      const store = await open()
      const dir = await newDir()
      const commit = await commitFiles(store, [], [write('a', '1'), write('b/c', '2')])
      await store.updateWorktree({ dir, commit })
      await writeFile(dir, 'a', 'x')
      await writeFile(dir, 'b/stray/file', 'y')
      await store.updateWorktree({ dir, commit })
      expect(texts(await readFiles(dir))).toEqual({ a: '1', 'b/c': '2' })
    },
  },
  {
    id: 'worktree-kinds',
    title: 'turns files into folders and back',
    async run({ open, newDir, readFiles }) {
      const store = await open()
      const dir = await newDir()
      const first = await commitFiles(store, [], [write('a', '1'), write('b/c/d', '2')])
      const second = await commitFiles(
        store,
        [first],
        [remove('a'), write('a/x', '3'), remove('b/c/d'), write('b', '4')],
      )
      await store.updateWorktree({ dir, commit: first })
      await store.updateWorktree({ dir, commit: second })
      expect(texts(await readFiles(dir))).toEqual({ 'a/x': '3', b: '4' })
      await store.updateWorktree({ dir, commit: first })
      expect(texts(await readFiles(dir))).toEqual({ a: '1', 'b/c/d': '2' })
    },
  },
  {
    id: 'worktree-links',
    title: 'never writes through a symlink that stands where a folder was',
    async run({ open, newDir, readFiles, writeFile }) {
      const store = await open()
      const [dir, outside] = [await newDir(), await newDir()]
      await writeFile(outside, 'keep', 'mine')
      const first = await commitFiles(
        store,
        [],
        [{ type: 'write', path: 'a', content: bytes(outside), mode: 'symlink' }],
      )
      const second = await commitFiles(store, [first], [remove('a'), write('a/keep', 'theirs')])
      await store.updateWorktree({ dir, commit: first })
      await store.updateWorktree({ dir, commit: second })
      expect(texts(await readFiles(dir))).toEqual({ 'a/keep': 'theirs' })
      expect(texts(await readFiles(outside))).toEqual({ keep: 'mine' })
    },
  },
  {
    id: 'worktree-under',
    title: 'shows one folder only, at its place',
    async run({ open, newDir, readFiles }) {
      const store = await open()
      const dir = await newDir()
      const commit = await commitFiles(store, [], [write('cars/a', '1'), write('other/b', '2')])
      await store.updateWorktree({ dir, commit, under: 'cars' })
      expect(texts(await readFiles(dir))).toEqual({ 'cars/a': '1' })
    },
  },
  {
    id: 'worktree-not-ours',
    title: 'refuses a folder with files that it did not put there',
    async run({ open, newDir, readFiles, writeFile }) {
      const store = await open()
      const dir = await newDir()
      await writeFile(dir, 'thesis.txt', 'mine')
      const commit = await commitFiles(store, [], [write('a', '1')])
      await expect(store.updateWorktree({ dir, commit })).rejects.toMatchObject({
        code: 'DIRECTORY_NOT_OURS',
      })
      expect(texts(await readFiles(dir))).toEqual({ 'thesis.txt': 'mine' })
    },
  },
]
