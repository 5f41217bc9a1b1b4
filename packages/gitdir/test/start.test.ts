import { mkdir, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { createSshCredentials, parseRepositoryReference, type Commit } from '@lg/git'
import { createGitSshServer, createSshKeyPair } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createHold, createRemoteFixture, token, type RemoteFixture } from './remote.ts'

let remote: RemoteFixture
beforeEach(async () => {
  remote = await createRemoteFixture()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await remote.close()
})

describe('a start', () => {
  test('clones over HTTP with a token, reports the first commit and shows its files', async () => {
    const directory = remote.open({ branch: undefined })
    const reported: Commit[] = []
    directory.commits().subscribe((commit) => reported.push(commit))
    expect(directory.health.current).toEqual({ state: 'idle' })
    await directory.start()
    const { main } = await remote.bare.branches()
    expect(reported.map(({ oid }) => oid)).toEqual([main])
    expect(directory.head?.oid).toBe(main)
    expect(directory.branch).toBe('main')
    expect(directory.readOnly).toBe(false)
    expect(directory.health.current).toEqual({ state: 'ready', since: remote.clock.now() })
    expect((await readdir(join(directory.worktree ?? '', 'cars'))).sort()).toEqual(['bar.yaml', 'foo.yaml'])
    const entry = await directory.repository.findEntry(main ?? '', 'cars/foo.yaml')
    expect(entry?.mode).toBe('file')
  })

  test('clones over SSH with a key and known_hosts', async () => {
    const key = await createSshKeyPair()
    const server = await createGitSshServer({ root: remote.tree.path('remotes'), authorizedKeys: [key] })
    try {
      const path = await key.save(remote.tree.path('id_ed25519'))
      const knownHosts = await remote.tree.write('known_hosts', server.knownHosts())
      const directory = remote.open({
        repository: parseRepositoryReference(server.url('fleet/cars.git')),
        auth: createSshCredentials({ key: { type: 'file', path }, knownHosts }),
      })
      await directory.start()
      expect(directory.head?.oid).toBe((await remote.bare.branches())['main'])
      const next = await remote.bare.commit({ files: { 'cars/foo.yaml': 'kind: Motorcycle\n' } })
      expect((await directory.pull()).oid).toBe(next)
      await directory.close()
    } finally {
      await server.close()
    }
  })

  test('has no effect a second time, and is one when asked for twice at once', async () => {
    const directory = remote.open()
    await Promise.all([directory.start(), directory.start()])
    await directory.start()
    expect(remote.fetches()).toBe(1)
  })

  test('tells how far the fetch has come', async () => {
    const phases = new Set<string>()
    const directory = remote.open({ onProgress: ({ phase }) => phases.add(phase) })
    await directory.start()
    expect(phases.size).toBeGreaterThan(0)
  })

  test('without worktree lays out no files', async () => {
    const directory = remote.open({ worktree: false })
    await directory.start()
    expect(directory.worktree).toBeUndefined()
    expect(await readdir(directory.dir)).not.toContain('worktree')
  })

  test('leaves no token in any file, log line or error', async () => {
    const dir = remote.tree.path('clone')
    const directory = remote.open({ dir })
    await directory.start()
    await remote.server.setFault({ type: 'gone' })
    const error: unknown = await directory.pull().catch((reason: unknown) => reason)
    await directory.close()
    for (const file of await remote.tree.list('clone')) {
      expect(Buffer.from(await remote.tree.readBytes(file)).includes(token), file).toBe(false)
    }
    expect(remote.logger.text()).toContain('Could not pull')
    expect(remote.logger.text()).not.toContain(token)
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain(token)
  })
})

describe('a failed start', () => {
  test('leaves nothing behind in the given place, and can be tried again', async () => {
    const directory = remote.open({ dir: remote.tree.path('clones/cars') })
    await remote.server.setFault({ type: 'gone' })
    await expect(directory.start()).rejects.toMatchObject({
      code: 'REMOTE_UNAVAILABLE',
      message: expect.stringContaining(remote.server.url('fleet/cars.git')),
    })
    expect(directory.health.current).toMatchObject({ state: 'idle', error: { code: 'REMOTE_UNAVAILABLE' } })
    await expect(stat(remote.tree.path('clones'))).rejects.toMatchObject({ code: 'ENOENT' })
    expect(remote.clock.pending()).toBe(0)
    await remote.server.clearFault()
    await directory.start()
    expect(directory.health.current.state).toBe('ready')
  })

  test('leaves no temporary folder', async () => {
    const temporary = remote.tree.path('tmp')
    await mkdir(temporary)
    vi.stubEnv('TMPDIR', temporary)
    remote.server.setAccounts([{ user: 'bot', token: 'another' }])
    const directory = remote.open()
    await expect(directory.start()).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' })
    expect(await readdir(temporary)).toEqual([])
    remote.server.setAccounts([{ user: 'bot', token }])
    await directory.start()
    expect(await readdir(temporary)).toEqual([basename(directory.dir)])
    expect((await stat(directory.dir)).mode & 0o777).toBe(0o700)
  })

  test('leaves nothing when the credentials cannot be used at all', async () => {
    const directory = remote.open({
      dir: remote.tree.path('clone'),
      repository: parseRepositoryReference('ssh://git@127.0.0.1/fleet/cars.git'),
      auth: createSshCredentials({
        key: { type: 'file', path: remote.tree.path('none') },
        knownHosts: '/dev/null',
      }),
    })
    await expect(directory.start()).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' })
    await expect(stat(remote.tree.path('clone'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('that was aborted rejects with the reason when it is cleaned up', async () => {
    const hold = createHold()
    await remote.server.setFault({ type: 'intercept', run: hold.wait })
    const directory = remote.open({ dir: remote.tree.path('clone') })
    const controller = new AbortController()
    const started = directory.start({ signal: controller.signal }).catch((error: unknown) => error)
    await hold.reached
    expect(directory.health.current).toEqual({ state: 'starting' })
    const reason = new Error('changed my mind')
    controller.abort(reason)
    expect(await started).toBe(reason)
    await expect(stat(remote.tree.path('clone'))).rejects.toMatchObject({ code: 'ENOENT' })
    hold.release()
    await remote.server.clearFault()
    await directory.start()
    expect(directory.health.current.state).toBe('ready')
  })

  test('names the limit when the remote takes too long', async () => {
    const hold = createHold()
    await remote.server.setFault({ type: 'intercept', run: hold.wait })
    const directory = remote.open({ dir: remote.tree.path('clone'), timeout: 5_000 })
    const started = directory.start().catch((error: unknown) => error)
    await hold.reached
    await remote.clock.advance(5_000)
    expect(await started).toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringMatching(/^Fetching main from http.* took longer than 5000 ms/),
      details: { timeout: 5_000 },
    })
    hold.release()
  })
})

describe('before the start', () => {
  test('everything that needs the clone is refused', async () => {
    const directory = remote.open()
    const refused = { code: 'NOT_STARTED', details: { remote: remote.server.url('fleet/cars.git') } }
    await expect(directory.pull()).rejects.toMatchObject(refused)
    await expect(directory.ensureFresh('local')).rejects.toMatchObject(refused)
    await expect(directory.push('0'.repeat(40), 'main')).rejects.toMatchObject(refused)
    await expect(directory.suspend()).rejects.toMatchObject(refused)
    expect(() => directory.repository).toThrow(expect.objectContaining(refused))
    expect(() => directory.branch).toThrow(expect.objectContaining(refused))
    expect(() => directory.dir).toThrow(expect.objectContaining(refused))
    expect(directory.head).toBeUndefined()
    directory.notify()
    expect(remote.fetches()).toBe(0)
  })

  test.each([
    [{ interval: 0 }, 'interval'],
    [{ interval: Number.NaN }, 'interval'],
    [{ interval: 2 ** 31 }, 'interval'],
    [{ timeout: -1 }, 'timeout'],
    [{ dir: '' }, 'dir'],
  ])('%o is refused', (options, option) => {
    expect(() => remote.open(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', details: { option, reason: expect.anything() } }),
    )
  })

  test.each(['', '-x', 'a:b', 'a..b', 'refs/*'])('%j is refused as a branch', (branch) => {
    expect(() => remote.open({ branch })).toThrow(expect.objectContaining({ code: 'INVALID_REF' }))
  })
})
