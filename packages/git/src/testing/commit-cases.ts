import { expect } from 'vitest'
import { ada, bytes, commitFiles, contents, noObject, remove, write } from './harness.ts'
import type { GitCase } from './harness.ts'

export const commitCases: readonly GitCase[] = [
  {
    id: 'commit-roundtrip',
    title: 'stores author, committer, parents and message as they are',
    async run({ open }) {
      const store = await open()
      const parent = await commitFiles(store, [], [write('a', '1')])
      const committer = { name: 'Bøt', email: 'bot@example.com', time: 1_700_000_123_456, offset: -330 }
      const message = 'Tïtle\n\nBody with <brackets>\n\n  indented\n\nTrailer: yes\n'
      const oid = await store.createCommit({
        parents: [parent],
        changes: [],
        author: ada,
        committer,
        message,
      })
      expect(await store.readCommit(oid)).toEqual({
        oid,
        tree: (await store.readCommit(parent)).tree,
        parents: [parent],
        author: ada,
        committer: { ...committer, time: 1_700_000_123_000 },
        message,
      })
    },
  },
  {
    id: 'commit-deterministic',
    title: 'gives the same name to the same input, the one that Git gives',
    async run({ open }) {
      const [one, two] = [await open(), await open()]
      const make = {
        parents: [],
        changes: [write('a/b', '1')],
        author: { name: 'A', email: 'a@b', time: 1e12 },
        message: 'm',
      }
      const oid = await one.createCommit(make)
      expect(oid).toBe('e818fed53dc1c14316dc9c1dd1963259aede9234')
      expect(await one.createCommit(make)).toBe(oid)
      expect(await two.createCommit({ ...make, message: 'm\n' })).toBe(oid)
    },
  },
  {
    id: 'commit-changes',
    title: 'applies changes to the first parent, and leaves all else as it was',
    async run({ open }) {
      const store = await open()
      const first = await commitFiles(
        store,
        [],
        [write('a/b', '1'), write('a/c', '2'), write('d/e/f', '3'), write('g', '4')],
      )
      const second = await commitFiles(
        store,
        [first],
        [write('a/b', '5'), remove('d/e/f'), write('h/i', '6')],
      )
      expect(await contents(store, second)).toEqual({ 'a/b': '5', 'a/c': '2', g: '4', 'h/i': '6' })
      expect(await contents(store, first)).toEqual({ 'a/b': '1', 'a/c': '2', 'd/e/f': '3', g: '4' })
    },
  },
  {
    id: 'commit-parents',
    title: 'takes several parents, and the tree of the first',
    async run({ open }) {
      const store = await open()
      const one = await commitFiles(store, [], [write('a', '1')])
      const two = await commitFiles(store, [], [write('b', '2')])
      const both = await commitFiles(store, [one, two], [write('c', '3')])
      expect((await store.readCommit(both)).parents).toEqual([one, two])
      expect(await contents(store, both)).toEqual({ a: '1', c: '3' })
    },
  },
  {
    id: 'commit-empty-tree',
    title: 'can hold no file at all',
    async run({ open }) {
      const store = await open()
      const first = await commitFiles(store, [], [write('a/b', '1')])
      const second = await commitFiles(store, [first], [remove('a/b')])
      expect(await store.listTree(second)).toEqual([])
      expect(await store.listTree(await commitFiles(store, [], []))).toEqual([])
    },
  },
  {
    id: 'commit-modes',
    title: 'keeps the mode that a path has, and sets the one asked for',
    async run({ open }) {
      const store = await open()
      const first = await commitFiles(
        store,
        [],
        [
          { type: 'write', path: 'run', content: bytes('1'), mode: 'executable' },
          { type: 'write', path: 'link', content: bytes('run'), mode: 'symlink' },
          write('plain', '2'),
        ],
      )
      const second = await commitFiles(
        store,
        [first],
        [
          write('run', '3'),
          write('link', 'plain'),
          { type: 'write', path: 'plain', content: bytes('4'), mode: 'executable' },
        ],
      )
      const modes = (await store.listTree(second)).map(({ path, mode }) => `${path} ${mode}`)
      expect(modes).toEqual(['link symlink', 'plain executable', 'run executable'])
    },
  },
  {
    id: 'commit-move',
    title: 'moves a blob by its name, and refuses one that is not there',
    async run({ open }) {
      const store = await open()
      const first = await commitFiles(store, [], [write('a/b', '1')])
      const oid = store.hashBlob(bytes('1'))
      const second = await commitFiles(
        store,
        [first],
        [remove('a/b'), { type: 'write', path: 'c', content: { oid } }],
      )
      expect(await contents(store, second)).toEqual({ c: '1' })
      for (const bad of [noObject(oid), first]) {
        const changes = [{ type: 'write', path: 'c', content: { oid: bad } } as const]
        await expect(commitFiles(store, [first], changes)).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' })
      }
    },
  },
  {
    id: 'commit-missing-parent',
    title: 'refuses a parent that is not there, or is no commit',
    async run({ open }) {
      const store = await open()
      const first = await commitFiles(store, [], [write('a', '1')])
      for (const bad of [noObject(first), store.hashBlob(bytes('1')), 'main', '']) {
        const created = commitFiles(store, [first, bad], [])
        await expect(created).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' })
      }
    },
  },
  {
    id: 'commit-invalid',
    title: 'refuses signatures and messages that would break the format',
    async run({ open }) {
      const store = await open()
      const good = { parents: [], changes: [], author: ada, message: 'x' }
      const bad = [
        { ...good, message: 'a\0b' },
        { ...good, author: { ...ada, name: 'A\ncommitter B <b@c> 0 +0000' } },
        { ...good, author: { ...ada, name: 'A <x>' } },
        { ...good, author: { ...ada, name: '' } },
        { ...good, committer: { ...ada, email: 'a>b' } },
        { ...good, author: { ...ada, time: Number.NaN } },
        { ...good, author: { ...ada, time: -5_000 } },
      ]
      for (const commit of bad) {
        await expect(store.createCommit(commit)).rejects.toMatchObject({ code: 'INVALID_COMMIT' })
      }
    },
  },
  {
    id: 'commit-headers',
    title: 'keeps and reads headers of the caller, which make another commit of the same content',
    async run({ open }) {
      const store = await open()
      const plain = { parents: [], changes: [write('a', '1')], author: ada, message: 'x\n' }
      const named = await store.createCommit({ ...plain, headers: { 'change-id': 'one' } })
      expect(named).not.toBe(await store.createCommit(plain))
      expect(named).not.toBe(await store.createCommit({ ...plain, headers: { 'change-id': 'two' } }))
      const { oid: _, ...read } = await store.readCommit(named)
      const { oid: __, ...wanted } = await store.readCommit(await store.createCommit(plain))
      expect(wanted).not.toHaveProperty('headers')
      expect(read).toEqual({ ...wanted, headers: { 'change-id': 'one' } })
      const ofTree = await store.createCommit({ ...plain, headers: (tree) => ({ 'tree-id': tree }) })
      expect(await store.readCommit(ofTree)).toMatchObject({ headers: { 'tree-id': wanted.tree } })
      for (const headers of [
        { parent: 'x' },
        { gpgsig: 'x' },
        { 'a b': 'x' },
        { '': 'x' },
        { a: 'x\nparent y' },
      ]) {
        await expect(store.createCommit({ ...plain, headers })).rejects.toMatchObject({
          code: 'INVALID_COMMIT',
        })
      }
    },
  },
  {
    id: 'commit-signed',
    title: 'carries a signature of its bytes',
    async run({ open }) {
      const store = await open()
      const plain = { parents: [], changes: [write('a', '1')], author: ada, message: 'x\n' }
      const seen: string[] = []
      const armor = '-----BEGIN SSH SIGNATURE-----\nYWJj\n-----END SSH SIGNATURE-----\n'
      const sign = async (commit: Uint8Array): Promise<string> => {
        seen.push(new TextDecoder().decode(commit))
        return armor
      }
      const signed = await store.createCommit({ ...plain, sign })
      expect(seen).toEqual([expect.stringMatching(/^tree [0-9a-f]+\nauthor .*\ncommitter .*\n\nx\n$/)])
      expect(signed).not.toBe(await store.createCommit(plain))
      expect((await store.readCommit(signed)).message).toBe('x\n')
      const refused = store.createCommit({ ...plain, sign: async () => 'no armor' })
      await expect(refused).rejects.toMatchObject({ code: 'INVALID_COMMIT' })
    },
  },
  {
    id: 'commit-many-files',
    title: 'stores hundreds of files in one commit',
    async run({ open }) {
      const store = await open()
      const files = Array.from({ length: 400 }, (_, index) =>
        write(`d${index % 7}/e${index % 3}/${index}`, `${index}`),
      )
      const commit = await commitFiles(store, [], files)
      expect(Object.keys(await contents(store, commit))).toHaveLength(400)
    },
  },
  {
    id: 'commit-parallel',
    title: 'creates fifty commits at once, each with its own change only',
    async run({ open, newRemote }) {
      const remote = await newRemote({ 'cars/a': '1', 'cars/b': '2' })
      const store = await open(remote)
      const base = await store.resolve('main')
      const numbers = Array.from({ length: 50 }, (_, index) => index)
      const commits = await Promise.all(
        numbers.map((index) =>
          commitFiles(store, [base], [write(`cars/${index}`, `${index}`)], `number ${index}`),
        ),
      )
      const changes = await Promise.all(commits.map((commit) => store.diffTrees(base, commit)))
      expect(changes.map((list) => list.map(({ type, path }) => `${type} ${path}`))).toEqual(
        numbers.map((index) => [`added cars/${index}`]),
      )
      await store.push(
        commits.map((target, index) => ({ ref: `refs/heads/b${index}`, target, expected: null })),
      )
      expect(await remote.observer.fsck()).toEqual([])
    },
  },
]
