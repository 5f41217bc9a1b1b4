import { listDescendants } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { carKey, createFleet, type Car, type Fleet } from './fleet.ts'

let fleet: Fleet
beforeEach(async () => {
  fleet = await createFleet()
})
afterEach(() => fleet.close())

const titles = async (): Promise<string[]> =>
  (await fleet.remote.log('main')).map(({ message }) => message.trim())

/** The process that pushes. */
const pushing = (): number => {
  const found = listDescendants().find(({ args }) => args.includes('push') && args.includes('--porcelain'))
  if (found === undefined) throw new Error('nobody pushes')
  return found.pid
}

describe('a push whose answer is lost', () => {
  it('is settled when it had arrived: one commit, and a success', async () => {
    await fleet.server.setFault({ type: 'drop', after: 'push' }, { times: 1 })
    expect(await fleet.drive(2)).toMatchObject({ outcome: 'committed' })
    expect(await titles()).toEqual(['Drive foo at 2', 'Add files'])
    expect(await fleet.storage.get<Car>(carKey('foo'))).toMatchObject({ status: { speed: 2 } })
  })

  it('is settled when somebody has built on it since', async () => {
    const { server, remote } = fleet
    let cut = false
    await server.setFault({ type: 'drop', after: 'push' }, { times: 1 })
    const driving = fleet.drive(2)
    await server.requests.waitFor(({ url, done }) => url.endsWith('/git-receive-pack') && done)
    cut = true
    await remote.commit({ files: { 'README.md': 'On top.\n' }, message: 'On top' })
    expect(await driving).toMatchObject({ outcome: 'committed' })
    expect(cut).toBe(true)
    expect(await titles()).toEqual(['On top', 'Drive foo at 2', 'Add files'])
    expect(fleet.storage.commit).toBe((await remote.branches())['main'])
  })

  it('is settled when it never arrived: pushed again, once', async () => {
    await fleet.server.setFault({ type: 'drop', after: 'received', bytes: 200 }, { times: 1, on: 'push' })
    expect(await fleet.drive(2)).toMatchObject({ outcome: 'committed' })
    expect(await titles()).toEqual(['Drive foo at 2', 'Add files'])
  })

  it('is settled when git itself is killed in the middle', async () => {
    let isFirst = true
    await fleet.server.setFault(
      {
        type: 'intercept',
        run: async () => {
          if (isFirst) process.kill(pushing(), 'SIGKILL')
          isFirst = false
        },
      },
      { on: 'push', times: 2 },
    )
    expect(await fleet.drive(2)).toMatchObject({ outcome: 'committed' })
    expect(await titles()).toEqual(['Drive foo at 2', 'Add files'])
  })

  it('is settled on a branch with a pull request too', async () => {
    await fleet.server.setFault({ type: 'drop', after: 'push' }, { times: 1 })
    const outcome = await fleet.storage.transaction('drive-', async (tx) => {
      const car = await tx.get<Car>(carKey('foo'))
      await tx.update({ ...car, status: { speed: 3 } })
      return { target: 'pullRequest', title: 'Drive' }
    })
    expect(outcome).toMatchObject({ outcome: 'committed', pullRequest: { number: 1, action: 'created' } })
  })

  it('is an error that names branch and commit when the remote stays away', async () => {
    const { server, remote } = fleet
    const hold = server.requests.waitFor(({ url }) => url.endsWith('/git-receive-pack'))
    const controller = new AbortController()
    const reason = new Error('enough')
    await server.setFault(
      {
        type: 'intercept',
        run: () => new Promise((resolve) => controller.signal.addEventListener('abort', () => resolve())),
      },
      { on: 'push' },
    )
    const driving = fleet.storage.transaction(
      'drive-',
      async (tx) => {
        const car = await tx.get<Car>(carKey('foo'))
        await tx.update({ ...car, status: { speed: 3 } })
        return { target: 'base', title: 'Drive' }
      },
      { signal: controller.signal },
    )
    driving.catch(() => {})
    await Promise.race([hold, server.requests.waitFor(({ url }) => url.includes('git-receive-pack'))])
    controller.abort(reason)
    await expect(driving).rejects.toMatchObject({
      code: 'PUSH_OUTCOME_UNKNOWN',
      details: { branch: 'main', commit: expect.stringMatching(/^[0-9a-f]{40}$/) },
      cause: reason,
    })
    await server.clearFault()
    expect(await remote.fsck()).toEqual([])
  })

  it('is no such error before anything was sent', async () => {
    await fleet.server.setFault({ type: 'gone' })
    const driving = fleet.storage.transaction(
      'drive-',
      async (tx) => {
        const car = await tx.get<Car>(carKey('foo'))
        await tx.update({ ...car, status: { speed: 3 } })
        return { target: 'base', title: 'Drive' }
      },
      { freshness: 'local' },
    )
    await expect(driving).rejects.toMatchObject({ code: 'REMOTE_UNAVAILABLE', details: { sent: false } })
  })
})

describe('a remote that refuses', () => {
  it('leaves nothing behind, and the next transaction works', async () => {
    await fleet.server.setFault({ type: 'refusePush', message: 'closed on Sundays' }, { times: 1 })
    await expect(fleet.drive(2)).rejects.toMatchObject({
      code: 'PUSH_REJECTED',
      details: { reason: expect.stringContaining('closed on Sundays') },
    })
    expect(await titles()).toEqual(['Add files'])
    expect(await fleet.storage.get<Car>(carKey('foo'))).toMatchObject({ status: { speed: 1.5 } })
    expect(await fleet.drive(3)).toMatchObject({ outcome: 'committed' })
  })

  it('is asked for nothing that a reader may not do', async () => {
    fleet.server.setAccounts([{ user: 'bot', token: 't0ken', access: 'read' }])
    await expect(fleet.drive(2)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    expect(await titles()).toEqual(['Add files'])
  })
})
