import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

test('several programs at once get different numbers, without a gap', async () => {
  const { repository, remote } = world
  const providers = await Promise.all(['a', 'b', 'c'].map((name) => world.openProvider(name)))
  const heads = ['h0', 'h1', 'h2', 'h3', 'h4', 'h5']
  for (const head of heads) await remote.commit({ branch: head, files: { [head]: 'x\n' } })
  const results = await Promise.all(
    heads.map((head, index) => {
      const provider = providers[index % providers.length]
      return provider?.createPullRequest({ repository, head, base: 'main', title: head })
    }),
  )
  expect(results.map((result) => result?.number).toSorted()).toEqual([1, 2, 3, 4, 5, 6])
  const { pullRequests } = await world.openProvider().then((provider) => provider.list({ repository }))
  expect(new Set(pullRequests.map(({ head }) => head))).toEqual(new Set(heads))
})

test('several programs with the same proposal make one', async () => {
  const { repository, remote } = world
  const providers = await Promise.all(['same', 'same', 'same'].map((name) => world.openProvider(name)))
  await remote.commit({ branch: 'change', files: { x: 'x\n' } })
  const spec = { repository, head: 'change', base: 'main', title: 'Change' }
  const results = await Promise.all(providers.map((provider) => provider.createPullRequest(spec)))
  expect(results.map(({ action }) => action).toSorted()).toEqual(['created', 'unchanged', 'unchanged'])
  expect(results.map(({ number }) => number)).toEqual([1, 1, 1])
})

test('what several programs write to one pull request all stays', async () => {
  const { repository, remote } = world
  const [first, second] = [await world.openProvider('a'), await world.openProvider('b')]
  await remote.commit({ branch: 'change', files: { x: 'x\n' } })
  const { number } = await first.createPullRequest({
    repository,
    head: 'change',
    base: 'main',
    title: 'Change',
  })
  const locator = { repository, number }
  await Promise.all([
    ...[1, 2, 3].map(() => first.comment(locator, { body: 'same words' })),
    ...[1, 2, 3].map(() => second.comment(locator, { body: 'same words' })),
    first.update(locator, { labels: { add: ['one'] } }),
    second.update(locator, { labels: { add: ['two'] } }),
  ])
  expect(await first.comments(locator)).toHaveLength(6)
  expect(new Set((await second.get(locator)).labels)).toEqual(new Set(['one', 'two']))
})

test('two programs that merge at once merge once', async () => {
  const { repository, remote } = world
  const [first, second] = [await world.openProvider('a'), await world.openProvider('b')]
  await remote.commit({ branch: 'change', files: { x: 'x\n' } })
  const { number } = await first.createPullRequest({
    repository,
    head: 'change',
    base: 'main',
    title: 'Change',
  })
  const results = await Promise.all([first, second].map((provider) => provider.merge({ repository, number })))
  expect(results[0]).toEqual(results[1])
  const subjects = (await remote.git(['log', '--first-parent', '--format=%s', 'main'])).trim().split('\n')
  expect(subjects).toEqual(['Merge pull request #1 from change', 'Add files'])
})

test('a base that moves during a merge is merged into as it is then', async () => {
  const served = await createWorld('http')
  try {
    const { repository, remote, server } = served
    await remote.commit({ branch: 'change', files: { x: 'x\n' } })
    const provider = await served.openProvider()
    const { number } = await provider.createPullRequest({
      repository,
      head: 'change',
      base: 'main',
      title: 'Change',
    })
    let moved = ''
    const run = async (): Promise<void> => void (moved = await remote.commit({ files: { y: 'y\n' } }))
    await server?.setFault({ type: 'intercept', run }, { times: 1, on: 'push' })
    await provider.merge({ repository, number })
    expect(await remote.listFiles('main')).toEqual(['cars/a.yaml', 'x', 'y'])
    expect((await remote.git(['rev-parse', 'main^1'])).trim()).toBe(moved)
  } finally {
    await served.close()
  }
})
