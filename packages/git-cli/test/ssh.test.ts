import { spawnSync } from 'node:child_process'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSshCredentials } from '@lg/git'
import { createSshScene, passphrase, passphraseCases } from '@lg/git-tests'
import type { SshScene } from '@lg/git-tests'
import { createSshAgent, createSshKeyPair } from '@lg/test-kit'
import type { SshKeyPair } from '@lg/test-kit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { failure, openCars } from './fixture.ts'

const createScene = (...keys: SshKeyPair[]): Promise<SshScene> => createSshScene(openCars, ...keys)

describe('a key with a passphrase', () => {
  passphraseCases(openCars)

  it('is unlocked when the key is an RSA key too', async () => {
    const pair = await createSshKeyPair({ passphrase, type: 'rsa' })
    const { root, open } = await createScene(pair)
    const store = await open({ type: 'file', path: await pair.save(join(root, 'id')), passphrase })
    expect((await store.fetch()).changed).toHaveLength(1)
  })
})

describe('an agent', () => {
  it('logs in with the keys that it holds', async () => {
    const pair = await createSshKeyPair({ passphrase })
    const { open } = await createScene(pair)
    const agent = await createSshAgent([pair])
    onTestFinished(() => agent.close())
    const store = await open({ type: 'agent', socket: agent.socket })
    expect((await store.fetch()).changed).toHaveLength(1)
  })

  it('must be there', async () => {
    const { root, open } = await createScene()
    const gone = await failure(open({ type: 'agent', socket: join(root, 'no agent') }))
    expect(gone).toMatchObject({ code: 'INVALID_CREDENTIALS', details: { file: join(root, 'no agent') } })
  })
})

describe('the host key', () => {
  it('must be known', async () => {
    const pair = await createSshKeyPair()
    const { root, open, knownHosts, server } = await createScene(pair)
    await writeFile(knownHosts, '# nobody\n')
    const error = await failure(
      (await open({ type: 'file', path: await pair.save(join(root, 'id')) })).fetch(),
    )
    expect(error).toMatchObject({ code: 'HOST_KEY_UNKNOWN', details: { knownHosts } })
    expect(error.message).toContain(`ssh-keyscan -p ${server.port} 127.0.0.1`)
    expect(error.message).toContain(knownHosts)
  })

  it('must be the one that is known', async () => {
    const pair = await createSshKeyPair()
    const { root, open, knownHosts, server } = await createScene(pair)
    const store = await open({ type: 'file', path: await pair.save(join(root, 'id')) })
    await store.fetch()
    server.setHostKeys([await createSshKeyPair()])
    const error = await failure(store.fetch())
    expect(error).toMatchObject({ code: 'HOST_KEY_CHANGED', details: { knownHosts, line: 2 } })
    expect(error.message).toContain(`line 2 of ${knownHosts}`)
  })
})

describe('a kept connection', () => {
  it('serves the next calls, and ends with the repository or a failure', async () => {
    const pair = await createSshKeyPair()
    const { root, knownHosts, server } = await createScene(pair)
    const credentials = createSshCredentials({
      key: { type: 'file', path: await pair.save(join(root, 'id')) },
      knownHosts,
    })
    const options = { tempDir: root, sshPersist: 60_000 }
    const store = await openCars({ root, url: server.url('cars.git'), credentials, options })
    const accepted = (): number => server.logins.entries.filter((login) => login.accepted).length
    await store.fetch()
    const logins = accepted()
    await Promise.all([store.fetch(), store.remoteRefs(), store.remoteRefs()])
    expect(accepted()).toBe(logins)
    expect(connectionsIn(root)).toHaveLength(1)
    await server.setFault({ type: 'drop', after: 'connect' }, { times: 1 })
    expect((await failure(store.fetch())).code).toBe('REMOTE_UNAVAILABLE')
    await store.fetch()
    expect(accepted()).toBeGreaterThan(logins)
    await store.close()
    await expect.poll(() => connectionsIn(root)).toEqual([])
  })
})

describe('a key file', () => {
  it('must be there, with known_hosts', async () => {
    const pair = await createSshKeyPair()
    const { root, open, knownHosts } = await createScene(pair)
    const path = join(root, 'nope')
    expect(await failure(open({ type: 'file', path }))).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      details: { file: path, reason: `the private key file ${path} does not exist` },
    })
    await rm(knownHosts)
    const saved = await pair.save(join(root, 'id'))
    expect(await failure(open({ type: 'file', path: saved }))).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      details: { file: knownHosts },
    })
  })

  it('must be a key that only its owner reads', async () => {
    const pair = await createSshKeyPair()
    const { root, open } = await createScene(pair)
    const path = await pair.save(join(root, 'id'))
    await chmod(path, 0o644)
    const store = await open({ type: 'file', path })
    expect(await failure(store.fetch())).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      details: { file: path, reason: 'others may read it; ssh wants mode 0600' },
    })
    await writeFile(join(root, 'no key'), 'hello\n', { mode: 0o600 })
    const nonsense = await open({ type: 'file', path: join(root, 'no key') })
    expect(await failure(nonsense.fetch())).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      details: { reason: 'it is not a private key' },
    })
  })

  it('is refused when the server does not know it, or the user', async () => {
    const pair = await createSshKeyPair()
    const { root, open } = await createScene(pair)
    const stranger = await createSshKeyPair()
    const path = await pair.save(join(root, 'id'))
    const other = await open({ type: 'file', path: await stranger.save(join(root, 'stranger')) })
    expect((await failure(other.fetch())).code).toBe('AUTHENTICATION_FAILED')
    const somebody = await open({ type: 'file', path }, 'somebody')
    expect((await failure(somebody.fetch())).code).toBe('AUTHENTICATION_FAILED')
  })

  it('can lie in a temporary folder with a difficult name', async () => {
    const pair = await createSshKeyPair()
    const { root, knownHosts, server } = await createScene(pair)
    const tempDir = join(root, `t'm %h p`)
    await mkdir(tempDir)
    const path = await pair.save(join(root, 'id'))
    const credentials = createSshCredentials({ key: { type: 'file', path }, knownHosts })
    const store = await openCars({ root, url: server.url('cars.git'), credentials, options: { tempDir } })
    expect((await store.fetch()).changed).toHaveLength(1)
  })
})

/** Processes that keep a connection of a repository in this folder. */
function connectionsIn(root: string): readonly string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
  return stdout.split('\n').filter((line) => line.includes('[mux]') && line.includes(root))
}
