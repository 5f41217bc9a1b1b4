import { inspect } from 'node:util'
import { parseRepositoryReference } from '@lg/git'
import {
  pullRequestErrors,
  type PullRequestErrorCode,
  type PullRequestProvider,
  type PullRequestSpec,
} from '@lg/pull-request'
import {
  createFakeClock,
  createRecordingLogger,
  createSkippingClock,
  type HostFault,
  type RecordingLogger,
} from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from './world.ts'

let world: World
let logger: RecordingLogger
let provider: PullRequestProvider
beforeEach(async () => {
  world = await createWorld()
  logger = createRecordingLogger()
  provider = world.providerWith({ logger, clock: createSkippingClock({ longest: 30_000 }) })
})
afterEach(() => world.close())

/** The details of what a call failed with, after a look at what every failure promises. */
async function expectFailure(call: Promise<unknown>, code: PullRequestErrorCode): Promise<unknown> {
  const error = await call.then(
    (value) => expect.unreachable(`expected ${code}, got ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  )
  if (!pullRequestErrors.is(error, code)) throw error
  const place = { provider: '127.0.0.1', repository: '127.0.0.1/lg/cars' }
  expect(error.details).toMatchObject({ ...place, step: expect.any(String) })
  expect(error.message).toContain('127.0.0.1/lg/cars')
  expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(world.host.token)
  expect(logger.text()).not.toContain(world.host.token)
  return error.details
}

describe('a token', () => {
  it('that is wrong is UNAUTHENTICATED', async () => {
    const wrong = world.providerWith({ token: 'wrong-token' })
    await expectFailure(wrong.get({ repository: world.repository, number: 1 }), 'UNAUTHENTICATED')
    await expectFailure(wrong.createPullRequest(await world.propose()), 'UNAUTHENTICATED')
  })

  it('without the scope is FORBIDDEN, with what the host says', async () => {
    world.cars.settings.push = false
    const details = await expectFailure(provider.createPullRequest(await world.propose()), 'FORBIDDEN')
    expect(details).toMatchObject({
      reason: 'Resource not accessible by personal access token',
      step: 'create',
    })
  })
})

describe('a repository', () => {
  it('that the token does not see is NOT_FOUND', async () => {
    world.cars.settings.visible = false
    const spec = await world.propose()
    const locator = { repository: world.repository, number: 1 }
    const calls = [
      provider.createPullRequest(spec),
      provider.find(spec),
      provider.get(locator),
      provider.merge(locator),
      provider.comments(locator),
    ]
    for (const call of calls) expect(await expectFailure(call, 'NOT_FOUND')).not.toHaveProperty('number')
  })

  it('that is archived is FORBIDDEN', async () => {
    world.cars.settings.archived = true
    const details = await expectFailure(provider.createPullRequest(await world.propose()), 'FORBIDDEN')
    expect(details).toMatchObject({ reason: expect.stringContaining('archived') })
  })

  it('with a protected branch is NOT_MERGEABLE', async () => {
    world.cars.settings.requiredChecks = ['ci']
    const { number } = await provider.createPullRequest(await world.propose())
    await expectFailure(provider.merge({ repository: world.repository, number }), 'NOT_MERGEABLE')
  })

  it('on another host, or on none, is NO_HOST, and nothing is sent', async () => {
    for (const url of ['https://gitlab.com/lg/cars', 'git@github.com:lg/cars.git', 'file:///srv/cars.git']) {
      const repository = parseRepositoryReference(url)
      const error = await provider.get({ repository, number: 1 }).catch((thrown: unknown) => thrown)
      expect(pullRequestErrors.is(error, 'NO_HOST')).toBe(true)
    }
    expect(world.host.requests.entries).toEqual([])
  })
})

describe('a spec', () => {
  it.each<[string, Partial<PullRequestSpec>, PullRequestErrorCode]>([
    ['an unknown assignee', { assignees: ['nobody'] }, 'UNKNOWN_USER'],
    ['an unknown milestone', { milestone: 'v99' }, 'UNKNOWN_MILESTONE'],
    ['a title that is too long', { title: 'x'.repeat(257) }, 'VALIDATION'],
    ['a description of 100 KB', { description: 'x'.repeat(100_000) }, 'VALIDATION'],
    ['300 labels', { labels: Array.from({ length: 300 }, (_, index) => `l${index}`) }, 'VALIDATION'],
    ['base equal to head', { base: 'change' }, 'VALIDATION'],
  ])('with %s is %s', async (_, fields, code) => {
    await expectFailure(provider.createPullRequest(await world.propose(fields)), code)
    expect(world.cars.state.pulls).toEqual([])
  })

  it('that is as long as it may be is taken', async () => {
    const { titleLimit, descriptionLimit } = provider.capabilities
    const spec = await world.propose({
      title: 'x'.repeat(titleLimit),
      description: '🚗'.repeat(descriptionLimit),
    })
    expect(await provider.createPullRequest(spec)).toMatchObject({ action: 'created' })
  })

  it('that the host finds too long after all is VALIDATION', async () => {
    const errors = [{ resource: 'PullRequest', code: 'custom', field: 'title', message: 'title is too long' }]
    const fault = { type: 'status', status: 422, body: { message: 'Validation Failed', errors } } as const
    world.host.addFault(fault, { on: { method: 'POST' } })
    const details = await expectFailure(provider.createPullRequest(await world.propose()), 'VALIDATION')
    expect(details).toMatchObject({ faults: [{ field: 'title', reason: 'title is too long' }] })
  })
})

describe('a host', () => {
  it('that cannot be reached is NETWORK', async () => {
    const spec = await world.propose()
    await world.host.close()
    expect(await expectFailure(provider.createPullRequest(spec), 'NETWORK')).toMatchObject({ sent: false })
  })

  it.each<[string, HostFault, PullRequestErrorCode]>([
    ['redirects to another one', { type: 'redirect', to: 'https://elsewhere.example/' }, 'BAD_RESPONSE'],
    ['answers with 100 MB', { type: 'huge', bytes: 100 * 1024 * 1024 }, 'BAD_RESPONSE'],
    ['answers with HTML', { type: 'html' }, 'BAD_RESPONSE'],
    ['answers with something else', { type: 'status', status: 200, body: { number: 'one' } }, 'BAD_RESPONSE'],
    ['fails', { type: 'status', status: 500, body: { message: 'Server Error' } }, 'BAD_RESPONSE'],
    ['is down', { type: 'status', status: 503 }, 'NETWORK'],
    ['has had enough', { type: 'status', status: 429, headers: { 'retry-after': '3600' } }, 'RATE_LIMITED'],
  ])('that %s ends in a code', async (_, fault, code) => {
    const spec = await world.propose()
    world.host.addFault(fault)
    const locator = { repository: world.repository, number: 1 }
    const slow = fault.type === 'huge'
    const calls = [
      () => provider.get(locator),
      ...(slow ?
        []
      : [() => provider.createPullRequest(spec), () => provider.list({ repository: world.repository })]),
    ]
    for (const call of calls) await expectFailure(call(), code)
  })

  it('that is slow is TIMEOUT', async () => {
    // Time passes while the host has the request, and at no other moment.
    const clock = createFakeClock()
    const stall = async (): Promise<void> => {
      await clock.advance(100)
      await new Promise(() => undefined)
    }
    world.host.addFault({ type: 'intercept', run: stall }, { on: { method: 'POST' } })
    const impatient = world.providerWith({ timeout: 100, clock })
    const details = await expectFailure(impatient.createPullRequest(await world.propose()), 'TIMEOUT')
    expect(details).toMatchObject({ timeout: 100, sent: true })
  })

  it('that limits GraphQL says so with status 200', async () => {
    const body = { data: null, errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] }
    const { number } = await provider.createPullRequest(await world.propose())
    world.host.addFault({ type: 'status', status: 200, body }, { on: { path: /graphql/ } })
    const call = provider.update({ repository: world.repository, number }, { draft: true })
    expect(await expectFailure(call, 'INCOMPLETE')).toMatchObject({ failed: 'draft' })
  })
})
