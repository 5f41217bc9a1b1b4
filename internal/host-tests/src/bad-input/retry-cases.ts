import type { HostFault } from '@lg/test-kit'
import { expect } from 'vitest'
import type { BadInputScene } from './scene.ts'

/** How often the host was asked for the same thing at most, and how often to make a pull request. */
function asked({ world, words }: BadInputScene): { readonly reads: number; readonly writes: number } {
  const entries = world.host.requests.entries
  const writes = entries.filter(({ method, path }) => method === 'POST' && words.pulls.test(path)).length
  const reads = new Map<string, number>()
  for (const { method, path, query } of entries) {
    if (method === 'GET') reads.set(`${path}?${query}`, (reads.get(`${path}?${query}`) ?? 0) + 1)
  }
  world.host.requests.clear()
  return { reads: Math.max(0, ...reads.values()), writes }
}

/** A read is tried four times, by one layer alone; a write is sent once. */
async function endsIn(
  scene: BadInputScene,
  fault: HostFault,
  code: 'NETWORK' | 'RATE_LIMITED',
): Promise<void> {
  const { world, words, provider, fail } = scene
  const spec = await world.propose()
  world.host.addFault(fault)
  await fail(provider.get({ repository: world.repository, number: 1 }), code)
  expect(asked(scene).reads).toBe(4)
  world.host.clearFaults()
  world.host.addFault(fault, { on: { method: 'POST', path: words.pulls } })
  await fail(provider.createPullRequest(spec), code)
  expect(asked(scene).writes).toBe(1)
  world.host.clearFaults()
}

/** A host that stumbles, and what is done about it. */
export const retryCases = {
  async 'fault/502-503-504'(scene: BadInputScene) {
    for (const status of [502, 503, 504]) await endsIn(scene, { type: 'status', status }, 'NETWORK')
  },

  async 'fault/503-once'({ world, provider, clock }: BadInputScene) {
    const { number } = await provider.createPullRequest(await world.propose())
    world.host.addFault({ type: 'status', status: 503 }, { times: 1 })
    expect(await provider.get({ repository: world.repository, number })).toMatchObject({ number })
    expect(clock.waits).toHaveLength(1)
  },

  async 'fault/429-without-retry-after'(scene: BadInputScene) {
    await endsIn(scene, { type: 'status', status: 429, body: 'Retry later\n' }, 'RATE_LIMITED')
  },

  async 'fault/429-with-retry-after'({ world, words, provider, clock }: BadInputScene) {
    const fault: HostFault = { type: 'status', status: 429, headers: { 'retry-after': '7' } }
    world.host.addFault(fault, { times: 1 })
    expect((await provider.list({ repository: world.repository })).pullRequests).toEqual([])
    world.host.addFault(fault, { times: 1, on: { method: 'POST', path: words.pulls } })
    expect(await provider.createPullRequest(await world.propose())).toMatchObject({ action: 'created' })
    expect(world.cars.state.pulls).toHaveLength(1)
    // A little apart, so that not all who wait wake at once.
    expect(clock.waits.map((wait) => Math.floor(wait / 1000))).toEqual([7, 7])
  },

  async 'fault/429-for-an-hour'({ world, provider, clock, fail }: BadInputScene) {
    const { repository } = world
    const spec = await world.propose()
    world.host.addFault({ type: 'status', status: 429, headers: { 'retry-after': '3600' } })
    const retryAt = clock.now() + 3_600_000
    for (const call of [
      () => provider.get({ repository, number: 1 }),
      () => provider.list({ repository }),
      () => provider.createPullRequest(spec),
      () => provider.merge({ repository, number: 1 }),
    ]) {
      expect(await fail(call(), 'RATE_LIMITED')).toMatchObject({ retryAt })
    }
    expect(clock.waits).toEqual([])
  },

  async 'fault/read-cut'(scene: BadInputScene) {
    const { world, provider, fail } = scene
    const { number } = await provider.createPullRequest(await world.propose())
    world.host.addFault({ type: 'cut', served: false }, { times: 1 })
    expect(await provider.get({ repository: world.repository, number })).toMatchObject({ number })
    asked(scene)
    world.host.addFault({ type: 'cut', served: false })
    await fail(provider.get({ repository: world.repository, number }), 'NETWORK')
    expect(asked(scene).reads).toBe(4)
  },

  async 'fault/write-cut-before'(scene: BadInputScene) {
    const { world, words, provider, fail } = scene
    const spec = await world.propose()
    const on = { method: 'POST', path: words.pulls }
    world.host.addFault({ type: 'cut', served: false }, { times: 1, on })
    expect(await fail(provider.createPullRequest(spec), 'NETWORK')).toMatchObject({
      sent: true,
      step: 'create',
    })
    expect(asked(scene).writes).toBe(1)
    expect(await provider.createPullRequest(spec)).toMatchObject({ action: 'created' })
  },

  async 'fault/write-cut-after'({ world, words, provider }: BadInputScene) {
    const { repository } = world
    const spec = await world.propose({ labels: ['user/bot'] })
    const on = { method: 'POST', path: words.pulls }
    world.host.addFault({ type: 'cut', served: true }, { times: 1, on })
    const { number } = await provider.createPullRequest(spec)
    expect((await provider.get({ repository, number })).labels).toEqual(['user/bot'])
    expect((await provider.list({ repository, state: 'all' })).pullRequests).toMatchObject([{ number }])
  },

  async 'fault/merge-cut-after'({ world, words, provider, fail }: BadInputScene) {
    const { number } = await provider.createPullRequest(await world.propose())
    const locator = { repository: world.repository, number }
    world.host.addFault({ type: 'cut', served: true }, { times: 1, on: words.merge })
    expect(await fail(provider.merge(locator), 'NETWORK')).toMatchObject({ sent: true, step: 'merge' })
    // The same call again finds that it has happened, at once or a little later.
    const result = await provider.merge(locator)
    expect(result).toEqual({ outcome: 'merged', commit: (await world.cars.git.branches())['main'] })
  },

  async 'fault/stale-after-write'({ world, words, provider, clock }: BadInputScene) {
    const spec = await world.propose()
    const { number } = await provider.createPullRequest(spec)
    world.host.addFault({ type: 'stale' }, { times: 2, on: { method: 'GET', path: words.pulls } })
    expect(await provider.createPullRequest(spec)).toMatchObject({ number, action: 'unchanged' })
    expect(world.cars.state.pulls).toHaveLength(1)
    expect(clock.waits).toEqual(words.staleWaits)
  },
} as const
