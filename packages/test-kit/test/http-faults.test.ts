import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createBareRepository, createFakeClock, createGitHttpServer, createTree } from '../src/index.ts'
import type { BareRepository, FakeClock, GitHttpServer, HttpFault, Tree } from '../src/index.ts'
import { git } from './client.ts'
import type { Outcome } from './client.ts'

let tree: Tree
let remote: BareRepository
let server: GitHttpServer
let clock: FakeClock

beforeEach(async () => {
  tree = await createTree()
  clock = createFakeClock()
  remote = await createBareRepository({ dir: tree.path('cars.git'), files: { 'foo.yaml': 'kind: Car\n' } })
  server = await createGitHttpServer({ root: tree.dir, clock })
  await git(['clone', '-q', server.url('cars.git'), tree.path('clone')])
  await tree.write('clone/foo.yaml', 'kind: Motorcycle\n')
  await git(['-C', tree.path('clone'), 'commit', '-q', '-a', '-m', 'Change'])
  server.requests.clear()
})
afterEach(async () => {
  await server.close()
  await tree.close()
})

const fetches = (): Promise<Outcome> => git(['ls-remote', server.url('cars.git')])
const push = (...args: string[]): Promise<Outcome> => git(['-C', tree.path('clone'), 'push', ...args])
const onRemote = (): Promise<string> => remote.readFile('main', 'foo.yaml')

describe('a refused push', () => {
  test('says why and changes nothing', async () => {
    await server.setFault({ type: 'refusePush', message: "Closed on 'Sundays' $(id)" })
    const { exitCode, stderr } = await push()
    expect(exitCode).toBe(1)
    expect(stderr).toContain("remote: Closed on 'Sundays' $(id)")
    expect(stderr).toContain('pre-receive hook declined')
    expect(await onRemote()).toBe('kind: Car\n')
    expect(await fetches()).toMatchObject({ exitCode: 0 })
    await server.clearFault()
    expect(await push()).toMatchObject({ exitCode: 0 })
  })

  test('can be for one branch', async () => {
    await server.setFault({ type: 'refusePush', branch: 'main' })
    expect((await push()).exitCode).toBe(1)
    expect((await push('origin', 'main:topic')).exitCode).toBe(0)
  })
})

describe('answers that are none of Git', () => {
  test.each([
    [{ type: 'status', status: 500 }, '500'],
    [{ type: 'status', status: 403, body: 'Blocked' }, '403'],
    [{ type: 'status', status: 429, headers: { 'Retry-After': '7' } }, '429'],
    [{ type: 'html' }, 'is this a git repository?'],
  ] satisfies [HttpFault, string][])('%j', async (fault, told) => {
    await server.setFault(fault)
    expect((await fetches()).stderr).toContain(told)
    expect((await push()).exitCode).not.toBe(0)
    expect(await onRemote()).toBe('kind: Car\n')
    await server.clearFault()
    expect(await fetches()).toMatchObject({ exitCode: 0 })
  })

  test('headers and bodies are as told', async () => {
    await server.setFault({ type: 'status', status: 429, body: 'Slow down', headers: { 'Retry-After': '7' } })
    const response = await fetch(server.origin)
    expect([response.status, response.headers.get('retry-after'), await response.text()]).toEqual([
      429,
      '7',
      'Slow down',
    ])
  })
})

test('a redirect leads to the same path on another server', async () => {
  const other = await createGitHttpServer({ root: tree.dir })
  await server.setFault({ type: 'redirect', to: `${other.origin}/` })
  expect(await fetches()).toMatchObject({ exitCode: 0 })
  expect(other.requests.entries[0]?.url).toBe(server.requests.entries[0]?.url)
  await other.close()
})

describe('a dropped connection', () => {
  test.each([true, false])('before any answer (reset: %s)', async (reset) => {
    await server.setFault({ type: 'drop', after: 'connect', reset })
    expect((await fetches()).stderr).toMatch(reset ? /reset/i : /empty reply/i)
    expect(server.requests.entries).toMatchObject([{ status: undefined }])
  })

  test('in the middle of the answer', async () => {
    await server.setFault({ type: 'drop', after: 'sent', bytes: 40 })
    expect((await fetches()).exitCode).not.toBe(0)
    expect(server.requests.entries).toMatchObject([{ status: 200 }])
  })

  test('in the middle of a push, which then is not applied', async () => {
    await server.setFault({ type: 'drop', after: 'received', bytes: 200 })
    expect((await push()).exitCode).not.toBe(0)
    await server.close()
    expect(await onRemote()).toBe('kind: Car\n')
    expect(await remote.fsck()).toEqual([])
    expect((await tree.list('cars.git/objects')).filter((file) => file.includes('incoming'))).toEqual([])
  })

  test('after the push was applied: the outcome is unknown', async () => {
    await server.setFault({ type: 'drop', after: 'push' }, { times: 1 })
    expect((await push()).exitCode).not.toBe(0)
    expect(await onRemote()).toBe('kind: Motorcycle\n')
    expect((await push()).stderr).toContain('Everything up-to-date')
  })
})

describe('slowness', () => {
  test('a delay waits on the clock', async () => {
    await server.setFault({ type: 'delay', milliseconds: 60_000 }, { times: 1 })
    const outcome = fetches()
    await clock.waitForSleepers(1)
    await clock.advance(59_999)
    expect(clock.pending()).toBe(1)
    await clock.advance(1)
    expect(await outcome).toMatchObject({ exitCode: 0 })
  })

  test('a throttled answer trickles and is whole', async () => {
    await server.setFault({ type: 'throttle', bytesPerSecond: 1_000 }, { times: 1 })
    const before = clock.now()
    const outcome = fetches()
    const over = new AbortController()
    void outcome.then(() => over.abort())
    while (!over.signal.aborted) {
      await clock.waitForSleepers(1, { signal: over.signal }).catch(() => {})
      await clock.advance(100)
    }
    expect(await outcome).toMatchObject({ exitCode: 0 })
    expect(clock.now() - before).toBeGreaterThan(100)
  })

  test('a client that gives up ends the wait', async () => {
    await server.setFault({ type: 'delay', milliseconds: 60_000 })
    const controller = new AbortController()
    const answer = fetch(server.origin, { signal: controller.signal })
    await clock.waitForSleepers(1)
    controller.abort(new Error('enough'))
    await expect(answer).rejects.toThrow('enough')
    await server.requests.waitFor(() => clock.pending() === 0)
    expect(clock.pending()).toBe(0)
  })
})

test('what happens at the wrong moment can be told', async () => {
  const seen: unknown[] = []
  const run = async (target: unknown): Promise<void> => {
    seen.push(target)
    await remote.commit({ files: { 'bar.yaml': 'kind: Car\n' } })
  }
  await server.setFault({ type: 'intercept', run }, { times: 1, on: 'push' })
  expect((await push()).stderr).toContain('rejected')
  expect(seen).toMatchObject([{ repository: 'cars.git', service: 'push' }])
})

test('gone: nobody listens, and later it is back on the same port', async () => {
  const idle = connect(server.port, '127.0.0.1')
  const cutOff = new Promise((resolve) => idle.on('close', resolve))
  await new Promise((resolve) => idle.on('connect', resolve))
  await server.setFault({ type: 'gone' })
  await cutOff
  expect((await fetches()).stderr).toContain('Failed to connect')
  await server.setFault({ type: 'gone' })
  await server.clearFault()
  expect(await fetches()).toMatchObject({ exitCode: 0 })
  await server.setFault({ type: 'gone' })
  await server.close()
})

describe('which requests', () => {
  test('the next n', async () => {
    await server.setFault({ type: 'status', status: 500 }, { times: 2 })
    const codes = [(await fetches()).exitCode, (await fetches()).exitCode, (await fetches()).exitCode]
    expect(codes).toEqual([128, 128, 0])
  })

  test('only pushes', async () => {
    await server.setFault({ type: 'status', status: 500 }, { on: 'push' })
    expect((await fetches()).exitCode).toBe(0)
    expect((await push()).exitCode).not.toBe(0)
  })
})
