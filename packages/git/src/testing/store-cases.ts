import { expect } from 'vitest'
import { bytes, commitFiles, contents, noObject, write } from './harness.ts'
import type { GitCase } from './harness.ts'

export const storeCases: readonly GitCase[] = [
  {
    id: 'store-one-owner',
    title: 'refuses a second owner of a directory until the first has closed',
    async run({ git, open }) {
      const first = await open()
      await expect(git.open({ dir: first.dir })).rejects.toMatchObject({
        code: 'DIRECTORY_IN_USE',
        details: { dir: first.dir },
      })
      await first.close()
      await (await git.open({ dir: first.dir })).close()
    },
  },
  {
    id: 'store-keeps',
    title: 'keeps objects and refs from one owner to the next',
    async run({ git, open }) {
      const first = await open()
      const oid = await commitFiles(first, [], [write('a', '1')])
      await first.updateRef({ ref: 'refs/heads/main', target: oid })
      await first.close()
      const second = await git.open({ dir: first.dir })
      try {
        expect(await second.resolve('main')).toBe(oid)
        expect(await second.listTree(oid)).toHaveLength(1)
      } finally {
        await second.close()
      }
    },
  },
  {
    id: 'store-sweeps-transactions',
    title: 'drops the refs of transactions that nobody will finish',
    async run({ git, open }) {
      const first = await open()
      const oid = await commitFiles(first, [], [write('a', '1')])
      await first.updateRef({ ref: 'refs/lg/tx/1', target: oid })
      await first.updateRef({ ref: 'refs/lg/pulls/1', target: oid })
      await first.close()
      const second = await git.open({ dir: first.dir })
      try {
        expect(Array.from((await second.listRefs('refs/')).keys())).toEqual(['refs/lg/pulls/1'])
      } finally {
        await second.close()
      }
    },
  },
  {
    id: 'store-other-remote',
    title: 'refuses the store of another remote',
    async run({ git, open, newRemote }) {
      const store = await open(await newRemote({ a: '1' }))
      await store.close()
      const { reference, credentials } = await newRemote()
      await expect(git.open({ dir: store.dir, remote: reference, credentials })).rejects.toMatchObject({
        code: 'DIRECTORY_NOT_OURS',
      })
    },
  },
  {
    id: 'store-without-remote',
    title: 'refuses to talk to a remote that it does not have',
    async run({ open }) {
      const store = await open()
      await expect(store.fetch()).rejects.toMatchObject({ code: 'UNSUPPORTED' })
      await expect(store.remoteRefs()).rejects.toMatchObject({ code: 'UNSUPPORTED' })
      await expect(store.push([])).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    },
  },
  {
    id: 'store-closed',
    title: 'answers CLOSED after close, which may be called twice',
    async run({ open }) {
      const store = await open()
      const oid = await commitFiles(store, [], [write('a', '1')])
      const oids = Array.from({ length: 500 }, () => store.hashBlob(bytes('1')))
      const reading = store.readBlobs(oids)[Symbol.asyncIterator]()
      await reading.next()
      await Promise.all([store.close(), store.close()])
      const rest = async (): Promise<void> => {
        while (!(await reading.next()).done);
      }
      await expect(rest()).rejects.toMatchObject({ code: 'CLOSED' })
      await expect(commitFiles(store, [], [write('a', '1')])).rejects.toMatchObject({ code: 'CLOSED' })
      await expect(store.readCommit(oid)).rejects.toMatchObject({ code: 'CLOSED' })
      await expect(store.listRefs('refs/')).rejects.toMatchObject({ code: 'CLOSED' })
      await expect(store.updateRef({ ref: 'refs/heads/a', target: oid })).rejects.toMatchObject({
        code: 'CLOSED',
      })
    },
  },
  {
    id: 'store-aborted',
    title: 'rejects every call with the reason of an aborted signal',
    async run({ git, open, newDir, newRemote }) {
      const store = await open(await newRemote({ a: '1' }))
      const oid = await store.resolve('main')
      const reason = new Error('enough')
      const options = { signal: AbortSignal.abort(reason) }
      const iterate = async (items: AsyncIterable<unknown>): Promise<void> => {
        for await (const _ of items) throw new Error('nothing should come')
      }
      const calls = [
        git.open({ dir: await newDir(), ...options }),
        store.readCommit(oid, options),
        store.readBlob(noObject(oid), options),
        iterate(store.readBlobs([noObject(oid)], options)),
        store.listTree(oid, options),
        store.findEntry(oid, 'a', options),
        store.diffTrees(undefined, oid, options),
        store.createCommit(
          { parents: [oid], changes: [], author: { name: 'a', email: 'b', time: 0 }, message: 'x' },
          options,
        ),
        store.mergeBase(oid, oid, options),
        store.isAncestor(oid, oid, options),
        iterate(store.log(oid, options)),
        store.resolve('main', options),
        store.listRefs('refs/', options),
        store.updateRef({ ref: 'refs/heads/x', target: oid }, options),
        store.remoteRefs(options),
        store.fetch(options),
        store.push([{ ref: 'refs/heads/x', target: oid }], options),
        store.updateWorktree({ dir: await newDir(), commit: oid }, options),
        ...(git.capabilities.gc ? [store.gc(options)] : []),
      ]
      const results = await Promise.allSettled(calls)
      expect(results.map((result) => (result.status === 'rejected' ? result.reason : result))).toEqual(
        calls.map(() => reason),
      )
    },
  },
  {
    id: 'store-gc',
    title: 'packs what is there, and keeps what nothing refers to yet for as long as asked for',
    async run({ git, open, newRemote }) {
      const remote = await newRemote({ a: '1' })
      const store = await open(remote)
      if (!git.capabilities.gc) {
        await expect(store.gc()).rejects.toMatchObject({ code: 'UNSUPPORTED' })
        return
      }
      const base = await store.resolve('main')
      const unpushed = await commitFiles(store, [base], [write('a', '2')])
      await store.gc()
      await store.gc()
      expect(await contents(store, base)).toEqual({ a: '1' })
      expect(await contents(store, unpushed)).toEqual({ a: '2' })
      await store.gc({ grace: -60_000 })
      expect(await contents(store, base)).toEqual({ a: '1' })
      await expect(store.readCommit(unpushed)).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' })
    },
  },
  {
    id: 'store-gc-former',
    title: 'keeps what a branch left, for those who still read it',
    async run({ git, open, newRemote }) {
      const remote = await newRemote({ a: '1' })
      const first = await remote.observer.commit({ files: { a: '2' } })
      const store = await open(remote)
      if (!git.capabilities.gc) return
      await remote.observer.forcePush({ files: { a: '3' } })
      await store.fetch()
      await store.gc()
      expect(await contents(store, first)).toEqual({ a: '2' })
      await store.gc({ grace: -60_000 })
      await expect(store.readCommit(first)).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' })
      expect(await contents(store, await store.resolve('main'))).toEqual({ a: '3' })
    },
  },
  {
    id: 'store-gc-readers',
    title: 'stalls nobody who reads or writes meanwhile',
    async run({ git, open, newRemote }) {
      const files = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f/${index}`, `${index}`]))
      const store = await open(await newRemote(files))
      if (!git.capabilities.gc) return
      const base = await store.resolve('main')
      const collecting = Array.from({ length: 3 }, () => store.gc())
      let running = true
      const collected = Promise.all(collecting).finally(() => {
        running = false
      })
      collected.catch(() => {})
      let head = base
      for (let round = 0; running; round++) {
        head = await commitFiles(store, [head], [write('round', `${round}`)])
        expect(Object.keys(await contents(store, head))).toHaveLength(301)
      }
      await collected
      expect(head).not.toBe(base)
      expect(Object.keys(await contents(store, head))).toHaveLength(301)
    },
  },
]
