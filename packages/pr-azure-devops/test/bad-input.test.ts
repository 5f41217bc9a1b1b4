import { createBadInputScene, hostBadInputSuite, type BadInputScene, type HostWords } from '@lg/host-tests'
import type { PullRequestErrorCode, PullRequestProvider, PullRequestSpec } from '@lg/pull-request'
import { createFakeClock, createSkippingClock, type HostFault } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from './world.ts'

const words: HostWords = {
  repository: '127.0.0.1/tfs/DefaultCollection/My Garage/cars',
  pulls: /\/pullrequests$/,
  merge: { method: 'PATCH', path: /\/pullrequests\/\d+$/i },
  missingScope: "TF401027: You need the Git 'PullRequestContribute' permission",
  archived: 'is disabled',
  lostWithoutIssues: ['assignees', 'milestone'],
  titleLimit: 400,
  unknownTeam: 'UNKNOWN_USER',
  manyLabels: 'taken',
  staleWaits: [500],
}

hostBadInputSuite({ name: 'Azure DevOps', create: () => createWorld(), words })

let world: World
let scene: BadInputScene
let provider: PullRequestProvider
beforeEach(async () => {
  world = await createWorld()
  scene = createBadInputScene(world, words)
  provider = scene.provider
})
afterEach(() => world.close())

describe('a token', () => {
  const signIn = 'https://spsprodneu1.vssps.visualstudio.com/_signin?realm=dev.azure.com&reply_to=x'
  it.each<[string, HostFault]>([
    ['a sign-in page', { type: 'html', status: 203 }],
    ['a redirect to it', { type: 'redirect', to: signIn }],
    ['a redirect to it on a server', { type: 'redirect', to: '/tfs/_signin?x=1' }],
    ['a redirect to Entra', { type: 'redirect', to: 'https://login.microsoftonline.com/common/oauth2' }],
    ['a page with the token in it', { type: 'status', status: 401, body: '<html>fake-token-0123456789' }],
  ])('that is answered with %s is UNAUTHENTICATED, and another one is asked for', async (_, fault) => {
    const asked: (string | undefined)[] = []
    const { token } = world.host
    const renewing = world.providerWith({
      token: ({ refused }) => {
        asked.push(refused)
        return refused === undefined ? token : 'another-token'
      },
    })
    world.host.addFault(fault)
    await scene.fail(renewing.list({ repository: world.repository }), 'UNAUTHENTICATED')
    expect(asked).toEqual([undefined, token])
    world.host.clearFaults()
    world.host.addFault(fault, { times: 1 })
    world.host.setToken('another-token')
    expect((await renewing.list({ repository: world.repository })).pullRequests).toEqual([])
    world.host.setToken(token)
  })
})

it('a token that may not look up people is FORBIDDEN, and the scope is named', async () => {
  const body = { message: 'TF400813: The user is not authorized to access this resource.' }
  world.host.addFault({ type: 'status', status: 401, body }, { on: { path: /identities$/ } })
  const spec = await world.propose({ reviewers: ['alice@example.com'] })
  expect(await scene.fail(provider.createPullRequest(spec), 'FORBIDDEN')).toMatchObject({
    step: 'resolve',
    reason: body.message,
  })
  await expect(provider.createPullRequest(spec)).rejects.toThrow(/scope Identity \(read\)/)
  expect(world.cars.state.pulls).toEqual([])
})

describe('a repository', () => {
  it('that is in maintenance is FORBIDDEN', async () => {
    const body = { message: 'The repository is in maintenance.', typeKey: 'GitRepoInMaintenanceException' }
    world.host.addFault({ type: 'status', status: 500, body }, { on: { method: 'POST' } })
    const details = await scene.fail(provider.createPullRequest(await world.propose()), 'FORBIDDEN')
    expect(details).toMatchObject({ reason: expect.stringContaining('maintenance') })
  })
})

describe('a spec', () => {
  it.each<[string, Partial<PullRequestSpec>, PullRequestErrorCode]>([
    ['a label that is too long', { labels: ['x'.repeat(401)] }, 'VALIDATION'],
    ['a label with a comma', { labels: ['a, b'] }, 'VALIDATION'],
    ['a label with an emoji', { labels: ['fast 🚗'] }, 'VALIDATION'],
    ['assignees, and strict', { assignees: ['alice@example.com'], strict: true }, 'UNSUPPORTED'],
    ['a milestone, and strict', { milestone: 'v1', strict: true }, 'UNSUPPORTED'],
  ])('with %s is %s', async (_, fields, code) => {
    await scene.fail(provider.createPullRequest(await world.propose(fields)), code)
    expect(world.cars.state.pulls).toEqual([])
    expect(world.cars.state.labels).toEqual([])
  })

  it('with 300 labels gets them in one request', async () => {
    const labels = Array.from({ length: 300 }, (_, index) => `label-${index}`)
    const spec = await world.propose({ labels })
    const { number } = await provider.createPullRequest(spec)
    expect((await provider.get({ repository: world.repository, number })).labels).toEqual(labels)
    expect(world.sent().filter((line) => line.startsWith('POST'))).toEqual(['POST /pullrequests'])
  })

  it('that is as long as it may be is taken, marker and all', async () => {
    const { titleLimit, descriptionLimit } = provider.capabilities
    const spec = await world.propose({
      title: 'x'.repeat(titleLimit),
      description: 'y'.repeat(descriptionLimit),
    })
    const { number } = await provider.createPullRequest(spec)
    expect(world.cars.state.pulls[0]?.body).toHaveLength(4000)
    const found = await provider.get({ repository: world.repository, number })
    expect(found).toMatchObject({ title: spec.title, description: spec.description })
    expect(await provider.createPullRequest(spec)).toMatchObject({ action: 'unchanged' })
  })

  it('is measured as the host measures it: an emoji counts twice', async () => {
    const { titleLimit, descriptionLimit } = provider.capabilities
    for (const fields of [
      { title: '🚗'.repeat(titleLimit / 2 + 1) },
      { description: '🚗'.repeat(Math.ceil(descriptionLimit / 2) + 1) },
    ]) {
      const details = await scene.fail(provider.createPullRequest(await world.propose(fields)), 'VALIDATION')
      expect(details).toMatchObject({ faults: [{ field: Object.keys(fields)[0] }] })
    }
    const spec = await world.propose({
      title: '🚗'.repeat(titleLimit / 2),
      description: '🚗'.repeat(Math.floor(descriptionLimit / 2)),
    })
    expect(await provider.createPullRequest(spec)).toMatchObject({ action: 'created' })
  })

  it.each([
    ['InvalidArgumentValueException', 'A description for a pull request must not be longer', 'description'],
    ['InvalidArgumentValueException', 'A title for a pull request must not be longer', 'title'],
    ['GitPullRequestLabelNameInvalid', 'The label name x is invalid.', 'labels'],
    ['GitPullRequestReviewerPermission', 'The reviewer does not have permission', 'reviewers'],
  ])('that the host does not take after all is VALIDATION: %s, %s', async (typeKey, message, field) => {
    world.host.addFault(
      { type: 'status', status: 400, body: { message, typeKey } },
      { on: { method: 'POST' } },
    )
    const details = await scene.fail(provider.createPullRequest(await world.propose()), 'VALIDATION')
    expect(details).toMatchObject({ faults: [{ field, reason: message }] })
  })
})

describe('a host', () => {
  const blocked = { message: 'TF400733: The request has been canceled: Request was blocked' }
  it.each<[string, HostFault, PullRequestErrorCode]>([
    [
      'is too old for the API',
      {
        type: 'status',
        status: 400,
        body: { message: 'VS403: version 7.1 is out of range for this server' },
      },
      'BAD_RESPONSE',
    ],
    [
      'has had enough',
      { type: 'status', status: 429, body: blocked, headers: { 'retry-after': '3600' } },
      'RATE_LIMITED',
    ],
    [
      'has had enough, and says when',
      {
        type: 'status',
        status: 429,
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1704074400' },
      },
      'RATE_LIMITED',
    ],
  ])('that %s ends in a code', async (_, fault, code) => {
    const spec = await world.propose()
    world.host.addFault(fault)
    const locator = { repository: world.repository, number: 1 }
    const calls = [
      () => provider.get(locator),
      () => provider.createPullRequest(spec),
      () => provider.list({ repository: world.repository }),
    ]
    for (const call of calls) expect(await scene.fail(call(), code)).toHaveProperty('step')
  })

  it('on which a call is still a preview is asked for that', async () => {
    const body = {
      message: 'The -preview flag must be supplied',
      typeKey: 'VssInvalidPreviewVersionException',
    }
    world.host.addFault({ type: 'status', status: 400, body }, { times: 1 })
    expect((await provider.list({ repository: world.repository })).pullRequests).toEqual([])
    const versions = world.host.requests.entries.map(({ query }) => query.get('api-version'))
    expect(versions.slice(0, 2)).toEqual(['7.1', '7.1-preview'])
  })

  it('that slows down on purpose is given the time that it asks for', async () => {
    const clock = createSkippingClock({ longest: 30_000 })
    const patient = world.providerWith({ clock })
    const headers = { 'retry-after': '7', 'x-ratelimit-delay': '3.5', 'x-ratelimit-remaining': '0' }
    world.host.addFault({ type: 'status', status: 200, body: { value: [] }, headers }, { times: 1 })
    await patient.list({ repository: world.repository })
    await patient.list({ repository: world.repository })
    expect(clock.waits).toEqual([7000])
  })

  it('that is slow is TIMEOUT after half a minute', async () => {
    const clock = createFakeClock({ now: Date.now() })
    const never = new Promise<void>(() => undefined)
    const run = async (): Promise<void> => {
      await clock.advance(30_000)
      await never
    }
    world.host.addFault({ type: 'intercept', run }, { on: { method: 'POST' } })
    const impatient = world.providerWith({ clock })
    const details = await scene.fail(impatient.createPullRequest(await world.propose()), 'TIMEOUT')
    expect(details).toMatchObject({ timeout: 30_000, sent: true })
  })
})
