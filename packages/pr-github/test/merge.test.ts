import { isLgError } from '@lg/runtime'
import { pullRequestErrors, type MergeBlocker } from '@lg/pull-request'
import { createSkippingClock } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from './world.ts'

let world: World
beforeEach(async () => void (world = await createWorld()))
afterEach(() => world.close())

const blockers = async (call: Promise<unknown>): Promise<readonly MergeBlocker['reason'][]> => {
  const error = await call.catch((thrown: unknown) => thrown)
  if (!pullRequestErrors.is(error, 'NOT_MERGEABLE')) throw error
  return error.details.blockers.map(({ reason }) => reason)
}

describe('a merge', () => {
  it('takes the first method that the repository allows, unless one is named', async () => {
    const { cars, provider, repository } = world
    cars.settings.mergeMethods = ['rebase']
    const first = await provider.createPullRequest(await world.propose({ head: 'a' }))
    expect(await provider.merge({ repository, number: first.number })).toMatchObject({ outcome: 'merged' })
    const second = await provider.createPullRequest(await world.propose({ head: 'b' }))
    const locator = { repository, number: second.number }
    expect(await blockers(provider.merge(locator, { method: 'squash' }))).toEqual(['method'])
  })

  it('names what GitHub says is missing', async () => {
    const { cars, provider, repository, host } = world
    cars.settings.requiredChecks = ['ci']
    const { number } = await provider.createPullRequest(await world.propose())
    expect(await blockers(provider.merge({ repository, number }))).toEqual(['checks'])
    expect(await provider.mergeability({ repository, number })).toMatchObject({
      blockers: [{ reason: 'protected' }],
    })
    const body = { message: 'At least 1 approving review is required by reviewers with write access.' }
    host.addFault({ type: 'status', status: 405, body }, { times: 1, on: { method: 'PUT' } })
    expect(await blockers(provider.merge({ repository, number }))).toEqual(['approvals'])
  })

  it('waits while GitHub works out whether there are conflicts, and tries again when the base moved', async () => {
    const { cars, providerWith, repository, host } = world
    const clock = createSkippingClock({ longest: 30_000 })
    const provider = providerWith({ clock })
    const { number } = await provider.createPullRequest(await world.propose())
    const refusals = [
      'Base branch was modified. Review and try the merge again.',
      'Pull Request is not mergeable',
    ]
    for (const message of refusals) {
      host.addFault({ type: 'status', status: 405, body: { message } }, { times: 1, on: { method: 'PUT' } })
    }
    cars.settings.mergeabilityUnknown = 3
    expect(await provider.merge({ repository, number })).toMatchObject({ outcome: 'merged' })
    expect(clock.waits).toEqual([500, 1000, 500, 1000])
  })

  it('is scheduled while checks are missing, and not twice', async () => {
    const { cars, provider, repository } = world
    cars.settings.requiredChecks = ['ci']
    const { number } = await provider.createPullRequest(await world.propose())
    const request = { whenChecksPass: true, method: 'squash' } as const
    expect(await provider.merge({ repository, number }, request)).toEqual({ outcome: 'scheduled' })
    expect(await provider.merge({ repository, number }, request)).toEqual({ outcome: 'scheduled' })
    expect(cars.state.pulls[0]?.autoMerge).toBe('squash')
    cars.settings.autoMerge = false
    const other = await provider.createPullRequest(await world.propose({ head: 'b' }))
    const call = provider.merge({ repository, number: other.number }, request)
    expect(isLgError(await call.catch((thrown: unknown) => thrown), 'UNSUPPORTED')).toBe(true)
  })

  it('leaves a head branch with newer commits, and says so', async () => {
    const { cars, provider, repository, host } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const add = async (): Promise<void> =>
      void (await cars.git.commit({ branch: 'change', files: { late: 'x' } }))
    host.addFault({ type: 'intercept', run: add }, { times: 1, on: { path: /git\/ref/ } })
    const error = await provider
      .merge({ repository, number }, { deleteBranch: true })
      .catch((thrown: unknown) => thrown)
    expect(pullRequestErrors.is(error, 'INCOMPLETE') && error.details).toMatchObject({
      failed: 'deleteBranch',
      pullRequest: { number, state: 'merged' },
    })
    expect((await cars.git.branches())['change']).toBeDefined()
  })

  it('takes title and message', async () => {
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    await provider.merge({ repository, number }, { method: 'squash', title: 'Faster', message: 'Because.' })
    expect(await cars.git.git(['log', '-1', '--format=%B', 'main'])).toContain('Faster\n\nBecause.')
  })
})

describe('checks', () => {
  it('are those of both kinds, and the worst counts', async () => {
    const { cars, provider, repository } = world
    const spec = await world.propose()
    const { number } = await provider.createPullRequest(spec)
    const commit = (await cars.git.branches())[spec.head] ?? ''
    for (let index = 0; index < 120; index++) {
      cars.state.checks.push({ commit, name: `status-${index}`, kind: 'status', state: 'success' })
    }
    cars.state.checks.push({ commit, name: 'build', kind: 'run', state: 'pending', description: 'Building' })
    const pending = await provider.checks({ repository, number })
    expect(pending).toMatchObject({ head: commit, state: 'pending' })
    expect(pending.checks).toHaveLength(121)
    expect(pending.checks.at(-1)).toMatchObject({ name: 'build', description: 'Building' })
    cars.state.checks.push({ commit, name: 'lint', kind: 'run', state: 'failure' })
    expect((await provider.checks({ repository, number })).state).toBe('failure')
  })
})

describe('a diff', () => {
  it('can be applied by Git, whatever the names', async () => {
    const { cars, provider, repository } = world
    await cars.git.commit({
      files: { 'old name.yaml': 'a: 1\nb: 2\nc: 3\n', empty: '', 'gone file.yaml': 'x\n' },
    })
    const files = {
      'old name.yaml': null,
      'new "name".yaml': 'a: 1\nb: 2\nc: 3\n',
      'ünï.yaml': 'a: 1',
      'none.yaml': '',
      'gone file.yaml': null,
    }
    await cars.git.commit({ branch: 'change', files })
    await cars.git.commit({ branch: 'change', files: { binary: new Uint8Array([0, 1, 2]) } })
    const { number } = await provider.createPullRequest({
      repository,
      head: 'change',
      base: 'main',
      title: 'x',
    })
    const { files: changed, from } = await provider.diff({ repository, number })
    expect(changed.map(({ type, path, omitted }) => [type, path, omitted])).toEqual([
      ['added', 'binary', 'binary'],
      ['deleted', 'gone file.yaml', undefined],
      ['renamed', 'new "name".yaml', undefined],
      ['added', 'none.yaml', undefined],
      ['added', 'ünï.yaml', undefined],
    ])
    const patch = changed.map((file) => file.patch ?? '').join('')
    await cars.git.git(['read-tree', from])
    await cars.git.git(['apply', '--cached', '-'], { input: patch })
    const applied = (await cars.git.git(['ls-files', '-z'])).split('\0').filter(Boolean)
    expect(applied).toEqual((await cars.git.listFiles('change')).filter((path) => path !== 'binary'))
  })
})
