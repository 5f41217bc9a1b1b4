import { createHttpsCredentials, parseRepositoryReference } from '@lg/git'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BranchUpdate, GitDirectory } from '../src/index.ts'
import {
  author,
  createHold,
  createRemoteFixture,
  followed,
  healthy,
  write,
  type RemoteFixture,
} from './remote.ts'

let remote: RemoteFixture
let directory: GitDirectory
beforeEach(async () => {
  remote = await createRemoteFixture()
  directory = remote.open()
  await directory.start()
})
afterEach(() => remote.close())

async function committed(
  path = 'cars/foo.yaml',
  text = 'kind: Motorcycle\n',
  base?: string,
): Promise<string> {
  const oid = await directory.commit({
    base,
    changes: [write(path, text)],
    author,
    message: 'Change\n\nBecause.',
  })
  if (oid === undefined) throw new Error('nothing changed')
  return oid
}

describe('a commit', () => {
  test('builds on the head, and is nowhere but here until it is pushed', async () => {
    const head = directory.head
    const oid = await committed()
    const time = remote.clock.now()
    expect(await directory.repository.readCommit(oid)).toMatchObject({
      parents: [head?.oid],
      message: 'Change\n\nBecause.\n',
      author: { ...author, time },
      committer: { ...author, time },
    })
    expect(directory.head).toBe(head)
    expect(await remote.bare.branches()).toEqual({ main: head?.oid })
    expect((await directory.pull()).oid).toBe(head?.oid)
  })

  test('builds on the base asked for, at the time asked for', async () => {
    const base = directory.head?.oid ?? ''
    await remote.bare.commit({ files: { 'a.yaml': 'a: 1\n' } })
    await directory.pull()
    const changes = [write('b.yaml', 'b: 1\n')]
    const oid = await directory.commit({
      base,
      changes,
      author: { ...author, time: 5_000, offset: 60 },
      message: 'B\n',
    })
    expect(await directory.repository.readCommit(oid ?? '')).toMatchObject({
      parents: [base],
      author: { time: 5_000, offset: 60 },
      message: 'B\n',
    })
  })

  test('that changes nothing is none', async () => {
    expect(await directory.commit({ changes: [], author, message: 'Nothing' })).toBeUndefined()
    const same = [write('cars/foo.yaml', 'kind: Car\n')]
    expect(await directory.commit({ changes: same, author, message: 'The same' })).toBeUndefined()
  })
})

describe('a push', () => {
  test('to the branch followed moves the head along, and is reported once', async () => {
    const updates: BranchUpdate[] = []
    directory.updates().subscribe((update) => updates.push(update))
    const previous = directory.head
    const oid = await committed()
    await directory.push(oid, 'main', { expected: previous?.oid })
    expect(directory.head?.oid).toBe(oid)
    const fetches = remote.fetches()
    await directory.ensureFresh('local')
    expect(remote.fetches()).toBe(fetches)
    await directory.pull()
    expect(updates.map(({ type, commit }) => [type, commit.oid])).toEqual([
      ['initial', previous?.oid],
      ['fastForward', oid],
    ])
    const { files } = await remote.bare.diff(previous?.oid ?? '', 'main')
    expect(files).toHaveLength(1)
    expect(await remote.bare.log('main')).toMatchObject([{ author }, {}])
    expect(await remote.bare.fsck()).toEqual([])
  })

  test('to another branch leaves the head alone', async () => {
    const head = directory.head
    const oid = await committed()
    await directory.push(oid, 'update/foo', { expected: null })
    expect(await remote.bare.branches()).toEqual({ main: head?.oid, 'update/foo': oid })
    expect(directory.head).toBe(head)
    await expect(
      directory.push(await committed('x'), 'update/foo', { expected: null }),
    ).rejects.toMatchObject({
      code: 'REF_CHANGED',
    })
  })

  test.each([{ leased: true }, { leased: false }])(
    'that comes second is refused and overwrites nothing (%o)',
    async ({ leased }) => {
      const expected = leased ? directory.head?.oid : undefined
      const oid = await committed()
      const first = await remote.bare.commit({ files: { 'cars/foo.yaml': 'kind: Bus\n' } })
      await expect(directory.push(oid, 'main', { expected })).rejects.toMatchObject({ code: 'REF_CHANGED' })
      expect(await remote.bare.branches()).toEqual({ main: first })
      expect((await directory.pull()).oid).toBe(first)
      const again = await committed('cars/foo.yaml', 'kind: Motorcycle\n')
      await directory.push(again, 'main', { expected: first })
      expect(directory.head?.oid).toBe(again)
    },
  )

  test('that the remote refuses says why, and the next one works', async () => {
    await remote.server.setFault({ type: 'refusePush', message: 'main is frozen' })
    const oid = await committed()
    await expect(directory.push(oid, 'main')).rejects.toMatchObject({
      code: 'PUSH_REJECTED',
      message: expect.stringContaining('main is frozen'),
    })
    expect(directory.health.current.state).toBe('ready')
    await remote.server.clearFault()
    await directory.push(oid, 'main')
    expect(directory.head?.oid).toBe(oid)
  })

  test('during a fetch that saw the remote before it is not undone by that fetch', async () => {
    const commits: string[] = []
    directory.commits().subscribe(({ oid }) => commits.push(oid))
    const between = await remote.bare.commit({ files: { 'a.yaml': 'a: 1\n' } })
    const oid = await committed()
    const hold = createHold()
    let requests = 0
    // The first is turned away for want of credentials, the next two tell the refs, the last one asks for objects.
    const run = async ({ service }: { readonly service: string }): Promise<void> => {
      if (service === 'fetch' && ++requests === 4) await hold.wait()
    }
    await remote.server.setFault({ type: 'intercept', run })
    const pulled = directory.pull()
    await hold.reached
    const pushed = directory.push(oid, 'main', { expected: between })
    await remote.server.requests.waitFor(
      ({ service, status, method }) => service === 'push' && method === 'POST' && status === 200,
    )
    await remote.server.clearFault()
    hold.release()
    expect((await pulled).oid).toBe(between)
    await pushed
    await followed(directory, oid)
    expect(commits.slice(1)).toEqual([between, oid])
  })

  test('that rewrites the branch followed is fetched like any other news', async () => {
    const updates: string[] = []
    const base = directory.head?.oid ?? ''
    const first = await committed()
    await directory.push(first, 'main')
    directory.updates().subscribe(({ type }) => updates.push(type))
    const rewritten = await committed('cars/bar.yaml', 'kind: Bus\n', base)
    await directory.push(rewritten, 'main', { expected: first })
    expect((await directory.pull()).oid).toBe(rewritten)
    expect(updates).toEqual(['initial', 'forcePush'])
  })

  test('that succeeds is no failure when the files cannot be laid out; the health tells', async () => {
    const clone = remote.open({ dir: remote.tree.path('clone') })
    await clone.start()
    const oid = await clone.commit({
      changes: [write('cars/foo.yaml', 'kind: Bus\n')],
      author,
      message: 'Bus',
    })
    await remote.tree.remove('clone/worktree')
    await remote.tree.write('clone/worktree', 'in the way')
    await clone.push(oid ?? '', 'main')
    expect(await remote.bare.branches()).toEqual({ main: oid })
    const { error } = await healthy(clone, 'degraded')
    expect(error).toBeInstanceOf(Error)
    await remote.tree.remove('clone/worktree')
    expect((await clone.pull()).oid).toBe(oid)
    expect(await remote.tree.read('clone/worktree/cars/foo.yaml')).toBe('kind: Bus\n')
    expect(clone.health.current.state).toBe('ready')
  })

  test('is refused without credentials, which reading does not need', async () => {
    const open = await createRemoteFixture({ anonymous: 'read' })
    try {
      const reader = open.open({ auth: undefined })
      await reader.start()
      expect(reader.readOnly).toBe(true)
      expect(reader.head?.oid).toBe((await open.bare.branches())['main'])
      const oid = await reader.commit({ changes: [write('a', 'a')], author, message: 'A' })
      const requests = open.server.requests.entries.length
      await expect(reader.push(oid ?? '', 'main')).rejects.toMatchObject({
        code: 'READ_ONLY',
        message: `${reader.remote} is read-only here: give the option auth to push main`,
      })
      expect(open.server.requests.entries).toHaveLength(requests)
    } finally {
      await open.close()
    }
  })

  test('goes to a path on this machine without credentials', async () => {
    const local = remote.open({ repository: parseRepositoryReference(remote.bare.dir), auth: undefined })
    await local.start()
    expect(local.readOnly).toBe(false)
    const oid = await local.commit({ changes: [write('a', 'a')], author, message: 'A' })
    await local.push(oid ?? '', 'main')
    expect((await directory.pull()).oid).toBe(oid)
  })

  test('with a token that may not write is a coded error', async () => {
    remote.server.setAccounts([{ user: 'bot', token: 'reads-only', access: 'read' }])
    const reader = remote.open({ auth: createHttpsCredentials({ username: 'bot', password: 'reads-only' }) })
    await reader.start()
    const oid = await reader.commit({ changes: [write('a', 'a')], author, message: 'A' })
    await expect(reader.push(oid ?? '', 'main')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  })

  test('to what cannot name a branch is refused', async () => {
    for (const branch of ['', '-f', 'a b', 'HEAD', 'a:refs/heads/main']) {
      await expect(directory.push(directory.head?.oid ?? '', branch)).rejects.toMatchObject({
        code: 'INVALID_REF',
      })
    }
  })

  test('can be the first of an empty repository', async () => {
    const empty = await createRemoteFixture({ files: {} })
    try {
      const first = empty.open()
      await first.start()
      const oid = await first.commit({ changes: [write('a.yaml', 'a: 1\n')], author, message: 'Begin' })
      await first.push(oid ?? '', 'main', { expected: null })
      expect(first.head).toMatchObject({ oid, parents: [] })
      expect(first.health.current.state).toBe('ready')
      expect(await empty.bare.branches()).toEqual({ main: oid })
    } finally {
      await empty.close()
    }
  })
})
