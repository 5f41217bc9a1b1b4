import { randomBytes } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createBareRepository, createGitSshServer, createSshKeyPair, createTree } from '../src/index.ts'
import type { BareRepository, GitSshServer, SshKeyPair, Tree } from '../src/index.ts'
import { git, run } from './client.ts'

let key: SshKeyPair
let tree: Tree
let remote: BareRepository
let server: GitSshServer

beforeAll(async () => {
  key = await createSshKeyPair({ comment: 'writer' })
})
beforeEach(async () => {
  tree = await createTree()
  remote = await createBareRepository({
    dir: tree.path('root/group/cars.git'),
    files: { 'foo.yaml': 'kind: Car\n' },
  })
  server = await createGitSshServer({ root: tree.path('root'), authorizedKeys: [key] })
  await tree.write('known_hosts', server.knownHosts())
  await key.save(tree.path('key'))
})
afterEach(async () => {
  await server.close()
  await tree.close()
})

const sshArgs = (identity: string): string[] => [
  '-F',
  '/dev/null',
  '-i',
  identity,
  '-o',
  'IdentitiesOnly=yes',
  '-o',
  'IdentityAgent=none',
  '-o',
  `UserKnownHostsFile=${tree.path('known_hosts')}`,
  '-o',
  'GlobalKnownHostsFile=/dev/null',
  '-o',
  'StrictHostKeyChecking=yes',
]
const env = (identity = tree.path('key')): NodeJS.ProcessEnv => ({
  GIT_SSH_COMMAND: ['ssh', ...sshArgs(identity)].join(' '),
})

describe('serving', () => {
  test('clones and pushes, big packs too', async () => {
    const dir = tree.path('clone')
    expect(await git(['clone', '-q', server.url('group/cars.git'), dir], env())).toMatchObject({
      exitCode: 0,
    })
    const bytes = randomBytes(8 * 1024 * 1024)
    await tree.write('clone/foo.yaml', bytes)
    await git(['-C', dir, 'commit', '-q', '-a', '-m', 'Change'])
    expect(await git(['-C', dir, 'push', '-q'], env())).toMatchObject({ exitCode: 0, stderr: '' })
    expect(Buffer.from(await remote.readBytes('main', 'foo.yaml')).equals(bytes)).toBe(true)
    expect(await remote.fsck()).toEqual([])
    expect(server.commands.entries).toMatchObject([
      { service: 'fetch', repository: 'group/cars.git', exitCode: 0, protocol: 'version=2' },
      { service: 'push', repository: 'group/cars.git', exitCode: 0 },
    ])
  })

  test('ten clones at once', async () => {
    const clones = Array.from({ length: 10 }, (_, index) =>
      git(['clone', '-q', server.url('group/cars.git'), tree.path(`c${index}`)], env()),
    )
    expect((await Promise.all(clones)).map((outcome) => outcome.exitCode)).toEqual(Array(10).fill(0))
  })

  test('names with quotes and exclamation marks', async () => {
    const name = "it's a !\\ car.git"
    await createBareRepository({ dir: tree.path('root', name), files: { a: '1' } })
    expect(await git(['ls-remote', server.url(name)], env())).toMatchObject({ exitCode: 0 })
  })

  test.each(['missing.git', '../outside.git', 'group'])('%s is no repository', async (name) => {
    await createBareRepository({ dir: tree.path('outside.git'), files: { a: '1' } })
    const { exitCode, stderr } = await git(['ls-remote', server.url(name)], env())
    expect(exitCode).toBe(128)
    expect(stderr).toContain(`No repository ${name}`)
  })

  test('runs nothing but Git', async () => {
    const args = [...sshArgs(tree.path('key')), '-p', String(server.port), 'git@127.0.0.1', 'touch /tmp/x']
    const { exitCode, stderr } = await run('ssh', args)
    expect(exitCode).toBe(128)
    expect(stderr).toContain('Only Git is served here')
  })
})

describe('keys', () => {
  test.each(['ed25519', 'rsa'] as const)('%s, with a passphrase that ssh asks for', async (type) => {
    const locked = await createSshKeyPair({ type, passphrase: 'open sesame' })
    server.setAuthorizedKeys([locked])
    const file = await locked.save(tree.path('locked'))
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const asked = async (answer: string): Promise<number | null> => {
      const program = await tree.write('askpass', `#!/bin/sh\necho '${answer}'\n`, { mode: 0o700 })
      const asking = { ...env(file), SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: 'force' }
      return (await git(['ls-remote', server.url('group/cars.git')], asking)).exitCode
    }
    expect(await asked('open sesame')).toBe(0)
    expect(await asked('wrong')).toBe(128)
    expect(server.logins.entries.at(-1)).toMatchObject({ fingerprint: locked.fingerprint })
  })

  test('are always whole', async () => {
    const pairs = await Promise.all(Array.from({ length: 1_500 }, () => createSshKeyPair()))
    expect(
      pairs.filter(({ publicKey }) => Buffer.from(publicKey.split(' ')[1] ?? '', 'base64').length !== 51),
    ).toEqual([])
  })

  test('have the fingerprint that ssh-keygen shows', async () => {
    const { stdout } = await run('ssh-keygen', ['-l', '-f', tree.path('key')])
    expect(stdout).toContain(`256 ${key.fingerprint} writer (ED25519)`)
  })

  test('unknown ones are refused, and so are passwords', async () => {
    const other = await createSshKeyPair()
    const { stderr } = await git(
      ['ls-remote', server.url('group/cars.git')],
      env(await other.save(tree.path('other'))),
    )
    expect(stderr).toContain('Permission denied (publickey)')
    expect(server.logins.entries.map(({ accepted }) => accepted)).not.toContain(true)
    expect(server.commands.entries).toEqual([])
  })

  test('read-only ones cannot push', async () => {
    server.setAuthorizedKeys([{ publicKey: key.publicKey, access: 'read' }])
    expect(await git(['clone', '-q', server.url('group/cars.git'), tree.path('c')], env())).toMatchObject({
      exitCode: 0,
    })
    const { stderr } = await git(['-C', tree.path('c'), 'push', 'origin', 'main:new'], env())
    expect(stderr).toContain('This key may only read')
  })

  test('another user is refused', async () => {
    const url = server.url('group/cars.git').replace('git@', 'root@')
    expect((await git(['ls-remote', url], env())).stderr).toContain('Permission denied')
  })
})

describe('the host key', () => {
  test('is refused when unknown', async () => {
    await tree.write('known_hosts', '')
    expect((await git(['ls-remote', server.url('group/cars.git')], env())).stderr).toContain(
      'Host key verification failed',
    )
  })

  test('is refused when changed, and taken when known_hosts follows', async () => {
    server.setHostKeys([await createSshKeyPair(), await createSshKeyPair({ type: 'rsa' })])
    const { stderr } = await git(['ls-remote', server.url('group/cars.git')], env())
    expect(stderr).toContain('REMOTE HOST IDENTIFICATION HAS CHANGED')
    const lines = server.knownHosts().trim().split('\n')
    expect(lines).toHaveLength(2)
    for (const line of lines) {
      await tree.write('known_hosts', `${line}\n`)
      expect(await git(['ls-remote', server.url('group/cars.git')], env())).toMatchObject({ exitCode: 0 })
    }
  })
})
