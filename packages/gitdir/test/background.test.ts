import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { GitDirectory, Health } from '../src/index.ts'
import { createHold, createRemoteFixture, followed, healthy, type RemoteFixture } from './remote.ts'

let remote: RemoteFixture
let directory: GitDirectory
beforeEach(async () => {
  remote = await createRemoteFixture()
  directory = remote.open()
  await directory.start()
})
afterEach(() => remote.close())

const change = (text: string): Promise<string> =>
  remote.bare.commit({ files: { 'cars/foo.yaml': `${text}\n` } })
const nextDue = (): number => Math.max(...remote.clock.remaining())

describe('background pulls', () => {
  test('follow the remote every 30 seconds', async () => {
    expect(remote.clock.remaining()).toEqual([30_000])
    for (const text of ['a: 1', 'a: 2', 'a: 3']) {
      const next = await change(text)
      await remote.clock.advance(29_999)
      expect(directory.head?.oid).not.toBe(next)
      await remote.clock.advance(1)
      await followed(directory, next)
    }
  })

  test('are due at a fixed rhythm, however long one takes', async () => {
    const hold = createHold()
    await remote.server.setFault({ type: 'intercept', run: hold.wait })
    const next = await change('a: 1')
    await remote.clock.advance(30_000)
    await hold.reached
    await remote.clock.advance(12_000)
    await remote.server.clearFault()
    hold.release()
    await followed(directory, next)
    expect(remote.clock.remaining()).toEqual([18_000])
  })

  test('do not pile up behind one that takes longer than the interval', async () => {
    const slow = remote.open({ interval: 1_000, timeout: 1_000_000 })
    await slow.start()
    const hold = createHold()
    await remote.server.setFault({ type: 'intercept', run: hold.wait })
    await remote.clock.advance(1_000)
    await hold.reached
    await remote.clock.advance(20_000)
    const before = remote.fetches()
    const next = await change('a: 1')
    await remote.server.clearFault()
    hold.release()
    await followed(slow, next)
    await slow.pull()
    expect(remote.fetches() - before).toBeLessThanOrEqual(3)
  })

  test('come soon after notify, once for many', async () => {
    const next = await change('a: 1')
    const before = remote.fetches()
    for (let poke = 0; poke < 100; poke++) directory.notify()
    await followed(directory, next)
    expect(remote.fetches() - before).toBe(1)
    expect(remote.clock.remaining()).toContain(30_000)
  })

  test('keep their rhythm when somebody pulls in between', async () => {
    await remote.clock.advance(10_000)
    await directory.pull()
    expect(remote.clock.remaining()).toEqual([20_000])
  })
})

describe('a remote that is gone', () => {
  test('is reported and tried again ever more slowly, while the last commit is served; then all is well by itself', async () => {
    const states: Health[] = []
    directory.health.changes().subscribe((health) => states.push(health))
    const head = directory.head
    const began = remote.clock.now() + 30_000
    await remote.server.setFault({ type: 'gone' })
    await remote.clock.advance(30_000)
    const waits: number[] = []
    for (let failures = 1; failures <= 10; failures++) {
      const health = await healthy(directory, 'degraded', (seen) => seen.failures === failures)
      expect(health).toMatchObject({ since: began, error: { code: 'REMOTE_UNAVAILABLE' } })
      const wait = health.nextAttempt - remote.clock.now()
      waits.push(wait)
      const full = Math.min(1_000 * 2 ** (failures - 1), 300_000)
      expect(wait).toBeGreaterThanOrEqual(full / 2)
      expect(wait).toBeLessThanOrEqual(full)
      expect(nextDue()).toBe(wait)
      if (failures < 10) await remote.clock.advance(wait)
    }
    expect(new Set(waits.map((wait, index) => wait / 2 ** index)).size).toBeGreaterThan(5)
    expect(directory.head).toBe(head)
    expect(await directory.ensureFresh('local')).toBe(head)
    const [entry] = await directory.repository.listTree(head?.oid ?? '', { under: 'cars' })
    expect(entry?.path).toBe('cars/bar.yaml')
    await expect(directory.pull()).rejects.toMatchObject({ code: 'REMOTE_UNAVAILABLE' })

    const next = await change('a: 1')
    await remote.server.clearFault()
    await remote.clock.advance(nextDue())
    await healthy(directory, 'ready')
    expect(directory.head?.oid).toBe(next)
    expect(remote.clock.remaining()).toEqual([30_000])
    expect(states.map(({ state }) => state)).toEqual([
      'ready',
      ...Array.from({ length: 11 }, () => 'degraded'),
      'ready',
    ])
  })

  test('is seen to be back by a pull, which brings the rhythm back too', async () => {
    await remote.server.setFault({ type: 'gone' })
    await expect(directory.pull()).rejects.toMatchObject({ code: 'REMOTE_UNAVAILABLE' })
    await remote.server.clearFault()
    await directory.pull()
    expect(directory.health.current.state).toBe('ready')
    expect(remote.clock.remaining()).toEqual([30_000])
  })

  test('that does not answer in time is a TIMEOUT, and the next pull begins from a clean state', async () => {
    const hold = createHold()
    await remote.server.setFault({ type: 'intercept', run: hold.wait })
    await remote.clock.advance(30_000)
    await hold.reached
    await remote.clock.advance(60_000)
    const { error, nextAttempt } = await healthy(directory, 'degraded')
    expect(error).toMatchObject({ code: 'TIMEOUT', details: { timeout: 60_000 } })
    const next = await change('a: 1')
    await remote.server.clearFault()
    hold.release()
    await remote.clock.advance(nextAttempt - remote.clock.now())
    await healthy(directory, 'ready')
    expect(directory.head?.oid).toBe(next)
  })
})

describe('a branch that vanished', () => {
  test('is reported with its name, asked for at the usual rhythm, and followed again when it is back', async () => {
    const head = directory.head
    await remote.bare.resetBranch('parked', 'main')
    await remote.bare.deleteBranch('main')
    for (const failures of [1, 2, 3]) {
      await remote.clock.advance(30_000)
      const health = await healthy(directory, 'degraded', (seen) => seen.failures === failures)
      expect(health.error).toMatchObject({
        code: 'BRANCH_NOT_FOUND',
        details: { branch: 'main', remote: directory.remote },
      })
      expect(health.nextAttempt - remote.clock.now()).toBe(30_000)
    }
    expect(directory.head).toBe(head)
    await remote.bare.resetBranch('main', 'parked')
    await remote.clock.advance(30_000)
    await healthy(directory, 'ready')
    expect(directory.head?.oid).toBe(head?.oid)
  })

  test('is asked for at the usual rhythm also when the remote was gone before', async () => {
    await remote.server.setFault({ type: 'gone' })
    await expect(directory.pull()).rejects.toMatchObject({ code: 'REMOTE_UNAVAILABLE' })
    await remote.server.clearFault()
    await remote.bare.deleteBranch('main')
    await expect(directory.pull()).rejects.toMatchObject({ code: 'REPOSITORY_EMPTY' })
    expect(directory.health.current).toMatchObject({
      state: 'degraded',
      failures: 2,
      nextAttempt: remote.clock.now() + 30_000,
    })
    expect(remote.clock.remaining()).toEqual([30_000])
  })

  test('takes the repository with it when it was the only one', async () => {
    const head = directory.head
    await remote.bare.deleteBranch('main')
    await expect(directory.pull()).rejects.toMatchObject({
      code: 'REPOSITORY_EMPTY',
      details: { branch: 'main' },
    })
    expect(directory.head).toBe(head)
    expect(directory.branch).toBe('main')
  })
})

describe('suspended', () => {
  test('background pulls wait, and one that came due follows at once', async () => {
    await directory.suspend()
    const next = await change('a: 1')
    const before = remote.fetches()
    await remote.clock.advance(100_000)
    directory.notify()
    await remote.clock.advance(0)
    expect(remote.fetches()).toBe(before)
    directory.resume()
    await followed(directory, next)
    expect(remote.fetches() - before).toBe(1)
  })

  test('calls are counted', async () => {
    await directory.suspend()
    await directory.suspend()
    const next = await change('a: 1')
    await remote.clock.advance(30_000)
    directory.resume()
    await remote.clock.advance(30_000)
    expect(directory.head?.oid).not.toBe(next)
    directory.resume()
    await followed(directory, next)
    expect(() => directory.resume()).toThrow(expect.objectContaining({ code: 'NOT_SUSPENDED' }))
  })

  test('the operation that runs is waited for', async () => {
    const hold = createHold()
    await remote.server.setFault({ type: 'intercept', run: hold.wait })
    const next = await change('a: 1')
    await remote.clock.advance(30_000)
    await hold.reached
    const suspended = directory.suspend().then(() => directory.head?.oid)
    await remote.server.clearFault()
    hold.release()
    expect(await suspended).toBe(next)
  })

  test('a wait that is aborted holds nothing off', async () => {
    const hold = createHold()
    await remote.server.setFault({ type: 'intercept', run: hold.wait })
    await remote.clock.advance(30_000)
    await hold.reached
    const controller = new AbortController()
    const suspended = directory.suspend({ signal: controller.signal }).catch((error: unknown) => error)
    controller.abort(new Error('enough'))
    expect(await suspended).toMatchObject({ message: 'enough' })
    await remote.server.clearFault()
    hold.release()
    await directory.pull()
    const next = await change('a: 1')
    await remote.clock.advance(30_000)
    await followed(directory, next)
  })

  test('a pull that is asked for still runs', async () => {
    await directory.suspend()
    const next = await change('a: 1')
    expect((await directory.pull()).oid).toBe(next)
  })
})
