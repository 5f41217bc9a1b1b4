import type { PullRequestProvider } from '@lg/pull-request'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld, type World } from './world.ts'

let world: World
let provider: PullRequestProvider
beforeEach(async () => {
  world = await createWorld()
  provider = await world.openProvider('Merger')
})
afterEach(() => world.close())

const bob = { name: 'Bob', email: 'bob@example.com' }

const open = async (description = '') => {
  const { repository } = world
  const spec = { repository, head: 'change', base: 'main', title: 'Make cars faster', description }
  const { number } = await provider.createPullRequest(spec)
  return { repository, number }
}

const show = async (ref: string): Promise<string> =>
  await world.remote.git(['show', '--no-patch', '--format=%an|%cn|%B', ref])

test('a merge commit tells number, branch and title', async () => {
  await world.remote.commit({ branch: 'change', files: { x: 'x\n' }, author: bob })
  const result = await provider.merge(await open())
  expect(result).toEqual({ outcome: 'merged', commit: (await world.remote.branches())['main'] })
  expect(await show('main')).toBe('Merger|Merger|Merge pull request #1 from change\n\nMake cars faster\n\n')
})

test('a squash keeps the author and says why, in one commit', async () => {
  await world.remote.commit({ branch: 'change', files: { x: '1\n' }, author: bob })
  await world.remote.commit({ branch: 'change', files: { x: '2\n', 'cars/a.yaml': null }, author: bob })
  await world.remote.commit({ files: { y: 'y\n' } })
  await provider.merge(await open('Because.\n'), { method: 'squash' })
  expect(await show('main')).toBe('Bob|Merger|Make cars faster (#1)\n\nBecause.\n\n')
  expect(await world.remote.listFiles('main')).toEqual(['x', 'y'])
  expect((await world.remote.git(['rev-list', '--count', 'main'])).trim()).toBe('3')
})

test('the message can be given', async () => {
  await world.remote.commit({ branch: 'change', files: { x: 'x\n' } })
  await provider.merge(await open(), { title: 'Ship it', message: 'Now.' })
  expect(await show('main')).toBe('Merger|Merger|Ship it\n\nNow.\n\n')
})

test('a rebase puts each commit on top, and drops what the base has already', async () => {
  const { remote } = world
  await remote.commit({ branch: 'change', files: { one: '1\n' }, message: 'One', author: bob })
  await remote.commit({ branch: 'change', files: { two: '2\n' }, message: 'Two', author: bob })
  await remote.commit({ branch: 'change', files: { one: '1\n1\n' }, message: 'One again', author: bob })
  await remote.commit({ files: { two: '2\n' }, message: 'Two elsewhere' })
  await provider.merge(await open(), { method: 'rebase' })
  const log = (await remote.git(['log', '--format=%s|%an|%cn', 'main'])).trim().split('\n')
  expect(log.slice(0, 3)).toEqual([
    'One again|Bob|Merger',
    'One|Bob|Merger',
    'Two elsewhere|Test Developer|Test Developer',
  ])
  expect(await remote.readFile('main', 'one')).toBe('1\n1\n')
  expect(await remote.fsck()).toEqual([])
})

test('a rebase of merge commits is refused with the way out', async () => {
  const { remote, repository } = world
  await remote.commit({ branch: 'side', files: { s: 's\n' } })
  await remote.commit({ branch: 'change', files: { x: 'x\n' } })
  const { number } = await provider.createPullRequest({
    repository,
    head: 'side',
    base: 'change',
    title: 'Side',
  })
  await provider.merge({ repository, number })
  await remote.commit({ files: { y: 'y\n' } })
  const locator = await open()
  await expect(provider.merge(locator, { method: 'rebase' })).rejects.toMatchObject({
    code: 'NOT_MERGEABLE',
    message: expect.stringContaining('merge or squash'),
    details: { blockers: [{ reason: 'method' }] },
  })
})

test('conflicts name the files, before and at the merge', async () => {
  const { remote } = world
  await remote.commit({ branch: 'change', files: { 'cars/a.yaml': 'speed: 2\n', ok: 'x\n' } })
  await remote.commit({ files: { 'cars/a.yaml': 'speed: 3\n' } })
  const locator = await open()
  const blockers = [{ reason: 'conflicts', paths: ['cars/a.yaml'] }]
  expect(await provider.mergeability(locator)).toMatchObject({ status: 'blocked', blockers })
  for (const method of ['merge', 'squash', 'rebase'] as const) {
    await expect(provider.merge(locator, { method })).rejects.toMatchObject({
      code: 'NOT_MERGEABLE',
      details: { blockers },
    })
  }
})

test('branches without a common history cannot be merged', async () => {
  const { remote } = world
  const tree = (await remote.git(['rev-parse', 'main^{tree}'])).trim()
  const identity = ['-c', 'user.name=x', '-c', 'user.email=x@example.com']
  const orphan = (await remote.git([...identity, 'commit-tree', tree, '-m', 'Alone'])).trim()
  await remote.git(['update-ref', 'refs/heads/change', orphan])
  expect(await provider.mergeability(await open())).toMatchObject({
    status: 'blocked',
    blockers: [{ reason: 'method' }],
  })
})

test('modes and links come through every method', async () => {
  const { remote } = world
  for (const method of ['merge', 'squash', 'rebase'] as const) {
    await remote.resetBranch('change', 'main')
    await remote.commit({
      branch: 'change',
      files: {
        [`${method}.sh`]: { content: '#!/bin/sh\n', mode: 'executable' },
        [`${method}.link`]: { content: 'cars', mode: 'symlink' },
      },
    })
    await remote.commit({ files: { [`base-${method}`]: 'x\n' } })
    const { repository } = world
    const spec = { repository, head: 'change', base: 'main', title: method }
    const { number } = await provider.createPullRequest(spec)
    await provider.merge({ repository, number }, { method })
    const entries = await remote.git(['ls-tree', 'main', `${method}.sh`, `${method}.link`])
    expect(entries).toMatch(/^120000 blob .*\n100755 blob .*\n$/)
  }
})
