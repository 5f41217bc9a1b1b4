import { createBadInputScene, hostBadInputSuite, type BadInputScene, type HostWords } from '@lg/host-tests'
import { createGitLabProvider } from '@lg/pr-gitlab'
import type { PullRequestProvider, PullRequestSpec } from '@lg/pull-request'
import { httpErrors } from '@lg/pull-request/http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from './world.ts'

const insufficientScope = {
  error: 'insufficient_scope',
  error_description: 'The request requires higher privileges than provided by the access token.',
  scope: 'api',
}

const words: HostWords = {
  repository: '127.0.0.1/gitlab/lg/fleet/cars',
  pulls: /\/merge_requests$/,
  merge: { method: 'PUT', path: /\/merge$/ },
  scopeFault: { type: 'status', status: 403, body: insufficientScope },
  missingScope: `insufficient_scope; ${insufficientScope.error_description}`,
  archived: '403 Forbidden',
  lostWithoutIssues: [],
  titleLimit: 248,
  unknownTeam: 'UNKNOWN_USER',
  manyLabels: 'taken',
  staleWaits: [500],
}

hostBadInputSuite({ name: 'GitLab', create: () => createWorld(), words })

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
  it('of somebody who may not write is FORBIDDEN', async () => {
    world.cars.settings.push = false
    const details = await scene.fail(provider.createPullRequest(await world.propose()), 'FORBIDDEN')
    expect(details).toMatchObject({ step: 'create' })
  })
})

describe('a repository', () => {
  it('without merge requests is UNSUPPORTED', async () => {
    world.cars.settings.pullRequests = false
    const details = await scene.fail(provider.createPullRequest(await world.propose()), 'UNSUPPORTED')
    expect(details).toMatchObject({ features: ['merge requests'] })
  })
})

describe('a spec', () => {
  it.each<[string, Partial<PullRequestSpec>]>([
    ['a label with a comma', { labels: ['a, b'] }],
    ['a description of more than 1 MiB', { description: 'x'.repeat(1_050_000) }],
    ['one of fewer characters than bytes', { description: '🚗'.repeat(300_000) }],
  ])('with %s is VALIDATION', async (_, fields) => {
    await scene.fail(provider.createPullRequest(await world.propose(fields)), 'VALIDATION')
    expect(world.cars.state.pulls).toEqual([])
  })

  it.each([
    [400, { message: { title: ['is too long (maximum is 255 characters)'] } }, 'title'],
    [422, { message: { description: ['is too long'] } }, 'description'],
    [400, { error: 'title is missing' }, 'title'],
    [422, { message: ["You can't use same project/branch for source and target"] }, 'base'],
  ])('that the host finds wrong after all is VALIDATION: %s %j', async (status, body, field) => {
    world.host.addFault({ type: 'status', status, body }, { on: { method: 'POST' } })
    const details = await scene.fail(provider.createPullRequest(await world.propose()), 'VALIDATION')
    expect(details).toMatchObject({ faults: [{ field }] })
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
