import { readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Commit } from '@lg/git'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BranchUpdate, GitDirectory } from '../src/index.ts'
import { createHold, createRemoteFixture, type RemoteFixture } from './remote.ts'

let remote: RemoteFixture
let directory: GitDirectory
beforeEach(async () => {
  remote = await createRemoteFixture()
  directory = remote.open()
})
afterEach(() => remote.close())

const change = (text: string): Promise<string> =>
  remote.bare.commit({ files: { 'cars/foo.yaml': `${text}\n` } })

describe('pulls', () => {
  test('share one fetch when they are asked for together', async () => {
    await directory.start()
    const before = remote.fetches()
    const next = await change('kind: Motorcycle')
    const commits = await Promise.all([directory.pull(), directory.pull(), directory.ensureFresh('fetch')])
    expect(new Set(commits.map(({ oid }) => oid))).toEqual(new Set([next]))
    expect(remote.fetches() - before).toBe(1)
  })

  test('are never answered with what a fetch that ran before them saw', async () => {
    await directory.start()
    const hold = createHold()
    const older = await change('first: 1')
    let requests = 0
    // The first is turned away for want of credentials, the next two tell the refs, the last one asks for objects.
    const run = async (): Promise<void> => {
      if (++requests === 4) await hold.wait()
    }
    await remote.server.setFault({ type: 'intercept', run })
    const first = directory.pull()
    await hold.reached
    const newer = await change('second: 2')
    const others = [directory.pull(), directory.pull()]
    await remote.server.clearFault()
    const before = remote.fetches()
    hold.release()
    expect((await first).oid).toBe(older)
    expect((await Promise.all(others)).map(({ oid }) => oid)).toEqual([newer, newer])
    expect(remote.fetches() - before).toBe(1)
  })

  test('that are aborted leave the others alone', async () => {
    await directory.start()
    const hold = createHold()
    await remote.server.setFault({ type: 'intercept', run: hold.wait })
    const controller = new AbortController()
    const next = await change('a: 1')
    const left = directory.pull({ signal: controller.signal }).catch((error: unknown) => error)
    const stayed = directory.pull()
    await hold.reached
    const reason = new Error('enough')
    controller.abort(reason)
    expect(await left).toBe(reason)
    await remote.server.clearFault()
    hold.release()
    expect((await stayed).oid).toBe(next)
  })

  test('end when nobody waits any more, and that is no failure', async () => {
    await directory.start()
    const hold = createHold()
    await remote.server.setFault({ type: 'intercept', run: hold.wait })
    const controller = new AbortController()
    const left = directory.pull({ signal: controller.signal }).catch((error: unknown) => error)
    await hold.reached
    controller.abort(new Error('enough'))
    expect(await left).toMatchObject({ message: 'enough' })
    expect(directory.health.current.state).toBe('ready')
    await remote.server.clearFault()
    hold.release()
    expect((await directory.pull()).oid).toBe(directory.head?.oid)
  })
})

describe('freshness', () => {
  test('decides whether the remote is asked', async () => {
    await directory.start()
    const first = directory.head?.oid
    const next = await change('a: 1')
    await remote.clock.advance(10_000)
    const asked = async (work: () => Promise<Commit>): Promise<readonly [string, number]> => {
      const before = remote.fetches()
      const { oid } = await work()
      return [oid, remote.fetches() - before]
    }
    expect(await asked(() => directory.ensureFresh('local'))).toEqual([first, 0])
    expect(await asked(() => directory.ensureFresh({ maxAge: 10_000 }))).toEqual([first, 0])
    expect(await asked(() => directory.ensureFresh({ maxAge: 9_999 }))).toEqual([next, 1])
    expect(await asked(() => directory.ensureFresh({ maxAge: 0 }))).toEqual([next, 0])
    expect(await asked(() => directory.ensureFresh('fetch'))).toEqual([next, 1])
  })
})

describe('commits', () => {
  test('come to every subscriber: the present one, then each new one, and nothing when nothing changed', async () => {
    const early: string[] = []
    const late: string[] = []
    directory.commits().subscribe(({ oid }) => early.push(oid))
    await directory.start()
    const first = directory.head?.oid
    await directory.pull()
    directory.commits().subscribe(({ oid }) => late.push(oid))
    const second = await change('a: 1')
    await directory.pull()
    await remote.bare.commit({ branch: 'other', files: { 'x.yaml': 'x: 1\n' } })
    await directory.pull()
    expect(early).toEqual([first, second])
    expect(late).toEqual([first, second])
  })

  test('are told when their files are laid out', async () => {
    const clone = remote.open({ dir: remote.tree.path('clone') })
    const seen: string[] = []
    clone
      .commits()
      .subscribe(() => seen.push(readFileSync(remote.tree.path('clone/worktree/cars/foo.yaml'), 'utf8')))
    await clone.start()
    await change('kind: Motorcycle')
    await clone.pull()
    expect(seen).toEqual(['kind: Car\n', 'kind: Motorcycle\n'])
  })

  test('say whether they continue or rewrite history', async () => {
    const updates: BranchUpdate[] = []
    directory.updates().subscribe((update) => updates.push(update))
    await directory.start()
    const first = directory.head
    await change('a: 1')
    const second = await directory.pull()
    await remote.bare.forcePush({ files: { 'cars/foo.yaml': 'kind: Bus\n' } })
    const third = await directory.pull()
    expect(updates).toEqual([
      { type: 'initial', branch: 'main', commit: first },
      { type: 'fastForward', branch: 'main', commit: second, previous: first },
      { type: 'forcePush', branch: 'main', commit: third, previous: second },
    ])
    expect(await directory.repository.readCommit(second.oid)).toEqual(second)
  })
})

describe('the default branch', () => {
  test('is looked up again when it was renamed', async () => {
    const updates: BranchUpdate[] = []
    const commits: string[] = []
    const directory = remote.open({ branch: undefined })
    await directory.start()
    directory.updates().subscribe((update) => updates.push(update))
    directory.commits().subscribe(({ oid }) => commits.push(oid))
    const first = directory.head
    await remote.bare.resetBranch('trunk', 'main')
    await remote.bare.setHead('trunk')
    await remote.bare.deleteBranch('main')
    const second = await directory.pull()
    expect(directory.branch).toBe('trunk')
    expect(updates.slice(1)).toEqual([
      { type: 'branchChange', branch: 'trunk', previousBranch: 'main', commit: second, previous: first },
    ])
    expect(commits).toEqual([second.oid])
    const third = await remote.bare.commit({ branch: 'trunk', files: { 'a.yaml': 'a: 1\n' } })
    expect((await directory.pull()).oid).toBe(third)
    expect(updates.at(-1)?.type).toBe('fastForward')
  })

  test('is not left when another branch was asked for', async () => {
    const asked = remote.open()
    await asked.start()
    const before = asked.head
    await remote.bare.resetBranch('trunk', 'main')
    await remote.bare.setHead('trunk')
    await remote.bare.deleteBranch('main')
    await expect(asked.pull()).rejects.toMatchObject({
      code: 'BRANCH_NOT_FOUND',
      details: { branch: 'main', branches: ['trunk'] },
    })
    expect(asked.head).toBe(before)
  })
})

describe('the worktree', () => {
  test('shows the synced commit, and only changed files are touched', async () => {
    const clone = remote.open({ dir: remote.tree.path('clone') })
    await clone.start()
    const identity = async (path: string): Promise<string> => {
      const { ino, mtimeMs } = await stat(remote.tree.path('clone/worktree', path))
      return `${ino} ${mtimeMs}`
    }
    const before = [await identity('cars/foo.yaml'), await identity('cars/bar.yaml')]
    await change('kind: Motorcycle')
    await clone.pull()
    expect(await remote.tree.read('clone/worktree/cars/foo.yaml')).toBe('kind: Motorcycle\n')
    expect(await identity('cars/foo.yaml')).not.toBe(before[0])
    expect(await identity('cars/bar.yaml')).toBe(before[1])
    await remote.bare.forcePush({ files: { 'cars/foo.yaml': null, 'trucks/one.yaml': 'kind: Truck\n' } })
    await clone.pull()
    expect(await remote.tree.list('clone/worktree')).toEqual([
      'clone/worktree/cars/bar.yaml',
      'clone/worktree/trucks/one.yaml',
    ])
    expect(await identity('cars/bar.yaml')).toBe(before[1])
  })
})
