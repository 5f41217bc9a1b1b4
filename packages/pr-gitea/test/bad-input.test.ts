import { inspect } from 'node:util'
import { parseRepositoryReference } from '@lg/git'
import {
  pullRequestErrors,
  type PullRequestErrorCode,
  type PullRequestProvider,
  type PullRequestSpec,
} from '@lg/pull-request'
import { httpErrors } from '@lg/pull-request/http'
import {
  createFakeClock,
  createRecordingLogger,
  createSkippingClock,
  type HostFault,
  type RecordingLogger,
} from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, forgejo, type World } from './world.ts'

let world: World
let logger: RecordingLogger
let provider: PullRequestProvider
const begin = async (options: Parameters<typeof createWorld>[0] = {}): Promise<void> => {
  world = await createWorld(options)
  logger = createRecordingLogger()
  provider = world.providerWith({ logger, clock: createSkippingClock({ longest: 30_000 }) })
}
beforeEach(() => begin())
afterEach(() => world.close())

/** The details of what a call failed with, after a look at what every failure promises. */
async function expectFailure(call: Promise<unknown>, code: PullRequestErrorCode): Promise<unknown> {
  const error = await call.then(
    (value) => expect.unreachable(`expected ${code}, got ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  )
  // The client library would throw a `Response`.
  if (!pullRequestErrors.is(error, code)) throw error
  const place = { provider: '127.0.0.1', repository: '127.0.0.1/lg/cars' }
  expect(error.details).toMatchObject({ ...place, step: expect.any(String) })
  expect(error.message).toContain('127.0.0.1/lg/cars')
  expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(world.host.token)
  expect(logger.text()).not.toContain(world.host.token)
  return error.details
}

const saying = (status: number, message: string): HostFault => ({
  type: 'status',
  status,
  body: { message, url: 'https://gitea.example/api/swagger' },
})

describe('a token', () => {
  it('that is wrong, or missing for the server, is UNAUTHENTICATED', async () => {
    const wrong = world.providerWith({ token: 'wrong-token' })
    await expectFailure(wrong.get({ repository: world.repository, number: 1 }), 'UNAUTHENTICATED')
    await expectFailure(wrong.createPullRequest(await world.propose()), 'UNAUTHENTICATED')
    world.host.addFault(saying(401, 'token is required'))
    await expectFailure(provider.list({ repository: world.repository }), 'UNAUTHENTICATED')
  })

  it('from a function is asked for again when it is refused', async () => {
    world.host.setToken('another-token-0123456789')
    let asked = 0
    const renewing = world.providerWith({ token: () => (asked++ === 0 ? 'old-token' : world.host.token) })
    expect(await renewing.createPullRequest(await world.propose())).toMatchObject({ action: 'created' })
  })

  it('without the scope is FORBIDDEN, with what the host says', async () => {
    world.cars.settings.push = false
    const details = await expectFailure(provider.createPullRequest(await world.propose()), 'FORBIDDEN')
    expect(details).toMatchObject({
      reason: 'token does not have at least one of required scope(s): [write:repository]',
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
      () => provider.createPullRequest(spec),
      () => provider.find(spec),
      () => provider.list({ repository: world.repository }),
      () => provider.get(locator),
      () => provider.merge(locator),
      () => provider.comments(locator),
    ]
    for (const call of calls) expect(await expectFailure(call(), 'NOT_FOUND')).not.toHaveProperty('number')
  })

  it('that is archived is FORBIDDEN', async () => {
    world.cars.settings.archived = true
    const details = await expectFailure(provider.createPullRequest(await world.propose()), 'FORBIDDEN')
    expect(details).toMatchObject({ reason: 'lg/cars is archived' })
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

  it('whose quota on Forgejo is used up is FORBIDDEN', async () => {
    await world.close()
    world = await createWorld({}, forgejo)
    const quota = world.providerWith({ logger })
    const body = { message: 'quota exceeded', user_id: 1, username: 'lg' }
    const fault = { type: 'status', status: 413, body } as const
    world.host.addFault(fault, { on: { method: 'POST', path: /pulls$/ } })
    const details = await expectFailure(quota.createPullRequest(await world.propose()), 'FORBIDDEN')
    expect(details).toMatchObject({ reason: 'quota exceeded' })
  })
})

describe('a spec', () => {
  it.each<[string, Partial<PullRequestSpec>, PullRequestErrorCode]>([
    ['an unknown assignee', { assignees: ['nobody'] }, 'UNKNOWN_USER'],
    ['an unknown reviewer', { reviewers: ['nobody'] }, 'UNKNOWN_USER'],
    ['an unknown milestone', { milestone: 'v99' }, 'UNKNOWN_MILESTONE'],
    ['a part of a milestone', { milestone: 'v' }, 'UNKNOWN_MILESTONE'],
    ['a title that is too long', { title: 'x'.repeat(251) }, 'VALIDATION'],
    ['a title that the host would cut', { title: '🚗'.repeat(63) }, 'VALIDATION'],
    ['base equal to head', { base: 'change' }, 'VALIDATION'],
    ['a base that is not there', { base: 'absent' }, 'BRANCH_NOT_FOUND'],
  ])('with %s is %s', async (_, fields, code) => {
    await expectFailure(provider.createPullRequest(await world.propose(fields)), code)
    expect(world.cars.state.pulls).toEqual([])
  })

  it('as long as it may be keeps its title, also as a draft', async () => {
    for (const title of ['x'.repeat(provider.capabilities.titleLimit), '🚗'.repeat(62)]) {
      const spec = await world.propose({ head: title.slice(0, 2), title, draft: true })
      const { number } = await provider.createPullRequest(spec)
      const found = await provider.get({ repository: world.repository, number })
      expect(found).toMatchObject({ title, draft: true })
    }
  })

  it.each<[string, HostFault, PullRequestErrorCode]>([
    ['a field it does not take', saying(422, '[Title]: MaxSize'), 'BAD_RESPONSE'],
    ['equal branches', saying(422, 'Invalid PullRequest: There are no changes'), 'BAD_RESPONSE'],
    ['a user it has blocked', saying(403, 'user is blocked'), 'FORBIDDEN'],
    ['a failure without a word', saying(500, ''), 'BAD_RESPONSE'],
  ])('that the server refuses for %s ends in a code', async (_, fault, code) => {
    world.host.addFault(fault, { on: { method: 'POST', path: /pulls$/ } })
    await expectFailure(provider.createPullRequest(await world.propose()), code)
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
    ['answers with nothing', { type: 'status', status: 200 }, 'BAD_RESPONSE'],
    ['answers with something else', { type: 'status', status: 200, body: { number: 'one' } }, 'BAD_RESPONSE'],
    ['fails without a word', saying(500, ''), 'BAD_RESPONSE'],
    ['is down', { type: 'status', status: 503 }, 'NETWORK'],
    [
      'is behind a proxy that has had enough',
      { type: 'status', status: 429, headers: { 'retry-after': '3600' } },
      'RATE_LIMITED',
    ],
  ])('that %s ends in a code', async (_, fault, code) => {
    const spec = await world.propose()
    world.host.addFault(fault)
    const locator = { repository: world.repository, number: 1 }
    const slow = fault.type === 'huge'
    const calls = [
      () => provider.get(locator),
      ...(slow ?
        []
      : [
          () => provider.createPullRequest(spec),
          () => provider.list({ repository: world.repository }),
          () => provider.merge(locator),
        ]),
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
    const on = { method: 'POST', path: /pulls$/ }
    world.host.addFault({ type: 'intercept', run: stall }, { on })
    const impatient = world.providerWith({ timeout: 100, clock })
    const details = await expectFailure(impatient.createPullRequest(await world.propose()), 'TIMEOUT')
    expect(details).toMatchObject({ timeout: 100, sent: true })
  })
})

describe('an option', () => {
  it.each([
    '',
    'git.example.com',
    'ftp://git.example.com',
    'http://git.example.com',
    'https://u:p@git.example.com',
  ])('apiUrl "%s" is INVALID_OPTION', (apiUrl) => {
    const create = (): unknown => world.providerWith({ apiUrl })
    expect(create).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
    try {
      create()
    } catch (error) {
      expect(httpErrors.is(error, 'INVALID_OPTION') && error.details.option).toBe('apiUrl')
    }
  })
})
