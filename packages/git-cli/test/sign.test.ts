import { execFileSync } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { createTree, findProgram, type Tree } from '@lg/test-kit'
import type { GitRepository } from '@lg/git'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createGitCli, createGpgSigner, createSshSigner, type CommitSigner } from '../src/index.ts'

let tree: Tree
let repository: GitRepository
beforeEach(async () => {
  tree = await createTree()
  repository = await createGitCli().open({ dir: tree.path('store.git') })
})
afterEach(async () => {
  await repository.close()
  await tree.close()
})

const ann = { name: 'Ann', email: 'ann@example.org', time: 1_700_000_000_000 }
const commitWith = (sign: CommitSigner): Promise<string> =>
  repository.createCommit({
    parents: [],
    changes: [{ type: 'write', path: 'a', content: Buffer.from('1') }],
    author: ann,
    message: 'Signed\n\nWith a body.\n',
    sign: (bytes) => sign(bytes),
  })
const git = (args: readonly string[], env: Record<string, string> = {}): string =>
  execFileSync('git', [`--git-dir=${tree.path('store.git')}`, ...args], {
    encoding: 'utf8',
    stdio: 'pipe',
    env: { PATH: process.env['PATH'], HOME: tree.path('.'), GIT_CONFIG_NOSYSTEM: '1', ...env },
  })

describe('a commit signed with an SSH key', () => {
  it('is one that git verifies', async () => {
    const key = tree.path('id')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', key])
    const oid = await commitWith(createSshSigner({ key }))
    const publicKey = execFileSync('ssh-keygen', ['-y', '-f', key], { encoding: 'utf8' })
    await writeFile(tree.path('allowed'), `ann@example.org ${publicKey}`)
    const trusted = `gpg.ssh.allowedSignersFile=${tree.path('allowed')}`
    const format = ['log', '-1', '--format=%G? %GS', oid]
    expect(git(['-c', 'gpg.format=ssh', '-c', trusted, ...format])).toBe('G ann@example.org\n')
    expect(await repository.readCommit(oid)).toMatchObject({
      author: ann,
      message: 'Signed\n\nWith a body.\n',
    })
    expect(git(['fsck', '--strict', '--no-dangling', oid])).toBe('')
  })

  it.each([
    ['that is not there', undefined],
    ['that is none', 'not a key\n'],
  ])('cannot be made with a key %s', async (_, content) => {
    const key = tree.path('id')
    if (content !== undefined) {
      await writeFile(key, content)
      await chmod(key, 0o600)
    }
    await expect(commitWith(createSshSigner({ key }))).rejects.toMatchObject({
      code: 'INVALID_CREDENTIALS',
      details: { file: key },
    })
  })

  it('asks nobody for a passphrase', async () => {
    const key = tree.path('id')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-C', '', '-f', key])
    await expect(commitWith(createSshSigner({ key }))).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' })
  })
})

describe('a commit signed with a GPG key', async () => {
  const gpg = await findProgram('gpg')
  it.skipIf(gpg === undefined)('is one that git verifies', async () => {
    const home = tree.path('gnupg')
    await mkdir(home, { mode: 0o700 })
    const run = (args: readonly string[]): string =>
      execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', ...args], {
        encoding: 'utf8',
        stdio: 'pipe',
      })
    run(['--passphrase', '', '--quick-gen-key', 'Ann <ann@example.org>', 'ed25519', 'sign', 'never'])
    const oid = await commitWith(createGpgSigner({ key: 'ann@example.org', home }))
    expect(git(['log', '-1', '--format=%G? %GS', oid], { GNUPGHOME: home })).toBe('G Ann <ann@example.org>\n')
    execFileSync('gpgconf', ['--homedir', home, '--kill', 'all'])
  })
})

describe('what signs', () => {
  it('must give a signature', async () => {
    await expect(commitWith(async () => 'no armor')).rejects.toMatchObject({ code: 'INVALID_COMMIT' })
  })
})
