import { isLgError } from '@lg/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BranchMove } from '../src/index.ts'
import { author, createRemoteFixture, followed, write, type RemoteFixture } from './remote.ts'

let remote: RemoteFixture
beforeEach(async () => {
  remote = await createRemoteFixture()
})
afterEach(() => remote.close())

const change = (text: string): Promise<string> =>
  remote.bare.commit({ files: { 'cars/foo.yaml': `${text}\n` } })

describe('a depth', () => {
  test('brings the newest commits only, and what comes later is a fast-forward', async () => {
    await change('a: 1')
    const second = await change('a: 2')
    const directory = remote.open({ depth: 1 })
    const types: string[] = []
    directory.updates().subscribe(({ type }) => types.push(type))
    await directory.start()
    const seen: string[] = []
    const walk = async (): Promise<void> => {
      for await (const { oid } of directory.repository.log(second)) seen.push(oid)
    }
    await expect(walk()).rejects.toMatchObject({ code: 'HISTORY_INCOMPLETE', details: { commit: second } })
    expect(seen).toEqual([second])
    await change('a: 3')
    const fourth = await change('a: 4')
    expect((await directory.pull()).oid).toBe(fourth)
    const oid = await directory.commit({ changes: [write('new.yaml', 'x')], author, message: 'New' })
    await directory.push(oid ?? '', 'main', { expected: fourth })
    await remote.bare.forcePush({ files: { 'cars/foo.yaml': 'a: 5\n' } })
    await directory.pull()
    expect(types).toEqual(['initial', 'fastForward', 'fastForward', 'forcePush'])
    expect(await remote.bare.fsck()).toEqual([])
  })

  test.each([0, -1, 1.5])('of %d is refused', (depth) => {
    expect(() => remote.open({ depth })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
  })
})

describe('a filter', () => {
  test('leaves contents out until they are read, and is reused by the next start', async () => {
    const dir = remote.tree.path('clone')
    const options = { dir, filter: 'blob:none', worktree: false } as const
    const first = remote.open(options)
    await first.start()
    await first.close()
    const second = remote.open(options)
    await second.start()
    const entry = await second.repository.findEntry(second.head?.oid ?? '', 'cars/foo.yaml')
    const before = remote.server.requests.entries.length
    expect(await second.repository.readBlob(entry?.oid ?? '')).toEqual(
      new TextEncoder().encode('kind: Car\n'),
    )
    const after = remote.server.requests.entries.length
    expect(after).toBeGreaterThan(before)
    await second.repository.readBlob(entry?.oid ?? '')
    expect(remote.server.requests.entries).toHaveLength(after)
  })

  test('needs the remote for what was not read yet: a coded error, and it works once that is back', async () => {
    const directory = remote.open({ filter: 'blob:none', worktree: false })
    await directory.start()
    const entry = await directory.repository.findEntry(directory.head?.oid ?? '', 'cars/foo.yaml')
    await remote.server.setFault({ type: 'gone' })
    await expect(directory.repository.readBlob(entry?.oid ?? '')).rejects.toMatchObject({
      code: 'REMOTE_UNAVAILABLE',
    })
    await remote.server.clearFault()
    expect(await directory.repository.readBlob(entry?.oid ?? '')).toHaveLength(10)
  })

  test('with a folder lays out that folder, and fetches no other content', async () => {
    await remote.bare.commit({ files: { 'other/big.bin': 'x'.repeat(1000) } })
    const dir = remote.tree.path('clone')
    const directory = remote.open({ dir, filter: 'blob:none', under: 'cars' })
    await directory.start()
    expect(await remote.tree.list('clone/worktree')).toEqual([
      'clone/worktree/cars/bar.yaml',
      'clone/worktree/cars/foo.yaml',
    ])
    const other = await directory.repository.findEntry(directory.head?.oid ?? '', 'other/big.bin')
    await remote.server.setFault({ type: 'gone' })
    await expect(directory.repository.readBlob(other?.oid ?? '')).rejects.toMatchObject({
      code: 'REMOTE_UNAVAILABLE',
    })
  })
})

describe('a folder', () => {
  test('is all that is laid out, and all that is changed', async () => {
    await remote.bare.commit({ files: { 'trucks/one.yaml': 'kind: Truck\n', 'carsten.yaml': 'x: 1\n' } })
    const directory = remote.open({ dir: remote.tree.path('clone'), under: 'cars' })
    await directory.start()
    expect(directory.under).toBe('cars')
    expect(await remote.tree.list('clone/worktree')).toEqual([
      'clone/worktree/cars/bar.yaml',
      'clone/worktree/cars/foo.yaml',
    ])
    for (const path of ['trucks/one.yaml', 'carsten.yaml', 'cars']) {
      await expect(
        directory.commit({ changes: [write(path, 'x')], author, message: 'No' }),
      ).rejects.toMatchObject({ code: 'INVALID_PATH', details: { path } })
    }
    const oid = await directory.commit({ changes: [write('cars/new.yaml', 'x')], author, message: 'Yes' })
    await directory.push(oid ?? '', 'main')
    expect(await remote.bare.listFiles('main')).toContain('trucks/one.yaml')
    const next = await remote.bare.commit({ files: { 'trucks/one.yaml': 'kind: Bus\n' } })
    expect((await directory.pull()).oid).toBe(next)
  })

  test.each(['../x', '/cars', '.git', ''])('%j is refused', (under) => {
    expect(() => remote.open({ under })).toThrow(expect.objectContaining({ code: 'INVALID_PATH' }))
  })
})

describe('more branches', () => {
  test('that were asked for are kept current; one that is not there is no failure', async () => {
    const one = await remote.bare.commit({ branch: 'one', files: { a: '1' } })
    await remote.bare.commit({ branch: 'unasked', files: { a: '2' } })
    const directory = remote.open({ branches: ['one', 'two'] })
    const moves: BranchMove[] = []
    directory.branchMoves().subscribe((move) => moves.push(move))
    await directory.start()
    const main = directory.head?.oid ?? ''
    expect(Object.fromEntries(directory.branches)).toEqual({ main, one })
    const two = await remote.bare.commit({ branch: 'two', files: { a: '3' } })
    await remote.bare.deleteBranch('one')
    await directory.pull()
    expect(Object.fromEntries(directory.branches)).toEqual({ main, two })
    expect(await directory.repository.resolve('two')).toBe(two)
    await expect(directory.repository.resolve('one')).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
    expect(moves).toEqual([
      { branch: 'main', before: null, after: main },
      { branch: 'one', before: null, after: one },
      { branch: 'one', before: one, after: null },
      { branch: 'two', before: null, after: two },
    ])
    expect(directory.health.current.state).toBe('ready')
  })

  test('can be all of them, which come and go', async () => {
    const one = await remote.bare.commit({ branch: 'team/one', files: { a: '1' } })
    const directory = remote.open({ branches: 'all' })
    await directory.start()
    const main = directory.head?.oid ?? ''
    expect(Object.fromEntries(directory.branches)).toEqual({ main, 'team/one': one })
    const fetches = remote.fetches()
    await remote.bare.deleteBranch('team/one')
    const team = await remote.bare.commit({ branch: 'team', files: { a: '2' } })
    await directory.pull()
    expect(remote.fetches() - fetches).toBe(1)
    expect(Object.fromEntries(directory.branches)).toEqual({ main, team })
    const oid = await directory.commit({ changes: [write('a', 'b')], author, message: 'A' })
    await directory.push(oid ?? '', 'main')
    expect(directory.branches.get('main')).toBe(oid)
    await remote.bare.resetBranch('other', 'main')
    await remote.bare.deleteBranch('main')
    await expect(directory.pull()).rejects.toMatchObject({ code: 'BRANCH_NOT_FOUND' })
  })

  test('that were pushed here are looked at soon', async () => {
    const directory = remote.open({ branches: ['one'] })
    await directory.start()
    const oid = await directory.commit({ changes: [write('a', 'b')], author, message: 'A' })
    const moved = new Promise<BranchMove>((resolve) => directory.branchMoves().subscribe(resolve))
    await directory.push(oid ?? '', 'one', { expected: null })
    await remote.clock.advance(0)
    expect(await moved).toEqual({ branch: 'one', before: null, after: oid })
  })

  test('need names that Git takes', () => {
    expect(() => remote.open({ branches: ['a b'] })).toThrow(expect.objectContaining({ code: 'INVALID_REF' }))
  })
})

describe('a branch whose name stands where another one was', () => {
  test('is followed in a folder that still knows the old one', async () => {
    const dir = remote.tree.path('clone')
    const old = await remote.bare.commit({ branch: 'x', files: { a: '1' } })
    const first = remote.open({ dir, branch: 'x' })
    await first.start()
    await first.close()
    await remote.bare.deleteBranch('x')
    const next = await remote.bare.commit({ branch: 'x/y', files: { a: '2' } })
    const second = remote.open({ dir, branch: 'x/y' })
    await second.start()
    expect(second.head?.oid).toBe(next)
    await second.close()
    await remote.bare.deleteBranch('x/y')
    await remote.bare.resetBranch('x', old)
    const third = remote.open({ dir, branch: 'x' })
    await third.start()
    expect(third.head?.oid).toBe(old)
  })
})

describe('a remote whose HEAD is detached', () => {
  test('has no default branch: a coded error that names the branches, and any of them can be followed', async () => {
    const { main } = await remote.bare.branches()
    await remote.bare.git(['update-ref', '--no-deref', 'HEAD', main ?? ''])
    const directory = remote.open({ branch: undefined })
    const error: unknown = await directory.start().catch((reason: unknown) => reason)
    expect(isLgError(error)).toBe(true)
    expect(error).toMatchObject({ code: 'DEFAULT_BRANCH_UNKNOWN', details: { branches: ['main'] } })
    const named = remote.open()
    await named.start()
    expect(await followed(named, main ?? '')).toBe(named.head)
  })
})
