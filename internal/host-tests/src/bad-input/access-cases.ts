import { parseRepositoryReference } from '@lg/git'
import { pullRequestErrors } from '@lg/pull-request'
import { expect } from 'vitest'
import { wrongToken, type BadInputScene } from './scene.ts'

/** The token, and the repository as the token sees it. */
export const accessCases = {
  async 'token/wrong'({ world, logger, fail }: BadInputScene) {
    const { repository } = world
    const wrong = world.providerWith({ token: wrongToken, logger })
    await fail(wrong.get({ repository, number: 1 }), 'UNAUTHENTICATED')
    await fail(wrong.createPullRequest(await world.propose()), 'UNAUTHENTICATED')
  },

  async 'token/that-ran-out-is-asked-for-again'({ world, logger }: BadInputScene) {
    const asked: (string | undefined)[] = []
    const renewing = world.providerWith({
      logger,
      token({ refused }) {
        asked.push(refused)
        return refused === undefined ? wrongToken : world.host.token
      },
    })
    expect(await renewing.createPullRequest(await world.propose())).toMatchObject({ action: 'created' })
    expect(asked.slice(0, 2)).toEqual([undefined, wrongToken])
  },

  async 'token/without-the-scope'({ world, words, provider, fail }: BadInputScene) {
    if (words.scopeFault === undefined) world.cars.settings.push = false
    else world.host.addFault(words.scopeFault, { on: { method: 'POST' } })
    expect(await fail(provider.createPullRequest(await world.propose()), 'FORBIDDEN')).toMatchObject({
      reason: expect.stringContaining(words.missingScope),
      step: 'create',
    })
    expect(world.cars.state.pulls).toEqual([])
  },

  async 'repository/invisible'({ world, provider, fail }: BadInputScene) {
    world.cars.settings.visible = false
    const spec = await world.propose()
    const { repository } = world
    const locator = { repository, number: 1 }
    const calls = [
      () => provider.createPullRequest(spec),
      () => provider.find(spec),
      () => provider.list({ repository }),
      () => provider.get(locator),
      () => provider.update(locator, { title: 'x' }),
      () => provider.close(locator),
      () => provider.merge(locator),
      () => provider.comments(locator),
      () => provider.diff(locator),
    ]
    for (const call of calls) expect(await fail(call(), 'NOT_FOUND')).not.toHaveProperty('number')
  },

  async 'repository/archived'({ world, words, provider, fail }: BadInputScene) {
    world.cars.settings.archived = true
    expect(await fail(provider.createPullRequest(await world.propose()), 'FORBIDDEN')).toMatchObject({
      reason: expect.stringContaining(words.archived),
    })
  },

  async 'repository/without-issues'({ world, words, provider, fail }: BadInputScene) {
    world.cars.settings.issues = false
    const decorations = { labels: ['user/bot'], assignees: ['alice'], milestone: 'v1' }
    const spec = await world.propose(decorations)
    if (words.lostWithoutIssues.length > 0) {
      await fail(provider.createPullRequest({ ...spec, strict: true }), 'UNSUPPORTED')
      expect(world.cars.state.pulls).toEqual([])
    }
    const { ignored, number } = await provider.createPullRequest(spec)
    expect(ignored.map(({ field }) => field).toSorted()).toEqual(words.lostWithoutIssues)
    const found = await provider.get({ repository: world.repository, number })
    const kept = Object.keys(decorations).filter((field) => !ignored.some((one) => one.field === field))
    expect(found).toMatchObject(
      Object.fromEntries(Object.entries(decorations).filter(([field]) => kept.includes(field))),
    )
  },

  async 'repository/branch-protected'({ world, provider, fail }: BadInputScene) {
    world.cars.settings.requiredChecks = ['ci']
    const { number } = await provider.createPullRequest(await world.propose())
    const details = await fail(provider.merge({ repository: world.repository, number }), 'NOT_MERGEABLE')
    expect(details).toMatchObject({ number, step: 'merge' })
    expect(details.blockers).not.toEqual([])
  },

  async 'repository/elsewhere'({ world, provider }: BadInputScene) {
    for (const url of [
      'https://github.com/lg/cars',
      'https://gitlab.com/lg/cars',
      'git@github.com:lg/cars.git',
      'https://dev.azure.com/lg/garage/_git/cars',
      'file:///srv/cars.git',
    ]) {
      const repository = parseRepositoryReference(url)
      const error = await provider.get({ repository, number: 1 }).catch((thrown: unknown) => thrown)
      expect(pullRequestErrors.is(error, 'NO_HOST')).toBe(true)
    }
    expect(world.host.requests.entries).toEqual([])
  },
} as const
