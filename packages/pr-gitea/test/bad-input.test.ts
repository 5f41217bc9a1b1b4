import { createBadInputScene, hostBadInputSuite, type BadInputScene, type HostWords } from '@lg/host-tests'
import type { PullRequestErrorCode, PullRequestProvider, PullRequestSpec } from '@lg/pull-request'
import { httpErrors } from '@lg/pull-request/http'
import type { HostFault } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, forgejo, type World } from './world.ts'

const words: HostWords = {
  repository: '127.0.0.1/lg/cars',
  pulls: /\/pulls$/,
  merge: { method: 'POST', path: /\/merge$/ },
  missingScope: 'token does not have at least one of required scope(s): [write:repository]',
  archived: 'lg/cars is archived',
  lostWithoutIssues: [],
  titleLimit: 250,
  unknownTeam: 'INCOMPLETE',
  manyLabels: 'taken',
  staleWaits: [],
}

hostBadInputSuite({ name: 'Gitea', create: () => createWorld(), words })

let world: World
let scene: BadInputScene
let provider: PullRequestProvider
beforeEach(async () => {
  world = await createWorld()
  scene = createBadInputScene(world, words)
  provider = scene.provider
})
afterEach(() => world.close())

const saying = (status: number, message: string): HostFault => ({
  type: 'status',
  status,
  body: { message, url: 'https://gitea.example/api/swagger' },
})

describe('a token', () => {
  it('that is missing for the server is UNAUTHENTICATED', async () => {
    world.host.addFault(saying(401, 'token is required'))
    const details = await scene.fail(provider.list({ repository: world.repository }), 'UNAUTHENTICATED')
    expect(details).toMatchObject({ step: 'list' })
  })
})

describe('a repository', () => {
  it('whose quota on Forgejo is used up is FORBIDDEN', async () => {
    await world.close()
    world = await createWorld({}, forgejo)
    scene = createBadInputScene(world, words)
    const body = { message: 'quota exceeded', user_id: 1, username: 'lg' }
    const fault = { type: 'status', status: 413, body } as const
    world.host.addFault(fault, { on: { method: 'POST', path: /pulls$/ } })
    const details = await scene.fail(scene.provider.createPullRequest(await world.propose()), 'FORBIDDEN')
    expect(details).toMatchObject({ reason: 'quota exceeded' })
  })
})

describe('a spec', () => {
  it.each<[string, Partial<PullRequestSpec>, PullRequestErrorCode]>([
    ['a part of a milestone', { milestone: 'v' }, 'UNKNOWN_MILESTONE'],
    ['a title that the host would cut', { title: '🚗'.repeat(63) }, 'VALIDATION'],
    ['a base that is not there', { base: 'absent' }, 'BRANCH_NOT_FOUND'],
  ])('with %s is %s', async (_, fields, code) => {
    await scene.fail(provider.createPullRequest(await world.propose(fields)), code)
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
    const details = await scene.fail(provider.createPullRequest(await world.propose()), code)
    expect(details).toMatchObject({ step: 'create' })
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
