import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createBareRepository, createGitHttpServer, createTree } from '../src/index.ts'
import type { BareRepository, GitHttpServer, Tree } from '../src/index.ts'
import { git } from './client.ts'

let tree: Tree
let remote: BareRepository
let server: GitHttpServer
const writer = { user: 'bot', token: 'w-secret' }
const reader = { user: 'guest', token: 'r-secret', access: 'read' as const }

beforeEach(async () => {
  tree = await createTree()
  remote = await createBareRepository({
    dir: tree.path('root/group/cars.git'),
    files: { 'foo.yaml': 'kind: Car\n' },
  })
  server = await createGitHttpServer({ root: tree.path('root'), accounts: [writer, reader] })
})
afterEach(async () => {
  await server.close()
  await tree.close()
})

const urlFor = ({ user, token }: { user: string; token: string }): string =>
  server.url('group/cars.git').replace('://', `://${user}:${token}@`)

async function cloned(account = writer): Promise<string> {
  const dir = tree.path('clone')
  expect(await git(['clone', '-q', urlFor(account), dir])).toMatchObject({ exitCode: 0 })
  return dir
}

async function change(dir: string, content: string | Uint8Array = 'kind: Motorcycle\n'): Promise<void> {
  await tree.write('clone/foo.yaml', content)
  expect(await git(['-C', dir, 'commit', '-q', '-a', '-m', 'Change'])).toMatchObject({ exitCode: 0 })
}

describe('serving', () => {
  test.each(['0', '1', '2'])('clones and pushes with protocol %s', async (version) => {
    const env = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'protocol.version', GIT_CONFIG_VALUE_0: version }
    const dir = tree.path('clone')
    expect(await git(['clone', '-q', urlFor(writer), dir], env)).toMatchObject({ exitCode: 0 })
    expect(await tree.read('clone/foo.yaml')).toBe('kind: Car\n')
    await change(dir)
    expect(await git(['-C', dir, 'push', '-q'], env)).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await remote.readFile('main', 'foo.yaml')).toBe('kind: Motorcycle\n')
    expect(await remote.fsck()).toEqual([])
    const protocols = server.requests.entries.map((request) => request.headers['git-protocol'])
    expect(protocols.includes('version=2')).toBe(version === '2')
  })

  test('streams packs beyond any buffer, both ways', async () => {
    const dir = await cloned()
    const bytes = randomBytes(8 * 1024 * 1024)
    await change(dir, bytes)
    expect(await git(['-C', dir, 'push', '-q'])).toMatchObject({ exitCode: 0 })
    expect(Buffer.from(await remote.readBytes('main', 'foo.yaml')).equals(bytes)).toBe(true)
    expect(await git(['clone', '-q', urlFor(writer), tree.path('again')])).toMatchObject({ exitCode: 0 })
    expect(Buffer.from(await tree.readBytes('again/foo.yaml')).equals(bytes)).toBe(true)
  })

  test('takes compressed requests', async () => {
    for (let index = 0; index < 30; index += 1) {
      await remote.resetBranch(`b${index}`, await remote.commit({ files: { x: String(index) } }))
    }
    const dir = tree.path('clone')
    expect(await git(['-c', 'protocol.version=0', 'clone', '-q', urlFor(writer), dir])).toMatchObject({
      exitCode: 0,
    })
    expect(server.requests.entries.some(({ headers }) => headers['content-encoding'] === 'gzip')).toBe(true)
  })

  test('ten clones at once', async () => {
    const clones = Array.from({ length: 10 }, (_, index) =>
      git(['clone', '-q', urlFor(reader), tree.path(`c${index}`)]),
    )
    expect((await Promise.all(clones)).map((outcome) => outcome.exitCode)).toEqual(Array(10).fill(0))
  })

  test.each([
    '/',
    '/group/cars.git/HEAD',
    '/group/cars.git/info/refs',
    '/%ff/info/refs?service=git-upload-pack',
  ])('%s is no Git request', async (path) => {
    expect((await fetch(server.origin + path)).status).toBe(404)
  })

  test.each(['missing.git', '../outside.git', '%2e%2e/outside.git', 'group'])(
    '%s is no repository',
    async (name) => {
      await createBareRepository({ dir: tree.path('outside.git'), files: { a: '1' } })
      const { exitCode, stderr } = await git([
        'ls-remote',
        `${urlFor(writer).replace('group/cars.git', name)}`,
      ])
      expect(exitCode).toBe(128)
      expect(stderr).toContain('not found')
    },
  )
})

describe('accounts', () => {
  test('no credentials, or wrong ones, are refused', async () => {
    expect((await git(['ls-remote', server.url('group/cars.git')])).stderr).toContain(
      'could not read Username',
    )
    const { stderr } = await git(['ls-remote', urlFor({ user: 'bot', token: 'wrong' })])
    expect(stderr).toContain('Authentication failed')
    const last = server.requests.entries.at(-1)
    expect(last).toMatchObject({ status: 401, credentials: { user: 'bot', token: 'wrong' } })
  })

  test('a read-only token reads and cannot push', async () => {
    const dir = await cloned(reader)
    await change(dir)
    expect((await git(['-C', dir, 'push', '-q'])).stderr).toContain('403')
    expect(await remote.readFile('main', 'foo.yaml')).toBe('kind: Car\n')
  })

  test('tokens can be revoked and renewed while it runs', async () => {
    server.setAccounts([{ user: 'bot', token: 'new' }])
    expect((await git(['ls-remote', urlFor(writer)])).exitCode).toBe(128)
    expect((await git(['ls-remote', urlFor({ user: 'bot', token: 'new' })])).exitCode).toBe(0)
  })

  test('without accounts it is open, or as open as told', async () => {
    for (const [anonymous, exitCode] of [
      [undefined, 0],
      ['read', 0],
      ['none', 128],
    ] as const) {
      const open = await createGitHttpServer({ root: tree.path('root'), ...(anonymous && { anonymous }) })
      expect(await git(['ls-remote', open.url('group/cars.git')])).toMatchObject({ exitCode })
      await open.close()
    }
  })

  test('open for reading, it asks who wants to push for credentials, and takes them', async () => {
    const options = { root: tree.path('root'), anonymous: 'read', accounts: [writer] } as const
    const open = await createGitHttpServer(options)
    const endpoint = `${open.url('group/cars.git')}/info/refs?service=git-receive-pack`
    const answer = await fetch(endpoint)
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="Git"'])
    const authorization = `Basic ${Buffer.from(`${writer.user}:${writer.token}`).toString('base64')}`
    expect((await fetch(endpoint, { headers: { authorization } })).status).toBe(200)
    await open.close()
  })
})

test('every request is recorded with what it carried', async () => {
  const seen = server.requests.waitFor(({ service, status }) => service === 'fetch' && status === 200)
  await git(['ls-remote', urlFor(reader)])
  expect(await seen).toMatchObject({
    method: 'GET',
    url: '/group/cars.git/info/refs?service=git-upload-pack',
    repository: 'group/cars.git',
    credentials: { user: 'guest', token: 'r-secret' },
  })
  expect(server.requests.text()).toContain('r-secret')
  server.requests.clear()
  expect(server.requests.text()).toBe('')
})
