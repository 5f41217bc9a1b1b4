import { createBadInputScene, hostBadInputSuite, type BadInputScene, type HostWords } from '@lg/host-tests'
import type { PullRequestProvider } from '@lg/pull-request'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from './world.ts'

const words: HostWords = {
  repository: '127.0.0.1/lg/cars',
  pulls: /\/pulls$/,
  merge: { method: 'PUT', path: /\/merge$/ },
  missingScope: 'Resource not accessible by personal access token',
  archived: 'archived',
  lostWithoutIssues: ['assignees', 'labels', 'milestone'],
  titleLimit: 256,
  unknownTeam: 'INCOMPLETE',
  manyLabels: 'VALIDATION',
  staleWaits: [500],
}

hostBadInputSuite({ name: 'GitHub', create: () => createWorld(), words })

let world: World
let scene: BadInputScene
let provider: PullRequestProvider
beforeEach(async () => {
  world = await createWorld()
  scene = createBadInputScene(world, words)
  provider = scene.provider
})
afterEach(() => world.close())

describe('a spec', () => {
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
    const details = await scene.fail(provider.createPullRequest(await world.propose()), 'VALIDATION')
    expect(details).toMatchObject({ faults: [{ field: 'title', reason: 'title is too long' }] })
  })
})

describe('a host', () => {
  it('that limits GraphQL says so with status 200', async () => {
    const body = { data: null, errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] }
    const { number } = await provider.createPullRequest(await world.propose())
    world.host.addFault({ type: 'status', status: 200, body }, { on: { path: /graphql/ } })
    const call = provider.update({ repository: world.repository, number }, { draft: true })
    expect(await scene.fail(call, 'INCOMPLETE')).toMatchObject({ failed: 'draft' })
  })
})
