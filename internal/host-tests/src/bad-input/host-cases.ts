import type { PullRequestErrorCode } from '@lg/pull-request'
import { createFakeClock, type HostFault } from '@lg/test-kit'
import { expect } from 'vitest'
import type { BadInputScene } from './scene.ts'
import { createUntrustedServer } from './untrusted-server.ts'

/** What every call fails with while the host has this fault. */
async function everyCall(
  { world, provider, fail }: BadInputScene,
  fault: HostFault,
  code: PullRequestErrorCode,
): Promise<void> {
  const spec = await world.propose()
  const { repository } = world
  const locator = { repository, number: 1 }
  world.host.addFault(fault)
  const calls = [
    () => provider.get(locator),
    () => provider.list({ repository }),
    () => provider.createPullRequest(spec),
    () => provider.merge(locator),
  ]
  for (const call of calls) await fail(call(), code)
  world.host.clearFaults()
}

const status = (code: number, body?: unknown): HostFault => ({ type: 'status', status: code, body })

/** A host that is away, and answers that are none. */
export const hostCases = {
  async 'host/unreachable'({ world, provider, fail }: BadInputScene) {
    const spec = await world.propose()
    await world.host.close()
    expect(await fail(provider.createPullRequest(spec), 'NETWORK')).toMatchObject({ sent: false })
  },

  async 'host/certificate-that-nobody-trusts'({ world, logger, clock, fail }: BadInputScene) {
    const server = await createUntrustedServer()
    try {
      const apiUrl = world.apiUrl.replace(new URL(world.apiUrl).origin, server.origin)
      const provider = world.providerWith({ apiUrl, logger, clock })
      const spec = await world.propose()
      for (const call of [
        provider.get({ repository: world.repository, number: 1 }),
        provider.createPullRequest(spec),
      ]) {
        expect(await fail(call, 'NETWORK')).toMatchObject({ sent: false })
      }
      expect(server.requests()).toBe(0)
    } finally {
      await server.close()
    }
  },

  async 'host/redirects-to-another'(scene: BadInputScene) {
    await everyCall(scene, { type: 'redirect', to: 'https://elsewhere.example/' }, 'BAD_RESPONSE')
  },

  async 'host/answers-100-MB'({ world, provider, fail }: BadInputScene) {
    world.host.addFault({ type: 'huge', bytes: 100 * 1024 * 1024 })
    await fail(provider.get({ repository: world.repository, number: 1 }), 'BAD_RESPONSE')
  },

  async 'host/answers-HTML'(scene: BadInputScene) {
    await everyCall(scene, { type: 'html' }, 'BAD_RESPONSE')
  },

  async 'host/answers-nothing'(scene: BadInputScene) {
    await everyCall(scene, status(200), 'BAD_RESPONSE')
  },

  async 'host/answers-something-else'(scene: BadInputScene) {
    for (const body of [{ number: 'one' }, { iid: 'one' }, { value: 'one' }, [1]]) {
      await everyCall(scene, status(200, body), 'BAD_RESPONSE')
    }
  },

  async 'host/answers-half'({ world, provider, fail }: BadInputScene) {
    const { number } = await provider.createPullRequest(await world.propose())
    world.host.addFault({ type: 'half' }, { on: { method: 'GET' } })
    await fail(provider.get({ repository: world.repository, number }), 'NETWORK')
  },

  async 'host/shows-the-token'({ world, provider, fail }: BadInputScene) {
    const spec = await world.propose()
    const message = `The token ${world.host.token} is not allowed`
    world.host.addFault(status(400, { message }))
    await fail(provider.get({ repository: world.repository, number: 1 }), 'BAD_RESPONSE')
    world.host.clearFaults()
    world.host.addFault(status(403, { message }), { on: { method: 'POST' } })
    const details = await fail(provider.createPullRequest(spec), 'FORBIDDEN')
    expect(details).toMatchObject({ reason: expect.stringContaining('is not allowed') })
  },

  async 'host/fails'(scene: BadInputScene) {
    const { world, provider, fail } = scene
    for (const message of ['Server Error', '']) {
      await everyCall(scene, status(500, { message }), 'BAD_RESPONSE')
      world.host.addFault(status(500, { message }), { on: { method: 'POST' } })
      const details = await fail(provider.createPullRequest(await world.propose()), 'BAD_RESPONSE')
      expect(details).toMatchObject({ step: 'create' })
      world.host.clearFaults()
    }
  },

  async 'host/down'(scene: BadInputScene) {
    await everyCall(scene, status(503), 'NETWORK')
  },

  async 'host/slow'({ world, fail }: BadInputScene) {
    // Time passes while the host has the request, and at no other moment.
    const clock = createFakeClock()
    const stall = async (): Promise<void> => {
      await clock.advance(100)
      await new Promise(() => undefined)
    }
    world.host.addFault({ type: 'intercept', run: stall }, { on: { method: 'POST' } })
    const impatient = world.providerWith({ timeout: 100, clock })
    const details = await fail(impatient.createPullRequest(await world.propose()), 'TIMEOUT')
    expect(details).toMatchObject({ timeout: 100, sent: true, step: 'create' })
  },
} as const
