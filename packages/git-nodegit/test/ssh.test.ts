import { createHmac, randomBytes } from 'node:crypto'
import { chmod, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSshCredentials } from '@lg/git'
import type { GitRepository, SshKey } from '@lg/git'
import { createGitSshServer, createSshKeyPair, watchProcesses } from '@lg/test-kit'
import type { GitSshServer } from '@lg/test-kit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isBuilt } from './build.ts'
import { createCars, createFolder, failure, openCars } from './fixture.ts'

const passphrase = 'open "s3same" $HOME'

interface Scene {
  readonly root: string
  readonly server: GitSshServer
  readonly knownHosts: string
  open(key: SshKey): Promise<GitRepository>
}

async function createScene(...keys: Awaited<ReturnType<typeof createSshKeyPair>>[]): Promise<Scene> {
  const root = await createFolder()
  await createCars(root)
  const server = await createGitSshServer({ root, authorizedKeys: keys })
  onTestFinished(() => server.close())
  const knownHosts = join(root, 'known_hosts')
  await writeFile(knownHosts, `# ours\n${server.knownHosts()}`)
  let stores = 0
  return {
    root,
    server,
    knownHosts,
    open: (key) =>
      openCars({
        root,
        dir: join(root, `store${stores++}`),
        url: server.url('cars.git'),
        credentials: createSshCredentials({ key, knownHosts }),
      }),
  }
}

describe.skipIf(!isBuilt)('the host key', () => {
  it('must be known, or nobody is talked to', async () => {
    const pair = await createSshKeyPair()
    const { root, open, knownHosts, server } = await createScene(pair)
    await writeFile(knownHosts, '# nobody\n')
    const store = await open({ type: 'file', path: await pair.save(join(root, 'id')) })
    const error = await failure(store.fetch())
    expect(error).toMatchObject({ code: 'HOST_KEY_UNKNOWN', details: { knownHosts } })
    expect(error.message).toContain(`ssh-keyscan -p ${server.port} 127.0.0.1`)
    expect(server.logins.entries).toEqual([])
  })

  it('must be the one that is known, at every connection', async () => {
    const pair = await createSshKeyPair()
    const { root, open, knownHosts, server } = await createScene(pair)
    const store = await open({ type: 'file', path: await pair.save(join(root, 'id')) })
    await store.fetch()
    server.setHostKeys([await createSshKeyPair()])
    server.logins.clear()
    const error = await failure(store.fetch())
    expect(error).toMatchObject({ code: 'HOST_KEY_CHANGED', details: { knownHosts, line: 2 } })
    expect(error.message).toContain(`line 2 of ${knownHosts}`)
    expect(server.logins.entries).toEqual([])
  })

  it('is found under a hashed name, and not when it is revoked', async () => {
    const pair = await createSshKeyPair()
    const { root, open, knownHosts, server } = await createScene(pair)
    const [name = '', ...rest] = server.knownHosts().trim().split(' ')
    const salt = randomBytes(20)
    const hash = createHmac('sha1', salt).update(name).digest('base64')
    const line = `|1|${salt.toString('base64')}|${hash} ${rest.join(' ')}\n`
    await writeFile(knownHosts, line)
    const store = await open({ type: 'file', path: await pair.save(join(root, 'id')) })
    expect((await store.fetch()).changed).toHaveLength(1)
    await writeFile(knownHosts, `${line}@revoked * ${rest.join(' ')}\n`)
    expect((await failure(store.fetch())).code).toBe('HOST_KEY_UNKNOWN')
  })
})

describe.skipIf(!isBuilt)('a key file', () => {
  it('is unlocked without showing the passphrase to anybody', async () => {
    const pair = await createSshKeyPair({ passphrase })
    const { root, open } = await createScene(pair)
    const path = await pair.save(join(root, 'id'))
    const { text } = await watchProcesses(async () => {
      const store = await open({ type: 'file', path, passphrase: () => Promise.resolve(passphrase) })
      expect((await store.fetch()).changed).toHaveLength(1)
    })
    expect(text).not.toContain('s3same')
  })

  it('is refused as a credential when the passphrase is wrong, or missing', async () => {
    const pair = await createSshKeyPair({ passphrase })
    const { root, open } = await createScene(pair)
    const path = await pair.save(join(root, 'id'))
    const wrong = await failure((await open({ type: 'file', path, passphrase: 'another' })).fetch())
    expect(wrong).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      details: { file: path, reason: 'the passphrase is wrong' },
    })
    expect(wrong.message).not.toContain('another')
    const missing = await failure((await open({ type: 'file', path })).fetch())
    expect(missing).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      details: { file: path, reason: 'the key has a passphrase, and none is given' },
    })
  })

  it('is tried again with a fresh passphrase from a function', async () => {
    const pair = await createSshKeyPair({ passphrase })
    const { root, open } = await createScene(pair)
    const answers = ['old one', passphrase]
    const secret = (): string => answers.shift() ?? 'too often'
    const store = await open({ type: 'file', path: await pair.save(join(root, 'id')), passphrase: secret })
    expect((await store.fetch()).changed).toHaveLength(1)
    expect(answers).toEqual([])
  })

  it('must be a key that only its owner reads, and be there', async () => {
    const pair = await createSshKeyPair()
    const { root, open, knownHosts } = await createScene(pair)
    const path = await pair.save(join(root, 'id'))
    await chmod(path, 0o644)
    expect(await failure((await open({ type: 'file', path })).fetch())).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      details: { file: path, reason: 'others may read it; ssh wants mode 0600' },
    })
    await writeFile(join(root, 'no key'), 'hello\n', { mode: 0o600 })
    const nonsense = await open({ type: 'file', path: join(root, 'no key') })
    expect(await failure(nonsense.fetch())).toMatchObject({ details: { reason: 'it is not a private key' } })
    const nowhere = join(root, 'nope')
    expect(await failure(open({ type: 'file', path: nowhere }))).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      details: { file: nowhere },
    })
    await rm(knownHosts)
    expect(await failure(open({ type: 'file', path }))).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      details: { file: knownHosts },
    })
  })

  it('is refused when the server does not know it', async () => {
    const pair = await createSshKeyPair()
    const { root, open } = await createScene(pair)
    const stranger = await createSshKeyPair()
    const other = await open({ type: 'file', path: await stranger.save(join(root, 'stranger')) })
    expect((await failure(other.fetch())).code).toBe('AUTHENTICATION_FAILED')
  })
})
