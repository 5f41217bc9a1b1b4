import { expect } from 'vitest'
import type { FetchProgress, LogOptions } from '../git.ts'
import { ada, bytes, commitFiles, contents, noObject, remove, write } from './harness.ts'
import type { GitCase } from './harness.ts'

const origin = 'refs/remotes/origin/'

export const remoteCases: readonly GitCase[] = [
  {
    id: 'remote-refs',
    title: 'lists what the remote has, and the branch that its HEAD names',
    async run({ open, newRemote }) {
      const remote = await newRemote({ a: '1' })
      const store = await open(remote)
      await remote.observer.commit({ branch: 'team/x', files: { b: '2' } })
      await remote.observer.setHead('team/x')
      const { head, refs } = await store.remoteRefs()
      expect(head).toBe('team/x')
      expect(Object.fromEntries(refs)).toEqual(await remote.observer.refs())
      const some = await store.remoteRefs({ prefixes: ['refs/heads/team/'] })
      expect(some.head).toBe('team/x')
      expect(Array.from(some.refs.keys())).toEqual(['refs/heads/team/x'])
    },
  },
  {
    id: 'remote-empty',
    title: 'fetches an empty repository, and knows the branch that its HEAD will be',
    async run({ open, newRemote }) {
      const remote = await newRemote()
      await remote.observer.setHead('trunk')
      const store = await open(remote)
      expect(await store.remoteRefs()).toEqual({ head: 'trunk', refs: new Map() })
      expect(await store.fetch()).toEqual({ changed: [] })
    },
  },
  {
    id: 'fetch-branches',
    title: 'brings every branch, tells what changed, and then nothing more',
    async run({ open, newRemote }) {
      const remote = await newRemote({ 'cars/a': '1' })
      const store = await open(remote)
      expect(await store.fetch()).toEqual({ changed: [] })
      const before = await store.resolve('main')
      const main = await remote.observer.commit({ files: { 'cars/a': '2' } })
      const other = await remote.observer.commit({ branch: 'team/x', files: { 'cars/b': '3' } })
      expect(await store.fetch()).toEqual({
        changed: [
          { ref: `${origin}main`, before, after: main },
          { ref: `${origin}team/x`, before: null, after: other },
        ],
      })
      expect(await contents(store, other)).toEqual({ 'cars/a': '2', 'cars/b': '3' })
    },
  },
  {
    id: 'fetch-prunes',
    title: 'removes branches that are gone, and takes rewritten ones',
    async run({ open, newRemote }) {
      const remote = await newRemote({ a: '1' })
      const gone = await remote.observer.commit({ branch: 'gone', files: { b: '1' } })
      await remote.observer.commit({ files: { a: '2' } })
      const store = await open(remote)
      const before = await store.resolve('main')
      const after = await remote.observer.forcePush({ files: { a: '3' } })
      await remote.observer.deleteBranch('gone')
      expect(await store.fetch()).toEqual({
        changed: [
          { ref: `${origin}gone`, before: gone, after: null },
          { ref: `${origin}main`, before, after },
        ],
      })
    },
  },
  {
    id: 'fetch-refspecs',
    title: 'brings only what the refspecs name, and prunes nothing else',
    async run({ open, newRemote }) {
      const remote = await newRemote({ a: '1' })
      const store = await open(remote)
      await remote.observer.deleteBranch('main')
      const two = await remote.observer.commit({ branch: 'two', files: { a: '2' } })
      await remote.observer.commit({ branch: 'three', files: { a: '3' } })
      const { changed } = await store.fetch({ refspecs: ['+refs/heads/two:refs/lg/two'] })
      expect(changed).toEqual([{ ref: 'refs/lg/two', before: null, after: two }])
      expect((await store.listRefs(origin)).size).toBe(1)
      const again = await store.fetch({ refspecs: [`+refs/heads/*:${origin}*`], prune: true })
      expect(again.changed.map(({ ref }) => ref)).toEqual([`${origin}main`, `${origin}three`, `${origin}two`])
    },
  },
  {
    id: 'fetch-refspec-wrong',
    title: 'refuses a refspec that is none, and a branch that is not there',
    async run({ open, newRemote }) {
      const store = await open(await newRemote({ a: '1' }))
      for (const refspec of [
        '--upload-pack=x',
        'main',
        '+refs/heads/*:refs/x',
        'refs/heads/a b:refs/x/y',
        '',
      ]) {
        await expect(store.fetch({ refspecs: [refspec] })).rejects.toMatchObject({ code: 'INVALID_REF' })
      }
      const missing = store.fetch({ refspecs: ['refs/heads/nope:refs/x/nope'] })
      await expect(missing).rejects.toMatchObject({
        code: 'REF_NOT_FOUND',
        details: { ref: 'refs/heads/nope' },
      })
    },
  },
  {
    id: 'fetch-progress',
    title: 'tells how far it is',
    async run({ git, newDir, newRemote }) {
      const files = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`${index}`, `${index}`]))
      const { reference, credentials } = await newRemote(files)
      const store = await git.open({ dir: await newDir(), remote: reference, credentials })
      try {
        const seen: FetchProgress[] = []
        await store.fetch({ onProgress: (progress) => seen.push(progress) })
        expect(seen.at(-1)?.done).toBeGreaterThan(0)
        for (const { done, total = Infinity } of seen) expect(done).toBeLessThanOrEqual(total)
      } finally {
        await store.close()
      }
    },
  },
  {
    id: 'fetch-depth',
    title: 'keeps only as much history as asked for',
    async run({ git, newDir, newRemote }) {
      const { reference, credentials, observer } = await newRemote({ a: '1' })
      await observer.commit({ files: { a: '2' } })
      await observer.commit({ files: { a: '3' } })
      const store = await git.open({ dir: await newDir(), remote: reference, credentials })
      try {
        if (!git.capabilities.shallow) {
          await expect(store.fetch({ depth: 1 })).rejects.toMatchObject({ code: 'UNSUPPORTED' })
          return
        }
        await store.fetch({ depth: 1 })
        const tip = await store.resolve('main')
        const seen: string[] = []
        const walk = async (options: LogOptions): Promise<void> => {
          for await (const { oid } of store.log(tip, options)) seen.push(oid)
        }
        const incomplete = { code: 'HISTORY_INCOMPLETE', details: { commit: tip } }
        await expect(walk({})).rejects.toMatchObject(incomplete)
        expect(seen.splice(0)).toEqual([tip])
        await expect(walk({ paths: ['a'], limit: 1 })).rejects.toMatchObject(incomplete)
        expect(seen).toEqual([])
        await walk({ limit: 1 })
        expect(seen.splice(0)).toEqual([tip])
        const next = await commitFiles(store, [tip], [write('a', '4')])
        expect(await store.isAncestor(tip, next)).toBe(true)
        expect(await store.isAncestor(next, tip)).toBe(false)
        const stranger = await commitFiles(store, [], [write('a', '5')])
        await expect(store.isAncestor(stranger, next)).rejects.toMatchObject(incomplete)
        await expect(store.mergeBase(stranger, next)).rejects.toMatchObject(incomplete)
        await store.push([{ ref: 'refs/heads/main', target: next, expected: tip }])
        await observer.commit({ files: { b: '1' } })
        await store.fetch()
        expect(await store.isAncestor(next, await store.resolve('main'))).toBe(true)
        await store.fetch({ depth: Infinity })
        await walk({})
        expect(seen).toHaveLength(3)
        expect(await store.isAncestor(stranger, next)).toBe(false)
        expect(await store.mergeBase(stranger, next)).toBeUndefined()
        expect(await observer.fsck()).toEqual([])
      } finally {
        await store.close()
      }
    },
  },
  {
    id: 'remote-missing',
    title: 'answers REPOSITORY_NOT_FOUND for a repository that is not there',
    async run({ git, newDir, newRemote }) {
      const { missing, credentials } = await newRemote()
      const store = await git.open({ dir: await newDir(), remote: missing, credentials })
      try {
        await expect(store.fetch()).rejects.toMatchObject({ code: 'REPOSITORY_NOT_FOUND' })
        await expect(store.remoteRefs()).rejects.toMatchObject({ code: 'REPOSITORY_NOT_FOUND' })
      } finally {
        await store.close()
      }
    },
  },
  {
    id: 'remote-credentials',
    title: 'answers AUTHENTICATION_FAILED for credentials that the remote does not accept',
    async run({ git, newDir, newRemote }) {
      const { reference, wrongCredentials } = await newRemote({ a: '1' })
      if (!wrongCredentials) return
      const store = await git.open({ dir: await newDir(), remote: reference, credentials: wrongCredentials })
      try {
        await expect(store.fetch()).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' })
      } finally {
        await store.close()
      }
    },
  },
  {
    id: 'fetch-partial',
    title: 'leaves contents out until they are read, and commits, merges and pushes without them',
    async run({ git, newDir, newRemote }) {
      const files = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`f/${index}`, `${index}`]))
      const { reference, credentials, observer } = await newRemote({ ...files, a: 'first\n', b: 'second\n' })
      const opening = git.open({ dir: await newDir(), remote: reference, credentials, filter: 'blob:none' })
      if (!git.capabilities.partial) {
        await expect(opening).rejects.toMatchObject({ code: 'UNSUPPORTED' })
        return
      }
      const store = await opening
      try {
        await store.fetch()
        const base = await store.resolve('main')
        const entries = await store.listTree(base)
        expect(entries).toHaveLength(62)
        const moved = store.hashBlob(bytes('7'))
        const changes = [
          write('f/3', 'three'),
          remove('f/7'),
          { type: 'write', path: 'g', content: { oid: moved } },
        ] as const
        const target = await commitFiles(store, [base], changes)
        await store.push([{ ref: 'refs/heads/main', target, expected: base }])
        expect(await observer.fsck()).toEqual([])
        expect(await observer.readFile('main', 'g')).toBe('7')
        expect(new TextDecoder().decode(await store.readBlob(store.hashBlob(bytes('first\n'))))).toBe(
          'first\n',
        )
        const got = await Promise.all(
          entries.slice(0, 5).map(async ({ oid }) => store.hashBlob(await store.readBlob(oid))),
        )
        expect(got).toEqual(entries.slice(0, 5).map(({ oid }) => oid))
        const unknown = noObject(base)
        const reads = [store.readBlob(unknown), store.readBlob(entries[9]?.oid ?? '')]
        const [missing, found] = await Promise.allSettled(reads)
        expect(missing).toMatchObject({ reason: { code: 'OBJECT_NOT_FOUND', details: { oid: unknown } } })
        expect(found?.status).toBe('fulfilled')
        const theirs = await observer.commit({ branch: 'theirs', files: { b: 'changed\n' } })
        await store.fetch()
        if (git.capabilities.merge) {
          const ours = await commitFiles(store, [target], [write('a', 'ours\n')])
          const merge = await store.mergeCommits({ ours, theirs, author: ada, message: 'Merge' })
          expect(await contents(store, merge)).toMatchObject({ a: 'ours\n', b: 'changed\n', 'f/3': 'three' })
        }
        if (git.capabilities.gc) await store.gc()
        const wanted = (await store.listTree(theirs)).map(({ oid }) => oid)
        const seen: string[] = []
        for await (const { oid } of store.readBlobs(wanted)) seen.push(oid)
        expect(seen).toEqual(wanted)
        const stale = await commitFiles(store, [base], [write('new', '1')])
        await store.push([{ ref: 'refs/heads/stale', target: stale, expected: null }])
        expect(await observer.fsck()).toEqual([])
      } finally {
        await store.close()
      }
    },
  },
]
