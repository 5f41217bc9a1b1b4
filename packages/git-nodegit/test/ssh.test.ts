import { createHmac, randomBytes } from 'node:crypto'
import { chmod, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSshScene, passphraseCases } from '@lg/git-tests'
import type { SshScene } from '@lg/git-tests'
import { createSshKeyPair } from '@lg/test-kit'
import type { SshKeyPair } from '@lg/test-kit'
import { describe, expect, it } from 'vitest'
import { isBuilt } from './build.ts'
import { failure, openCars } from './fixture.ts'

const createScene = (...keys: SshKeyPair[]): Promise<SshScene> => createSshScene(openCars, ...keys)

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
  passphraseCases(openCars)

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
