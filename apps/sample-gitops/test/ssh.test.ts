import { createBareRepository, createGitSshServer, createSshKeyPair, createTree } from '@lg/test-kit'
import type { BareRepository, GitSshServer, SshKeyPair, Tree } from '@lg/test-kit'
import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoFiles } from '../src/demo-files.ts'
import { runApp, startApp } from './app.ts'

const passphrase = 'open sesame, "please"'

describe('the main job, over SSH', () => {
  let tree: Tree
  let remote: BareRepository
  let server: GitSshServer
  let plain: SshKeyPair
  let locked: SshKeyPair
  let args: readonly string[]

  beforeAll(async () => {
    tree = await createTree({})
    remote = await createBareRepository({ dir: tree.path('repositories/cars.git'), files: demoFiles })
    plain = await createSshKeyPair()
    locked = await createSshKeyPair({ passphrase })
    server = await createGitSshServer({ root: tree.path('repositories'), authorizedKeys: [plain, locked] })
    await plain.save(tree.path('id plain'))
    await locked.save(tree.path('id_locked'))
    await writeFile(tree.path('known hosts'), server.knownHosts())
    args = [
      '--git-url',
      server.url('cars.git'),
      '--known-hosts',
      tree.path('known hosts'),
      '--provider',
      'local',
    ]
  })
  afterAll(async () => {
    await server?.close()
    await tree?.close()
  })

  it.each([
    ['a key without passphrase', 'id plain', {}],
    ['a key with a passphrase', 'id_locked', { LG_SSH_PASSPHRASE: passphrase }],
  ])('clones, lists, changes and proposes with %s', async (_, file, env: Record<string, string>) => {
    const app = await startApp([...args, '--identity-file', tree.path(file)], env)
    try {
      expect((await app.get('/git/')).json).toHaveLength(3)
      const { json } = await app.send('PUT', '/git/foo')
      expect((await remote.diff('main', json.branch)).files).toHaveLength(1)
      expect((await app.get(`/pulls/${json.pullRequest.number}`)).json.head).toBe(json.branch)
    } finally {
      expect(await app.stop()).toBe(0)
    }
  })

  it('says that the passphrase is wrong', async () => {
    const exit = await runApp([...args, '--identity-file', tree.path('id_locked')], {
      LG_SSH_PASSPHRASE: 'wrong',
    })
    expect(exit.code).toBe(1)
    expect(exit.stderr).toMatch(/passphrase/i)
  })

  it('names a key file that is missing or is no key', async () => {
    const missing = await runApp([...args, '--identity-file', tree.path('nothing')])
    expect(missing.code).toBe(1)
    expect(missing.stderr).toContain(tree.path('nothing'))
    const folder = await runApp([...args, '--identity-file', tree.path('repositories')])
    expect(folder.code).toBe(1)
    expect(folder.stderr).toContain(tree.path('repositories'))
  })

  it('refuses an unknown host, and says which file to fix', async () => {
    await writeFile(tree.path('empty_hosts'), '')
    const identity = ['--identity-file', tree.path('id plain')]
    const exit = await runApp([...args, ...identity, '--known-hosts', tree.path('empty_hosts')])
    expect(exit.code).toBe(1)
    expect(exit.stderr).toContain(tree.path('empty_hosts'))
  })

  it('refuses a changed host key, and says which file to fix', async () => {
    const other = await createGitSshServer({ root: tree.path('repositories'), authorizedKeys: [plain] })
    const [, ...key] = other.knownHosts().trim().split(' ')
    await other.close()
    const [name] = server.knownHosts().split(' ')
    await writeFile(tree.path('changed_hosts'), `${[name, ...key].join(' ')}\n`)
    const identity = ['--identity-file', tree.path('id plain')]
    const exit = await runApp([...args, ...identity, '--known-hosts', tree.path('changed_hosts')])
    expect(exit.code).toBe(1)
    expect(exit.stderr).toContain(tree.path('changed_hosts'))
    expect(exit.stderr).toMatch(/changed|another/i)
  })

  it('says that the key is not let in', async () => {
    const stranger = await createSshKeyPair()
    await stranger.save(tree.path('id_stranger'))
    const exit = await runApp([...args, '--identity-file', tree.path('id_stranger')])
    expect(exit.code).toBe(1)
    expect(exit.stderr).toMatch(/not accept|refused|denied/i)
  })
})
