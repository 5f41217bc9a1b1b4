import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Health } from '../src/index.ts'
import { createHold, createRemoteFixture, type RemoteFixture } from './remote.ts'

let remote: RemoteFixture
beforeEach(async () => {
  remote = await createRemoteFixture()
})
afterEach(() => remote.close())

/** Processes that name the folder in their arguments or work in it. */
async function processesOf(dir: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'args'])
  return stdout.split('\n').filter((line) => line.includes(dir))
}

describe('close', () => {
  test('removes a temporary folder, ends processes and timers, and completes what is observed', async () => {
    const directory = remote.open()
    await directory.start()
    const { dir } = directory
    await directory.repository.listTree(directory.head?.oid ?? '')
    const events: string[] = []
    const states: Health['state'][] = []
    directory.commits().subscribe({ complete: () => events.push('commits') })
    directory.updates().subscribe({ complete: () => events.push('updates') })
    directory.health
      .changes()
      .subscribe({ next: ({ state }) => states.push(state), complete: () => events.push('health') })
    await directory.close()
    await expect(stat(dir)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await processesOf(dir)).toEqual([])
    expect(remote.clock.pending()).toBe(0)
    expect(events.sort()).toEqual(['commits', 'health', 'updates'])
    expect(states).toEqual(['ready', 'closed'])
    expect(directory.health.current).toEqual({ state: 'closed' })
  })

  test('can be asked for again, and before any start', async () => {
    const directory = remote.open()
    await Promise.all([directory.close(), directory.close()])
    await directory[Symbol.asyncDispose]()
    expect(directory.health.current).toEqual({ state: 'closed' })
    expect(remote.server.requests.entries).toEqual([])
  })

  test('refuses everything afterwards', async () => {
    const directory = remote.open({ dir: remote.tree.path('clone') })
    await directory.start()
    const head = directory.head?.oid ?? ''
    await directory.close()
    const refused = { code: 'CLOSED', details: { dir: directory.dir } }
    await expect(directory.start()).rejects.toMatchObject(refused)
    await expect(directory.pull()).rejects.toMatchObject(refused)
    await expect(directory.push(head, 'main')).rejects.toMatchObject(refused)
    await expect(directory.suspend()).rejects.toMatchObject(refused)
    expect(() => directory.repository).toThrow(expect.objectContaining(refused))
    directory.notify()
    expect(remote.clock.pending()).toBe(0)
  })

  test('aborts a pull that runs and those that wait behind it', async () => {
    const directory = remote.open()
    await directory.start()
    const hold = createHold()
    await remote.server.setFault({ type: 'intercept', run: hold.wait })
    const first = directory.pull().catch((error: unknown) => error)
    await hold.reached
    const second = directory.pull().catch((error: unknown) => error)
    await directory.close()
    expect(await first).toMatchObject({ code: 'CLOSED' })
    expect(await second).toMatchObject({ code: 'CLOSED' })
    await expect(stat(directory.dir)).rejects.toMatchObject({ code: 'ENOENT' })
    hold.release()
  })

  test('aborts a push that runs', async () => {
    const directory = remote.open()
    await directory.start()
    const author = { name: 'Ada', email: 'ada@example.org' }
    const changes = [{ type: 'delete', path: 'cars/foo.yaml' }] as const
    const oid = await directory.commit({ changes, author, message: 'Sell the car' })
    const hold = createHold()
    await remote.server.setFault({ type: 'intercept', run: hold.wait }, { on: 'push' })
    const pushed = directory.push(oid ?? '', 'main').catch((error: unknown) => error)
    await hold.reached
    await directory.close()
    expect(await pushed).toMatchObject({ code: 'CLOSED' })
    hold.release()
  })

  test('aborts a start that runs, and leaves nothing of it', async () => {
    const directory = remote.open({ dir: remote.tree.path('clone') })
    const hold = createHold()
    await remote.server.setFault({ type: 'intercept', run: hold.wait })
    const started = directory.start().catch((error: unknown) => error)
    await hold.reached
    await directory.close()
    expect(await started).toMatchObject({ code: 'CLOSED' })
    await expect(stat(remote.tree.path('clone'))).rejects.toMatchObject({ code: 'ENOENT' })
    expect(remote.clock.pending()).toBe(0)
    expect(directory.health.current).toEqual({ state: 'closed' })
    hold.release()
  })
})
