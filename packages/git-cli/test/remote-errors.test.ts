import { join } from 'node:path'
import { createHttpsCredentials } from '@lg/git'
import type { GitRepository } from '@lg/git'
import { createGitHttpServer } from '@lg/test-kit'
import type { BareRepository, GitHttpServer, HttpFault } from '@lg/test-kit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { commit, createCars, createFolder, failure, openCars, write } from './fixture.ts'

interface Scene {
  readonly root: string
  readonly cars: BareRepository
  readonly server: GitHttpServer
  readonly store: GitRepository
  /** A commit on top of the remote's branch, not pushed. */
  readonly target: string
}

const main = 'refs/heads/main'

async function createScene(access: 'read' | 'write' = 'write'): Promise<Scene> {
  const root = await createFolder()
  const cars = await createCars(root)
  const server = await createGitHttpServer({ root, accounts: [{ user: 'bot', token: 'token', access }] })
  onTestFinished(() => server.close())
  const credentials = createHttpsCredentials({ username: 'bot', password: 'token' })
  const store = await openCars({ root, url: server.url('cars.git'), credentials })
  await store.fetch()
  const target = await commit(store, [await store.resolve('main')], write('cars/a.yaml', 'speed: 3\n'))
  return { root, cars, server, store, target }
}

describe('a fetch', () => {
  const cases: Readonly<Record<string, { readonly fault: HttpFault; readonly code: string }>> = {
    'that meets 401': { fault: { type: 'status', status: 401 }, code: 'AUTHENTICATION_FAILED' },
    'that meets 403': { fault: { type: 'status', status: 403 }, code: 'PERMISSION_DENIED' },
    'that meets 404': { fault: { type: 'status', status: 404 }, code: 'REPOSITORY_NOT_FOUND' },
    'that meets 410': { fault: { type: 'status', status: 410 }, code: 'REPOSITORY_NOT_FOUND' },
    'that meets 429': { fault: { type: 'status', status: 429 }, code: 'REMOTE_UNAVAILABLE' },
    'that meets 500': { fault: { type: 'status', status: 500 }, code: 'REMOTE_UNAVAILABLE' },
    'that meets 503': { fault: { type: 'status', status: 503 }, code: 'REMOTE_UNAVAILABLE' },
    'that meets a page of HTML': { fault: { type: 'html' }, code: 'REPOSITORY_NOT_FOUND' },
    'that is cut off at once': { fault: { type: 'drop', after: 'connect' }, code: 'REMOTE_UNAVAILABLE' },
    'that is reset': { fault: { type: 'drop', after: 'connect', reset: true }, code: 'REMOTE_UNAVAILABLE' },
    'that is cut off in the answer': {
      fault: { type: 'drop', after: 'sent', bytes: 40 },
      code: 'REMOTE_UNAVAILABLE',
    },
    'to a server that is gone': { fault: { type: 'gone' }, code: 'REMOTE_UNAVAILABLE' },
  }
  it.each(Object.entries(cases))('%s has its code, and works afterwards', async (_, { fault, code }) => {
    const { cars, server, store } = await createScene()
    await cars.commit({ files: { 'cars/a.yaml': 'speed: 9\n' } })
    await server.setFault(fault)
    const error = await failure(store.fetch())
    expect(error, error.message).toMatchObject({ code })
    expect(error.message).toContain(server.url('cars.git'))
    await server.clearFault()
    expect((await store.fetch()).changed).toHaveLength(1)
  })

  it('names a host that does not exist', async () => {
    const root = await createFolder()
    const store = await openCars({ root, url: 'https://no-such-host.invalid/cars.git' })
    const error = await failure(store.fetch())
    expect(error).toMatchObject({ code: 'REMOTE_UNAVAILABLE', details: { sent: false } })
    expect(error.message).toContain('no-such-host.invalid')
  })

  it('without credentials where some are wanted is refused', async () => {
    const { root, server } = await createScene()
    const store = await openCars({ root, dir: join(root, 'two'), url: server.url('cars.git') })
    expect((await failure(store.fetch())).code).toBe('AUTHENTICATION_FAILED')
  })
})

describe('a push', () => {
  it('with credentials that may only read is PERMISSION_DENIED', async () => {
    const { store, target } = await createScene('read')
    expect((await failure(store.push([{ ref: main, target }]))).code).toBe('PERMISSION_DENIED')
  })

  it('that never left is known not to have arrived', async () => {
    const { server, store, target } = await createScene()
    await server.setFault({ type: 'gone' })
    const error = await failure(store.push([{ ref: main, target }]))
    expect(error).toMatchObject({ code: 'REMOTE_UNAVAILABLE', details: { sent: false } })
  })

  it('whose answer was lost is in doubt, and settled by the same push', async () => {
    const { cars, server, store, target } = await createScene()
    const before = await store.resolve('main')
    await server.setFault({ type: 'drop', after: 'push' })
    const error = await failure(store.push([{ ref: main, target, expected: before }]))
    expect(error).toMatchObject({ code: 'REMOTE_UNAVAILABLE', details: { sent: true } })
    expect((await cars.branches())['main']).toBe(target)
    await server.clearFault()
    await store.push([{ ref: main, target, expected: before }])
  })

  it('that meets its own effect, because the request was sent again, is never called lost', async () => {
    const { cars, server, store, target } = await createScene()
    const before = await store.resolve('main')
    await server.setFault({ type: 'drop', after: 'push' }, { times: 1 })
    const outcome = await store.push([{ ref: main, target, expected: before }]).then(
      () => 'arrived',
      (error: unknown) => error,
    )
    // Whether the request is sent again is up to the HTTP library below git.
    const doubt = expect.objectContaining({
      code: 'REMOTE_UNAVAILABLE',
      details: expect.objectContaining({ sent: true }),
    })
    if (outcome !== 'arrived') expect(outcome).toEqual(doubt)
    expect((await cars.branches())['main']).toBe(target)
  })

  it('that was cut off on its way leaves nothing half done', async () => {
    const { cars, server, store } = await createScene()
    const base = await store.resolve('main')
    const noise = Array.from(
      { length: 20_000 },
      (_, index) => `${(index * 2_654_435_761) % 4_294_967_296}`,
    ).join(' ')
    const target = await commit(store, [base], write('big', noise))
    await server.setFault({ type: 'drop', after: 'received', bytes: 20_000 }, { on: 'push' })
    const error = await failure(store.push([{ ref: main, target }]))
    expect(error).toMatchObject({ code: 'REMOTE_UNAVAILABLE', details: { sent: true } })
    expect((await cars.branches())['main']).toBe(base)
    await server.clearFault()
    await store.push([{ ref: main, target }])
    expect((await cars.branches())['main']).toBe(target)
    expect(await cars.fsck()).toEqual([])
  })

  it('refused by a hook brings its words, redacted', async () => {
    const { cars, store, target } = await createScene()
    await cars.setHook('pre-receive', '#!/bin/sh\necho "No: see https://bot:token@host/rules" >&2\nexit 1\n')
    const error = await failure(store.push([{ ref: main, target }]))
    expect(error).toMatchObject({ code: 'PUSH_REJECTED', details: { ref: main } })
    expect(error.message).toContain('No: see https://host/rules')
  })

  it('refused by an update hook names the ref that was refused', async () => {
    const { cars, store, target } = await createScene()
    await cars.setHook(
      'update',
      '#!/bin/sh\ntest "$1" != refs/heads/locked || { echo locked >&2; exit 1; }\n',
    )
    const updates = [
      { ref: 'refs/heads/free', target },
      { ref: 'refs/heads/locked', target },
    ]
    expect(await failure(store.push(updates))).toMatchObject({
      code: 'PUSH_REJECTED',
      details: { ref: 'refs/heads/locked' },
    })
    expect(Object.keys(await cars.branches())).toEqual(['main'])
  })

  it('lost to another one that comes between is REF_CHANGED', async () => {
    const { cars, server, store, target } = await createScene()
    const before = await store.resolve('main')
    let theirs = ''
    // The second request of a push carries the commits, after the refs were looked at.
    await server.setFault({
      type: 'intercept',
      run: async () => {
        if (theirs === '') theirs = await cars.commit({ files: { 'cars/b.yaml': 'speed: 7\n' } })
      },
    })
    const error = await failure(store.push([{ ref: main, target, expected: before }]))
    expect(error).toMatchObject({ code: 'REF_CHANGED', details: { ref: main, expected: before } })
    expect((await cars.branches())['main']).toBe(theirs)
  })

  it('of several refs lost inside the transaction of the server is REF_CHANGED, with the ref', async () => {
    const { cars, store, target } = await createScene()
    const before = await store.resolve('main')
    const theirs = await cars.commit({ branch: 'theirs', files: { 'cars/b.yaml': 'speed: 7\n' } })
    // What runs here runs after the refs were looked at, and before they are locked.
    await cars.setHook(
      'pre-receive',
      `#!/bin/sh\nunset GIT_QUARANTINE_PATH\ngit update-ref ${main} ${theirs}\n`,
    )
    const updates = [
      { ref: 'refs/heads/free', target, expected: null },
      { ref: main, target, expected: before },
    ]
    expect(await failure(store.push(updates))).toMatchObject({
      code: 'REF_CHANGED',
      details: { ref: main, expected: before },
    })
    expect(await cars.branches()).toEqual({ main: theirs, theirs })
  })
})
