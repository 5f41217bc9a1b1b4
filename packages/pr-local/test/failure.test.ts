import { createHttpsCredentials, gitErrors, parseRepositoryReference } from '@lg/git'
import { createGitCli } from '@lg/git-cli'
import { createLocalProvider } from '@lg/pr-local'
import { createGitHttpServer } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { portError } from '../src/failure.ts'
import { createWorld, type World } from './world.ts'

const identity = { name: 'Ann', email: 'ann@example.com' }

describe('over HTTP', () => {
  let world: World
  beforeEach(async () => {
    world = await createWorld('http')
    await world.remote.commit({ branch: 'change', files: { x: 'x\n' } })
  })
  afterEach(() => world.close())

  const spec = () => ({ repository: world.repository, head: 'change', base: 'main', title: 'Change' })

  test('a push that arrived without an answer is found, not repeated', async () => {
    const provider = await world.openProvider()
    const lose = () => world.server?.setFault({ type: 'drop', after: 'push' }, { times: 1, on: 'push' })
    await lose()
    const { number, action } = await provider.createPullRequest(spec())
    expect([number, action]).toEqual([1, 'created'])
    await lose()
    const locator = { repository: world.repository, number }
    expect((await provider.comment(locator, { body: 'once' })).action).toBe('created')
    expect(await provider.comments(locator)).toHaveLength(1)
    await lose()
    const { outcome } = await provider.merge(locator)
    expect(outcome).toBe('merged')
    expect((await world.remote.git(['rev-list', '--count', '--merges', 'main'])).trim()).toBe('1')
  })

  test('a remote that is gone is NETWORK, and it works again afterwards', async () => {
    const provider = await world.openProvider()
    await world.server?.setFault({ type: 'gone' })
    await expect(provider.createPullRequest(spec())).rejects.toMatchObject({
      code: 'NETWORK',
      details: { sent: false },
    })
    await world.server?.clearFault()
    expect((await provider.createPullRequest(spec())).action).toBe('created')
  })

  test('a refused push is FORBIDDEN in the words of the server, and changes nothing', async () => {
    const provider = await world.openProvider()
    const { number } = await provider.createPullRequest(spec())
    const locator = { repository: world.repository, number }
    await world.server?.setFault({ type: 'refusePush', message: 'main is frozen', branch: 'main' })
    const before = await world.remote.refs()
    await expect(provider.merge(locator)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      details: { step: 'merge', reason: expect.stringContaining('main is frozen') },
    })
    expect(await world.remote.refs()).toEqual(before)
  })

  test('a merge whose branch cannot be deleted is INCOMPLETE, and once more repairs it', async () => {
    const provider = await world.openProvider()
    const { number } = await provider.createPullRequest(spec())
    const locator = { repository: world.repository, number }
    await world.remote.git(['config', 'receive.denyDeletes', 'true'])
    await expect(provider.merge(locator, { deleteBranch: true })).rejects.toMatchObject({
      code: 'INCOMPLETE',
      details: { failed: 'deleteBranch', pullRequest: { number, state: 'merged' } },
    })
    expect((await provider.get(locator)).state).toBe('merged')
    await world.remote.git(['config', 'receive.denyDeletes', 'false'])
    expect((await provider.merge(locator, { deleteBranch: true })).outcome).toBe('merged')
    expect(await world.remote.branches()).not.toHaveProperty('change')
  })

  test('an abort in the middle rejects with its reason', async () => {
    const provider = await world.openProvider()
    const controller = new AbortController()
    const reason = new Error('enough')
    await world.server?.setFault(
      { type: 'intercept', run: async () => controller.abort(reason) },
      { on: 'push' },
    )
    const call = provider.createPullRequest(spec(), { signal: controller.signal })
    await expect(call).rejects.toBe(reason)
  })

  test('tokens: wrong, and without the right to write', async () => {
    const { tree, remote } = world
    const server = await createGitHttpServer({
      root: tree.dir,
      accounts: [{ user: 'reader', token: 'token-that-reads', access: 'read' }],
    })
    const repository = parseRepositoryReference(server.url('cars.git'))
    const use = async (password: string) => {
      const credentials = createHttpsCredentials({ username: 'reader', password })
      const git = await createGitCli().open({ dir: tree.path(password), remote: repository, credentials })
      const call = createLocalProvider({ git, identity }).createPullRequest({ ...spec(), repository })
      const error: unknown = await call.catch((thrown: unknown) => thrown)
      await git.close()
      return error as Error
    }
    try {
      const wrong = await use('wrong-token')
      expect(wrong).toMatchObject({ code: 'UNAUTHENTICATED' })
      const weak = await use('token-that-reads')
      expect(weak).toMatchObject({ code: 'FORBIDDEN' })
      for (const error of [wrong, weak])
        expect(JSON.stringify([error, error.message])).not.toMatch(/token-that|wrong-token/)
      expect(Object.keys(await remote.refs())).not.toContain('refs/lg/pulls/1')
    } finally {
      await server.close()
    }
  })

  test('a repository that is not there is NOT_FOUND', async () => {
    const { tree, server } = world
    const repository = parseRepositoryReference(server?.url('absent.git') ?? '')
    const git = await createGitCli().open({ dir: tree.path('absent-store'), remote: repository })
    try {
      const call = createLocalProvider({ git, identity }).list({ repository })
      await expect(call).rejects.toMatchObject({ code: 'NOT_FOUND', details: { step: 'list' } })
    } finally {
      await git.close()
    }
  })
})

describe('codes of Git become codes of the port', () => {
  const place = { provider: 'local', repository: '/srv/cars.git', step: 'merge' } as const
  const remote = 'https://git.example.org/cars.git'
  const cases = [
    [gitErrors.create('AUTHENTICATION_FAILED', 'x', { remote }), 'UNAUTHENTICATED'],
    [gitErrors.create('INVALID_CREDENTIALS', 'x', { reason: 'x' }), 'UNAUTHENTICATED'],
    [gitErrors.create('HOST_KEY_CHANGED', 'x', { remote, knownHosts: '/k' }), 'NETWORK'],
    [gitErrors.create('REDIRECTED', 'x', { remote }), 'NETWORK'],
    [gitErrors.create('TIMEOUT', 'x', { operation: 'push', timeout: 5 }), 'TIMEOUT'],
    [gitErrors.create('REF_CHANGED', 'x', { ref: 'refs/heads/main', expected: null }), 'CONFLICT'],
    [gitErrors.create('UNSUPPORTED', 'x', { engine: 'git', feature: 'merge' }), 'UNSUPPORTED'],
    [gitErrors.create('GIT_FAILED', 'x', { operation: 'x', output: 'x' }), 'BAD_RESPONSE'],
  ] as const
  for (const [error, code] of cases) {
    test(`${error.code} is ${code}`, () => {
      expect(portError(error, place)).toMatchObject({ code, cause: error, details: { ...place } })
    })
  }
  test('what is no error of lg stays what it is', () => {
    const error = new TypeError('x')
    expect(portError(error, place)).toBe(error)
  })
})
