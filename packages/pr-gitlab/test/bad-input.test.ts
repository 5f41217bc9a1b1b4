import { inspect } from 'node:util'
import { parseRepositoryReference } from '@lg/git'
import { createGitLabProvider } from '@lg/pr-gitlab'
import { httpErrors } from '@lg/pull-request/http'
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
  const place = { provider: '127.0.0.1', repository: '127.0.0.1/gitlab/lg/fleet/cars' }
  expect(error.details).toMatchObject({ ...place, step: expect.any(String) })
  expect(error.message).toContain(place.repository)
  const everything = inspect(error, { depth: 20, showHidden: true })
  expect(everything).not.toContain(world.host.token)
  expect(everything).not.toMatch(/Gitbeaker\w*Error/)
  expect(logger.text()).not.toContain(world.host.token)
  return error.details
}

describe('a token', () => {
  it('that is wrong is UNAUTHENTICATED', async () => {
    const wrong = world.providerWith({ token: 'wrong-token' })
    await expectFailure(wrong.get({ repository: world.repository, number: 1 }), 'UNAUTHENTICATED')
    await expectFailure(wrong.createPullRequest(await world.propose()), 'UNAUTHENTICATED')
  })

  it('that has run out is asked for again', async () => {
    const { token } = world.host
    const asked: (string | undefined)[] = []
    const renewing = world.providerWith({
      token: ({ refused }) => {
        asked.push(refused)
        return refused === undefined ? 'old-token' : token
      },
    })
    expect((await renewing.list({ repository: world.repository })).pullRequests).toEqual([])
    expect(asked).toEqual([undefined, 'old-token'])
  })

  it('without the scope is FORBIDDEN, with what the host says', async () => {
    const description = 'The request requires higher privileges than provided by the access token.'
    const body = { error: 'insufficient_scope', error_description: description, scope: 'api' }
    world.host.addFault({ type: 'status', status: 403, body }, { on: { method: 'POST' } })
    const details = await expectFailure(provider.createPullRequest(await world.propose()), 'FORBIDDEN')
    expect(details).toMatchObject({ reason: `insufficient_scope; ${description}`, step: 'create' })
  })

  it('of somebody who may not write is FORBIDDEN', async () => {
    world.cars.settings.push = false
    await expectFailure(provider.createPullRequest(await world.propose()), 'FORBIDDEN')
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
    await expectFailure(provider.createPullRequest(await world.propose()), 'FORBIDDEN')
  })

  it('without merge requests is UNSUPPORTED', async () => {
    world.cars.settings.pullRequests = false
    const details = await expectFailure(provider.createPullRequest(await world.propose()), 'UNSUPPORTED')
    expect(details).toMatchObject({ features: ['merge requests'] })
  })

  it('with a protected branch is NOT_MERGEABLE', async () => {
    world.cars.settings.requiredChecks = ['ci']
    const { number } = await provider.createPullRequest(await world.propose())
    await expectFailure(provider.merge({ repository: world.repository, number }), 'NOT_MERGEABLE')
  })

  it('on another host, or on none, is NO_HOST, and nothing is sent', async () => {
    for (const url of ['https://github.com/lg/cars', 'git@gitlab.com:lg/cars.git', 'file:///srv/cars.git']) {
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
    ['a label with a comma', { labels: ['a, b'] }, 'VALIDATION'],
    ['a title that is too long', { title: 'x'.repeat(249) }, 'VALIDATION'],
    ['a description of more than 1 MiB', { description: 'x'.repeat(1_050_000) }, 'VALIDATION'],
    ['one of fewer characters than bytes', { description: '🚗'.repeat(300_000) }, 'VALIDATION'],
    ['base equal to head', { base: 'change' }, 'VALIDATION'],
  ])('with %s is %s', async (_, fields, code) => {
    await expectFailure(provider.createPullRequest(await world.propose(fields)), code)
    expect(world.cars.state.pulls).toEqual([])
  })

  it('that is as long as it may be is taken, also as a draft', async () => {
    const { titleLimit, descriptionLimit } = provider.capabilities
    const spec = await world.propose({
      title: 'x'.repeat(titleLimit),
      description: 'x'.repeat(descriptionLimit),
      draft: true,
    })
    expect(await provider.createPullRequest(spec)).toMatchObject({ action: 'created' })
  })

  it('with a description of 100 KB is taken whole', async () => {
    const description = 'ü'.repeat(50_000)
    const { number } = await provider.createPullRequest(await world.propose({ description }))
    expect((await provider.get({ repository: world.repository, number })).description).toBe(description)
  })

  it.each([
    [400, { message: { title: ['is too long (maximum is 255 characters)'] } }, 'title'],
    [422, { message: { description: ['is too long'] } }, 'description'],
    [400, { error: 'title is missing' }, 'title'],
    [422, { message: ["You can't use same project/branch for source and target"] }, 'base'],
  ])('that the host finds wrong after all is VALIDATION: %s %j', async (status, body, field) => {
    world.host.addFault({ type: 'status', status, body }, { on: { method: 'POST' } })
    const details = await expectFailure(provider.createPullRequest(await world.propose()), 'VALIDATION')
    expect(details).toMatchObject({ faults: [{ field }] })
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
    ['answers with something else', { type: 'status', status: 200, body: { iid: 'one' } }, 'BAD_RESPONSE'],
    ['answers with a list of something else', { type: 'status', status: 200, body: [1] }, 'BAD_RESPONSE'],
    [
      'fails',
      { type: 'status', status: 500, body: { message: '500 Internal Server Error' } },
      'BAD_RESPONSE',
    ],
    ['is down', { type: 'status', status: 503 }, 'NETWORK'],
    ['has had enough', { type: 'status', status: 429, headers: { 'retry-after': '3600' } }, 'RATE_LIMITED'],
    ['says so in plain text', { type: 'status', status: 429, body: 'Retry later\n' }, 'RATE_LIMITED'],
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

  it('that has had enough of writes is not asked again', async () => {
    const spec = await world.propose()
    world.host.addFault({ type: 'status', status: 429, body: 'Retry later\n' }, { on: { method: 'POST' } })
    await expectFailure(provider.createPullRequest(spec), 'RATE_LIMITED')
    expect(world.host.requests.entries.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  it('that stumbles is asked again by one layer alone, and only where that does no harm', async () => {
    const spec = await world.propose()
    world.host.addFault({ type: 'status', status: 502 })
    await expectFailure(provider.get({ repository: world.repository, number: 1 }), 'NETWORK')
    expect(world.sent()).toEqual(Array(4).fill('GET /merge_requests/1'))
    world.host.clearFaults()
    world.host.addFault({ type: 'status', status: 502 }, { on: { method: 'POST' } })
    await expectFailure(provider.createPullRequest(spec), 'NETWORK')
    expect(world.sent().filter((line) => line.startsWith('POST'))).toHaveLength(1)
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

  it('that shows the token in what it says does not make it known', async () => {
    const body = { message: `The token ${world.host.token} is not allowed` }
    world.host.addFault({ type: 'status', status: 400, body })
    await expectFailure(provider.get({ repository: world.repository, number: 1 }), 'BAD_RESPONSE')
  })
})

describe('an option', () => {
  it.each([
    ['https://gitlab.example.org', 'apiUrl'],
    ['https://gitlab.example.org/api/v3', 'apiUrl'],
    ['gitlab.example.org/api/v4', 'apiUrl'],
    ['http://gitlab.example.org/api/v4', 'apiUrl'],
    ['https://gitlab.example.org/api/v4?private_token=x', 'apiUrl'],
  ])('apiUrl of %s is INVALID_OPTION', (apiUrl, option) => {
    const create = (): unknown => createGitLabProvider({ token: 'x', apiUrl })
    expect(create).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', details: expect.objectContaining({ option }) }),
    )
  })

  it('apiUrl may end with a slash', async () => {
    const { host, repository } = world
    const slashed = world.providerWith({ apiUrl: `${host.apiUrl}/` })
    expect((await slashed.list({ repository })).pullRequests).toEqual([])
    expect(host.requests.entries.at(-1)?.path).toBe('/projects/lg%2Ffleet%2Fcars/merge_requests')
  })

  it('token is wrong when it is empty', () => {
    const error = (() => {
      try {
        return createGitLabProvider({ token: '' })
      } catch (thrown) {
        return thrown
      }
    })()
    expect(httpErrors.is(error, 'INVALID_OPTION')).toBe(true)
  })
})
