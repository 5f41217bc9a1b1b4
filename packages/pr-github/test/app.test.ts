import { generateKeyPairSync } from 'node:crypto'
import { createGitHubAppToken } from '@lg/pr-github'
import { httpErrors } from '@lg/pull-request/http'
import { isLgError } from '@lg/runtime'
import { createFakeClock } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from './world.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = (type: 'pkcs1' | 'pkcs8'): string => privateKey.export({ type, format: 'pem' }).toString()

const clock = createFakeClock({ now: Date.now() })
const app = { id: 'Iv1.0123', installation: 42, publicKey, lifetime: 3_600_000 }
let world: World
beforeEach(async () => void (world = await createWorld({ app, clock })))
afterEach(() => world.close())

const tokenWith = (more: Partial<Parameters<typeof createGitHubAppToken>[0]> = {}) =>
  createGitHubAppToken({
    appId: app.id,
    installationId: app.installation,
    privateKey: pem('pkcs1'),
    apiUrl: world.host.apiUrl,
    clock,
    ...more,
  })
const fetched = (): number => world.sent().filter((line) => line.includes('access_tokens')).length

describe('a GitHub App', () => {
  it.each(['pkcs1', 'pkcs8'] as const)('signs with a key of the form %s', async (type) => {
    const provider = world.providerWith({ token: tokenWith({ privateKey: pem(type) }) })
    expect(await provider.createPullRequest(await world.propose())).toMatchObject({ action: 'created' })
    expect(fetched()).toBe(1)
  })

  it('takes a key whose lines an environment has joined', async () => {
    const provider = world.providerWith({
      token: tokenWith({ privateKey: pem('pkcs1').replaceAll('\n', '\\n') }),
    })
    expect((await provider.list({ repository: world.repository })).pullRequests).toEqual([])
  })

  it('fetches one token for all who ask at once, and another one before it ends', async () => {
    const token = tokenWith()
    const request = { origin: world.host.url }
    expect(await Promise.all([token(request), token(request), token(request)])).toEqual(
      Array(3).fill(world.host.token),
    )
    expect(fetched()).toBe(1)
    await clock.advance(54 * 60_000)
    await token(request)
    expect(fetched()).toBe(0)
    await clock.advance(2 * 60_000)
    await token(request)
    expect(fetched()).toBe(1)
  })

  it('fetches another one when it is refused', async () => {
    const provider = world.providerWith({ token: tokenWith() })
    await provider.list({ repository: world.repository })
    world.host.setToken('another-token-0123456789')
    expect((await provider.list({ repository: world.repository })).pullRequests).toEqual([])
    expect(fetched()).toBe(2)
  })

  it('that is not installed, or signs with another key, ends in a code', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const wrong = other.export({ type: 'pkcs8', format: 'pem' }).toString()
    for (const [more, code] of [
      [{ installationId: 7 }, 'NOT_FOUND'],
      [{ privateKey: wrong }, 'UNAUTHENTICATED'],
      [{ appId: 'another' }, 'UNAUTHENTICATED'],
    ] as const) {
      const provider = world.providerWith({ token: tokenWith(more) })
      const error = await provider.list({ repository: world.repository }).catch((thrown: unknown) => thrown)
      expect(isLgError(error, code)).toBe(true)
    }
  })

  it('with a key that is none says so, without the key', async () => {
    const key = pem('pkcs8').split('\n')
    for (const privateKey of ['', 'no key', [...key.slice(0, 3), ...key.slice(-2)].join('\n')]) {
      const error = await tokenWith({ privateKey })({ origin: world.host.url }).catch(
        (thrown: unknown) => thrown,
      )
      expect(httpErrors.is(error, 'INVALID_OPTION')).toBe(true)
      expect(String(error)).not.toContain(key[1])
    }
  })

  it('gives its token to no other API', async () => {
    const error = await tokenWith()({ origin: 'https://api.github.com' }).catch((thrown: unknown) => thrown)
    expect(httpErrors.is(error, 'INVALID_OPTION')).toBe(true)
    expect(fetched()).toBe(0)
  })
})
