import type { PullRequestProvider } from '@lg/pull-request'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld, type World } from './world.ts'

let world: World
let provider: PullRequestProvider
beforeEach(async () => {
  world = await createWorld()
  provider = await world.openProvider()
  await world.remote.commit({ branch: 'change', files: { x: 'x\n' } })
})
afterEach(() => world.close())

const open = async () => {
  const { repository } = world
  const spec = { repository, head: 'change', base: 'main', title: 'Change' }
  const { number } = await provider.createPullRequest(spec)
  return { spec, locator: { repository, number } }
}

test('merged with plain git is merged', async () => {
  const { remote, repository } = world
  const { spec, locator } = await open()
  await remote.resetBranch('main', 'change')
  expect(await provider.get(locator)).toMatchObject({ state: 'merged' })
  expect(await provider.find(spec)).toBeUndefined()
  expect((await provider.list({ repository })).pullRequests).toEqual([])
  expect((await provider.list({ repository, state: 'merged' })).pullRequests).toHaveLength(1)
  await expect(provider.createPullRequest(spec)).rejects.toMatchObject({ code: 'NO_CHANGES' })
  await expect(provider.close(locator)).rejects.toMatchObject({
    code: 'CONFLICT',
    details: { state: 'merged' },
  })
  expect(await provider.merge(locator, { deleteBranch: true })).toEqual({ outcome: 'merged' })
  expect(await remote.branches()).not.toHaveProperty('change')
  expect((await provider.get(locator)).state).toBe('merged')
})

test('a head that is set back to the base is empty, not merged', async () => {
  const { remote } = world
  const { locator } = await open()
  await remote.resetBranch('change', 'main')
  expect((await provider.get(locator)).state).toBe('open')
  expect(await provider.mergeability(locator)).toMatchObject({
    status: 'blocked',
    blockers: [{ reason: 'empty' }],
  })
  await expect(provider.merge(locator)).rejects.toMatchObject({ code: 'NOT_MERGEABLE' })
})

test('a base that is rewritten leaves it open, with its own change only', async () => {
  const { remote } = world
  await remote.commit({ files: { y: 'y\n' } })
  const { locator } = await open()
  await remote.forcePush({ files: { z: 'z\n' } })
  await remote.git(['gc', '--quiet', '--prune=now'])
  expect((await provider.get(locator)).state).toBe('open')
  expect((await provider.diff(locator)).files.map(({ path }) => path)).toEqual(['x'])
  await provider.merge(locator)
  expect(await remote.listFiles('main')).toEqual(['cars/a.yaml', 'x', 'z'])
})

test('a head that is gone blocks, and can come back', async () => {
  const { remote } = world
  const { spec, locator } = await open()
  const { headCommit = '' } = await provider.get(locator)
  await remote.deleteBranch('change')
  expect(await provider.get(locator)).toMatchObject({ state: 'open', headCommit })
  expect(await provider.mergeability(locator)).toMatchObject({ blockers: [{ reason: 'missing' }] })
  expect((await provider.diff(locator)).files).toHaveLength(1)
  await remote.resetBranch('change', headCommit)
  expect(await provider.createPullRequest(spec)).toMatchObject({ action: 'unchanged' })
  expect((await provider.merge(locator)).outcome).toBe('merged')
})

test('a branch that gave its name to a folder of branches', async () => {
  const { remote, repository } = world
  const { locator } = await open()
  await remote.deleteBranch('change')
  await remote.commit({ branch: 'change/more', files: { w: 'w\n' } })
  const { number } = await provider.createPullRequest({
    repository,
    head: 'change/more',
    base: 'main',
    title: 'More',
  })
  expect(await provider.get({ repository, number })).toMatchObject({ head: 'change/more', state: 'open' })
  expect((await provider.get(locator)).state).toBe('open')
})

test('a head with new commits after the merge keeps its branch', async () => {
  const { remote } = world
  const { locator } = await open()
  await provider.merge(locator)
  const tip = await remote.commit({ branch: 'change', files: { later: 'x\n' } })
  await expect(provider.merge(locator, { deleteBranch: true })).rejects.toMatchObject({
    code: 'INCOMPLETE',
    details: { failed: 'deleteBranch', pullRequest: { number: 1, state: 'merged' } },
  })
  expect((await remote.branches())['change']).toBe(tip)
})
