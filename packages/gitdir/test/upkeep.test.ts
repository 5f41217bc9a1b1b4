import { createHttpsCredentials } from '@lg/git'
import { createGitCli } from '@lg/git-cli'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { GitDirectoryMetric } from '../src/index.ts'
import {
  author,
  createHold,
  createRemoteFixture,
  followed,
  healthy,
  token,
  write,
  type RemoteFixture,
} from './remote.ts'

let remote: RemoteFixture
beforeEach(async () => {
  remote = await createRemoteFixture()
})
afterEach(() => remote.close())

const change = (text: string): Promise<string> =>
  remote.bare.commit({ files: { 'cars/foo.yaml': `${text}\n` } })

describe('a token', () => {
  test('that expires between two pulls is replaced by the one that the function gives then', async () => {
    let current = token
    const asked: string[] = []
    const auth = createHttpsCredentials({
      username: 'bot',
      password: ({ origin, path }) => {
        asked.push(`${origin}/${path}`)
        return current
      },
    })
    const directory = remote.open({ auth })
    await directory.start()
    const next = await change('a: 1')
    remote.server.setAccounts([{ user: 'bot', token: 'fresh-token' }])
    current = 'fresh-token'
    expect((await directory.pull()).oid).toBe(next)
    expect(new Set(asked)).toEqual(new Set([remote.server.url('fleet/cars.git')]))
  })

  test('that expires while it is used is asked for once more', async () => {
    const tokens = [token, 'stale-token', 'fresh-token']
    const auth = createHttpsCredentials({ username: 'bot', password: () => tokens.shift() ?? 'none-left' })
    const directory = remote.open({ auth })
    await directory.start()
    const next = await change('a: 1')
    remote.server.setAccounts([{ user: 'bot', token: 'fresh-token' }])
    expect((await directory.pull()).oid).toBe(next)
    expect(tokens).toEqual([])
  })

  test('that expired for good is a coded error, and what is here is served until it is renewed', async () => {
    const directory = remote.open()
    await directory.start()
    const head = directory.head
    const next = await change('a: 1')
    remote.server.setAccounts([{ user: 'bot', token: 'another' }])
    await remote.clock.advance(30_000)
    const { error } = await healthy(directory, 'degraded')
    expect(error).toMatchObject({ code: 'AUTHENTICATION_FAILED' })
    expect(directory.head).toBe(head)
    expect(await directory.repository.listTree(head?.oid ?? '')).toHaveLength(2)
    remote.server.setAccounts([{ user: 'bot', token }])
    await remote.clock.advance(1_000)
    await followed(directory, next)
  })
})

describe('metrics', () => {
  test('tell each operation with duration, bytes and outcome', async () => {
    const metrics: GitDirectoryMetric[] = []
    const files = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`many/${index}`, `${index}`]))
    await remote.bare.commit({ files })
    const directory = remote.open({ onMetric: (metric) => metrics.push(metric) })
    await directory.start()
    expect(metrics.map(({ operation, outcome }) => [operation, outcome])).toEqual([
      ['open', 'ok'],
      ['fetch', 'ok'],
      ['layOut', 'ok'],
    ])
    for (const { duration } of metrics) expect(duration).toBeGreaterThan(0)
    expect(metrics[1]?.bytes).toBeGreaterThan(0)
    metrics.length = 0
    const oid = await directory.commit({ changes: [write('a', '12345')], author, message: 'A' })
    await directory.push(oid ?? '', 'other')
    await directory.gc()
    const controller = new AbortController()
    const hold = createHold()
    await remote.server.setFault({ type: 'intercept', run: hold.wait })
    const left = directory.pull({ signal: controller.signal }).catch(() => {})
    await hold.reached
    controller.abort()
    await left
    await remote.server.setFault({ type: 'status', status: 503 })
    hold.release()
    await directory.pull().catch(() => {})
    expect(metrics).toMatchObject([
      { operation: 'commit', outcome: 'ok', bytes: 5 },
      { operation: 'push', outcome: 'ok' },
      { operation: 'gc', outcome: 'ok' },
      { operation: 'fetch', outcome: 'aborted' },
      { operation: 'fetch', outcome: 'REMOTE_UNAVAILABLE' },
    ])
  })

  test('that throw are logged and stop nothing', async () => {
    const onMetric = (): never => {
      throw new Error('no such counter')
    }
    const directory = remote.open({ onMetric })
    await directory.start()
    expect(directory.health.current.state).toBe('ready')
    expect(remote.logger.text()).toContain('no such counter')
  })
})

describe('packing', () => {
  test('is done by a background pull once a day, and keeps all that is followed or was just left', async () => {
    const metrics: string[] = []
    const directory = remote.open({
      gcInterval: 60_000,
      onMetric: ({ operation }) => metrics.push(operation),
    })
    await directory.start()
    const left = await change('a: 1')
    await remote.clock.advance(30_000)
    await followed(directory, left)
    const next = await remote.bare.forcePush({ files: { 'cars/foo.yaml': 'a: 2\n' } })
    expect(metrics).not.toContain('gc')
    await remote.clock.advance(30_000)
    await followed(directory, next)
    await expect.poll(() => metrics.filter((name) => name === 'gc').length).toBe(1)
    expect(await directory.repository.listTree(left)).toHaveLength(2)
    expect(await directory.repository.listTree(next)).toHaveLength(2)
    await directory.pull()
    expect(metrics.filter((name) => name === 'gc')).toHaveLength(1)
  })

  const cli = createGitCli()
  const incapable = { name: 'x', capabilities: { ...cli.capabilities, gc: false }, open: cli.open }
  test.each([
    { why: 'it was switched off', options: { gcInterval: false } as const },
    { why: 'the engine cannot', options: { gcInterval: 1, git: incapable } },
  ])('is not done where $why', async ({ options }) => {
    const metrics: string[] = []
    const directory = remote.open({ ...options, onMetric: ({ operation }) => metrics.push(operation) })
    await directory.start()
    const next = await change('a: 1')
    await remote.clock.advance(30_000)
    await followed(directory, next)
    expect(metrics).not.toContain('gc')
  })

  test('ends with the directory', async () => {
    const directory = remote.open()
    await directory.start()
    const packing = directory.gc().catch((error: unknown) => error)
    await directory.close()
    const outcome = await packing
    if (outcome !== undefined) expect(outcome).toMatchObject({ code: 'CLOSED' })
    await expect(directory.gc()).rejects.toMatchObject({ code: 'CLOSED' })
  })
})

describe('the option timeout', () => {
  test('also stands in place of limits that the engine has by itself', async () => {
    const git = createGitCli({ timeouts: { remote: 1, local: 1 } })
    const directory = remote.open({ git, timeout: 120_000 })
    await directory.start()
    expect(directory.health.current.state).toBe('ready')
  })
})
