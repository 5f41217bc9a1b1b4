import type { PullRequestProvider } from '@lg/pull-request'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GitStorage, PullRequestDetails, PullRequestPolicy, TransactionOutcome } from '../src/index.ts'
import { carKey, createFleet, fleetFiles, type Car, type Fleet } from './fleet.ts'

let fleet: Fleet
afterEach(() => fleet.close())

const begin = async (pullRequestPolicy: PullRequestPolicy): Promise<void> => {
  fleet = await createFleet(fleetFiles, { pullRequestPolicy })
}

/** Proposes a speed for a car; the one that it has is no change. */
const propose = async (
  name: string,
  speed: number,
  { storage = fleet.storage, ...details }: PullRequestDetails & { readonly storage?: GitStorage } = {},
): Promise<TransactionOutcome> =>
  await storage.transaction(`drive-${name}-`, async (tx) => {
    const car = await tx.get<Car>(carKey(name))
    car.status = { ...car.status, speed }
    await tx.update(car)
    return { target: 'pullRequest', title: `Drive ${name} at ${speed}`, ...details }
  })

const states = async (): Promise<readonly string[]> => {
  const { provider, directory } = fleet
  const { pullRequests } = await provider.list({ repository: directory.reference, state: 'all' })
  return pullRequests.map(
    ({ number, state, head }) => `${number} ${state} ${head.replace(/[0-9a-f]{8}$/, '*')}`,
  )
}
const ours = async (): Promise<readonly string[]> =>
  Object.keys(await fleet.remote.branches()).filter((branch) => branch !== 'main')
const merge = async (number: number): Promise<void> => {
  const { provider, directory } = fleet
  await provider.merge({ repository: directory.reference, number })
}

describe('one pull request for each key', () => {
  beforeEach(() => begin({}))

  it('is updated on a branch of its name, however often the change is made', async () => {
    expect(await propose('foo', 2)).toMatchObject({
      branch: 'lg/drive-foo',
      pullRequest: { action: 'created' },
    })
    expect(await propose('foo', 3)).toMatchObject({ branch: 'lg/drive-foo', pullRequest: { number: 1 } })
    expect(await propose('left', 3)).toMatchObject({ branch: 'lg/drive-left', pullRequest: { number: 2 } })
    expect(await states()).toEqual(['2 open lg/drive-left', '1 open lg/drive-foo'])
    expect(await fleet.remote.git(['rev-list', '--count', 'main..lg/drive-foo'])).toBe('1\n')
    expect(await fleet.remote.readFile('lg/drive-foo', 'cars/foo.yaml')).toContain('speed: 3\n')
  })

  it('takes the key of the decision, whatever stands in it, and tells keys apart', async () => {
    await propose('foo', 2, { key: 'Car default/foo' })
    await propose('left', 2, { key: 'car default foo' })
    await propose('right', 2, { key: '../..//.lock' })
    expect((await ours()).map((branch) => branch.replace(/[0-9a-f]{8}$/, '*'))).toEqual([
      'lg/car-default-foo-*',
      'lg/car-default-foo-*',
      'lg/lock-*',
    ])
    expect(await states()).toHaveLength(3)
  })

  it('is closed, and its branch deleted, once nothing is left to change', async () => {
    await propose('foo', 2)
    await propose('left', 2)
    expect(await propose('foo', 1.5)).toMatchObject({
      outcome: 'unchanged',
      tidied: {
        closed: [{ number: 1, branch: 'lg/drive-foo', reason: 'resolved' }],
        deleted: ['lg/drive-foo'],
      },
    })
    expect(await states()).toEqual(['2 open lg/drive-left', '1 closed lg/drive-foo'])
    expect(await ours()).toEqual(['lg/drive-left'])
    const { provider, directory } = fleet
    const comments = await provider.comments({ repository: directory.reference, number: 1 })
    expect(comments).toMatchObject([{ body: 'Nothing is left to change.' }])
    expect(await propose('foo', 1.5)).toMatchObject({
      outcome: 'unchanged',
      tidied: { closed: [], failed: [] },
    })
  })

  it('closes nothing in a dry run, and nothing of a transaction that goes elsewhere', async () => {
    await propose('foo', 2)
    const same = async (tx: { get: GitStorage['get']; update(car: Car): Promise<unknown> }): Promise<void> =>
      void (await tx.update(await tx.get<Car>(carKey('foo'))))
    const dry = await fleet.storage.transaction(
      'drive-foo-',
      async (tx) => {
        await same(tx)
        return { target: 'pullRequest', title: 'x' }
      },
      { dryRun: true },
    )
    expect(dry).not.toHaveProperty('tidied')
    await fleet.storage.transaction('drive-foo-', async (tx) => {
      await same(tx)
      return { target: 'branch', title: 'x' }
    })
    expect(await states()).toEqual(['1 open lg/drive-foo'])
  })

  it('never touches a commit of somebody else', async () => {
    await propose('foo', 2)
    const theirs = await fleet.remote.commit({
      branch: 'lg/drive-foo',
      files: { 'note.txt': 'mine\n' },
      message: 'Note',
    })
    await expect(propose('foo', 3)).rejects.toMatchObject({
      code: 'BRANCH_EXISTS',
      details: { commit: theirs },
    })
    expect(await propose('foo', 1.5)).toMatchObject({
      tidied: { closed: [], deleted: [], kept: [{ branch: 'lg/drive-foo', commit: theirs }] },
    })
    expect(await states()).toEqual(['1 open lg/drive-foo'])
    expect((await fleet.remote.branches())['lg/drive-foo']).toBe(theirs)
  })

  it('is meant by a plan that is carried out later', async () => {
    await propose('foo', 2)
    const planned = await fleet.storage.transaction(
      'drive-foo-',
      async (tx) => {
        const car = await tx.get<Car>(carKey('foo'))
        car.status = { ...car.status, speed: 4 }
        await tx.update(car)
        return { target: 'pullRequest', title: 'Drive later' }
      },
      { dryRun: true },
    )
    if (planned.outcome !== 'planned') throw new Error('not planned')
    expect(await fleet.storage.apply(planned.plan)).toMatchObject({
      branch: 'lg/drive-foo',
      pullRequest: { number: 1 },
    })
  })
})

describe('one pull request for each change', () => {
  beforeEach(() => begin({ branch: 'bot/{key}/{hash}' }))

  it('closes the one before as superseded, says by which, and deletes its branch', async () => {
    const first = await propose('foo', 2)
    const second = await propose('foo', 3)
    if (first.outcome !== 'committed' || second.outcome !== 'committed') throw new Error('not committed')
    expect(second).toMatchObject({
      pullRequest: { number: 2, action: 'created' },
      tidied: {
        closed: [{ number: 1, branch: first.branch, reason: 'superseded' }],
        deleted: [first.branch],
      },
    })
    expect(await states()).toEqual(['2 open bot/drive-foo/*', '1 closed bot/drive-foo/*'])
    expect(await ours()).toEqual([second.branch])
    const { provider, directory } = fleet
    const [comment] = await provider.comments({ repository: directory.reference, number: 1 })
    expect(comment?.body).toContain(second.pullRequest?.url ?? 'no url')
    expect(await propose('foo', 3)).toMatchObject({ branch: second.branch, tidied: { closed: [] } })
  })

  it('leaves those of other keys, of people, and of other branches alone', async () => {
    const { remote, provider, directory } = fleet
    await remote.commit({ branch: 'bot/drive-foo/cafecafe', files: { 'a.txt': 'a' }, message: 'By hand' })
    await remote.commit({ branch: 'bot/other', files: { 'b.txt': 'b' }, message: 'By hand' })
    const byHand = { repository: directory.reference, base: 'main', title: 'By hand' }
    await provider.createPullRequest({ ...byHand, head: 'bot/drive-foo/cafecafe' })
    await provider.createPullRequest({ ...byHand, head: 'bot/other' })
    await propose('left', 2)
    const outcome = await propose('foo', 2)
    expect(outcome).toMatchObject({ tidied: { closed: [], kept: [{ branch: 'bot/drive-foo/cafecafe' }] } })
    expect((await states()).every((line) => line.includes('open'))).toBe(true)
  })

  it('reports what failed, opens the new one all the same, and leaves the rest to tidyPullRequests', async () => {
    const first = await propose('foo', 2)
    if (first.outcome !== 'committed') throw new Error('not committed')
    const refuse = `#!/bin/sh\n[ "$1" = refs/heads/${first.branch} ] && { echo no; exit 1; }\nexit 0\n`
    await fleet.remote.setHook('update', refuse)
    expect(await propose('foo', 3)).toMatchObject({
      outcome: 'committed',
      tidied: {
        closed: [{ number: 1 }],
        deleted: [],
        failed: [{ branch: first.branch, error: { code: 'PUSH_REJECTED' } }],
      },
    })
    await fleet.remote.setHook('update', null)
    expect(await fleet.storage.tidyPullRequests()).toMatchObject({ deleted: [first.branch], failed: [] })
  })
})

describe('a caller who gives up while order is kept', () => {
  it('still hears of what was committed', async () => {
    await begin({ branch: 'bot/{key}/{hash}' })
    await propose('foo', 2)
    const giveUp = new AbortController()
    const reason = new Error('no longer needed')
    const pullRequests: PullRequestProvider = {
      ...fleet.provider,
      async comment() {
        giveUp.abort(reason)
        throw reason
      },
    }
    const storage = await fleet.second(undefined, { pullRequests })
    const change = (speed: number): Promise<TransactionOutcome> =>
      storage.transaction(
        'drive-foo-',
        async (tx) => {
          const car = await tx.get<Car>(carKey('foo'))
          car.status = { ...car.status, speed }
          await tx.update(car)
          return { target: 'pullRequest', title: 'Drive' }
        },
        { signal: giveUp.signal },
      )
    expect(await change(3)).toMatchObject({
      outcome: 'committed',
      pullRequest: { number: 2 },
      tidied: { closed: [], failed: [{ error: reason }] },
    })
    await expect(change(1.5)).rejects.toBe(reason)
  })
})

describe('the limit', () => {
  beforeEach(() => begin({ branch: 'bot/{key}-{hash}', limit: 1 }))

  it('refuses one too many before anything is pushed; another change of the same key is none', async () => {
    await propose('foo', 2)
    const before = await fleet.remote.refs()
    await expect(propose('left', 2)).rejects.toMatchObject({
      code: 'PULL_REQUEST_LIMIT',
      details: { limit: 1, open: [1] },
    })
    expect(await fleet.remote.refs()).toEqual(before)
    await propose('foo', 3)
    expect(await states()).toEqual(['2 open bot/drive-foo-*', '1 closed bot/drive-foo-*'])
    await merge(2)
    await propose('left', 2)
    expect((await states())[0]).toBe('3 open bot/drive-left-*')
  })
})

describe('tidyPullRequests', () => {
  beforeEach(() => begin({}))

  it('deletes the branch of one that was merged, and keeps what came after', async () => {
    await propose('foo', 2)
    await propose('left', 2)
    await merge(1)
    await merge(2)
    const later = await fleet.remote.commit({
      branch: 'lg/drive-left',
      files: { 'a.txt': 'a' },
      message: 'Later',
    })
    expect(await fleet.storage.tidyPullRequests()).toEqual({
      closed: [],
      deleted: ['lg/drive-foo'],
      kept: [{ branch: 'lg/drive-left', commit: later }],
      failed: [],
    })
    expect(await ours()).toEqual(['lg/drive-left'])
  })

  it('closes one whose difference came into the base another way, and no other', async () => {
    await propose('foo', 2)
    await propose('left', 2)
    await fleet.drive(2)
    await fleet.remote.commit({ branch: 'unrelated', files: { 'a.txt': 'a' }, message: 'Elsewhere' })
    expect(await fleet.storage.tidyPullRequests()).toMatchObject({
      closed: [{ number: 1, branch: 'lg/drive-foo', reason: 'resolved' }],
      deleted: ['lg/drive-foo'],
      failed: [],
    })
    expect(await states()).toEqual(['2 open lg/drive-left', '1 closed lg/drive-foo'])
    expect(await ours()).toEqual(['lg/drive-left', 'unrelated'])
    expect(await fleet.storage.tidyPullRequests()).toEqual({ closed: [], deleted: [], kept: [], failed: [] })
  })

  it('leaves the branch of one that a person closed, who may open it again', async () => {
    await propose('foo', 2)
    const { provider, directory } = fleet
    await provider.close({ repository: directory.reference, number: 1 })
    expect(await fleet.storage.tidyPullRequests()).toMatchObject({ deleted: [] })
    expect(await ours()).toEqual(['lg/drive-foo'])
  })
})

describe('a policy', () => {
  it.each([
    'lg',
    'lg/{hash}',
    '{key}',
    'lg/{key}{key}',
    'lg/{key}/{name}',
    'lg/{key}..',
    '/{key}',
    'lg/{key}/{hash}{hash}',
  ])('refuses the template %s', async (branch) => {
    await expect(begin({ branch })).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    await begin({})
  })

  it('refuses a limit that lets nothing through, and to be without a provider', async () => {
    await begin({})
    for (const limit of [0, -1, Number.NaN]) {
      await expect(createFleet(fleetFiles, { pullRequestPolicy: { limit } })).rejects.toMatchObject({
        code: 'INVALID_OPTION',
      })
    }
    await expect(
      createFleet(fleetFiles, { pullRequestPolicy: {}, pullRequests: undefined }),
    ).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    await expect(propose('foo', 2, { key: ' ' })).rejects.toMatchObject({ code: 'INVALID_DECISION' })
    const storage = await fleet.second(undefined, { pullRequestPolicy: undefined })
    await expect(propose('foo', 2, { key: 'x', storage })).rejects.toMatchObject({ code: 'INVALID_DECISION' })
    await expect(storage.tidyPullRequests()).rejects.toMatchObject({ code: 'INVALID_OPTION' })
  })
})
