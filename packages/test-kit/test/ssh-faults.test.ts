import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  createBareRepository,
  createFakeClock,
  createGitSshServer,
  createSshKeyPair,
  createTree,
} from '../src/index.ts'
import type { BareRepository, FakeClock, GitSshServer, SshKeyPair, Tree } from '../src/index.ts'
import { git } from './client.ts'
import type { Outcome } from './client.ts'

let key: SshKeyPair
let tree: Tree
let remote: BareRepository
let server: GitSshServer
let clock: FakeClock
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  key = await createSshKeyPair()
})
beforeEach(async () => {
  tree = await createTree()
  clock = createFakeClock()
  remote = await createBareRepository({ dir: tree.path('cars.git'), files: { 'foo.yaml': 'kind: Car\n' } })
  server = await createGitSshServer({ root: tree.dir, authorizedKeys: [key], clock })
  const hosts = await tree.write('known_hosts', server.knownHosts())
  const file = await key.save(tree.path('key'))
  const ssh = `ssh -F /dev/null -i ${file} -o IdentityAgent=none -o UserKnownHostsFile=${hosts}`
  env = { GIT_SSH_COMMAND: ssh }
  await git(['clone', '-q', server.url('cars.git'), tree.path('clone')], env)
  await tree.write('clone/foo.yaml', 'kind: Motorcycle\n')
  await git(['-C', tree.path('clone'), 'commit', '-q', '-a', '-m', 'Change'])
  server.commands.clear()
})
afterEach(async () => {
  await server.close()
  await tree.close()
})

const fetches = (): Promise<Outcome> => git(['ls-remote', server.url('cars.git')], env)
const push = (...args: string[]): Promise<Outcome> => git(['-C', tree.path('clone'), 'push', ...args], env)
const onRemote = (): Promise<string> => remote.readFile('main', 'foo.yaml')

test('a refused push says why and changes nothing', async () => {
  await server.setFault({ type: 'refusePush', message: 'Closed on Sundays' })
  expect((await push()).stderr).toContain('remote: Closed on Sundays')
  expect(await onRemote()).toBe('kind: Car\n')
  await server.clearFault()
  expect(await push()).toMatchObject({ exitCode: 0 })
})

describe('a dropped connection', () => {
  test.each([true, false])('before any answer (reset: %s)', async (reset) => {
    await server.setFault({ type: 'drop', after: 'connect', reset }, { times: 1 })
    expect((await fetches()).stderr).toMatch(reset ? /reset/i : /closed|reset/i)
    expect(server.commands.entries).toEqual([])
    expect(await fetches()).toMatchObject({ exitCode: 0 })
  })

  test('before any answer to a push', async () => {
    await server.setFault({ type: 'drop', after: 'connect' }, { on: 'push' })
    expect(await fetches()).toMatchObject({ exitCode: 0 })
    expect((await push()).exitCode).not.toBe(0)
    expect(server.commands.entries.at(-1)).toMatchObject({ service: 'push', exitCode: undefined })
  })

  test('in the middle of the answer', async () => {
    await server.setFault({ type: 'drop', after: 'sent', bytes: 40 })
    expect((await fetches()).exitCode).not.toBe(0)
  })

  test('in the middle of a push, which then is not applied', async () => {
    await server.setFault({ type: 'drop', after: 'received', bytes: 200 })
    expect((await push()).exitCode).not.toBe(0)
    await server.close()
    expect(await onRemote()).toBe('kind: Car\n')
    expect(await remote.fsck()).toEqual([])
    expect((await tree.list('cars.git/objects')).filter((file) => file.includes('incoming'))).toEqual([])
  })

  test('after the push was applied: the outcome is unknown', async () => {
    await server.setFault({ type: 'drop', after: 'push' }, { times: 1 })
    expect((await push()).exitCode).not.toBe(0)
    expect(await onRemote()).toBe('kind: Motorcycle\n')
    expect((await push()).stderr).toContain('Everything up-to-date')
  })
})

test('a delay waits on the clock', async () => {
  await server.setFault({ type: 'delay', milliseconds: 60_000 })
  const outcome = fetches()
  await clock.waitForSleepers(1)
  await clock.advance(60_000)
  expect(await outcome).toMatchObject({ exitCode: 0 })
})

test('what happens at the wrong moment can be told', async () => {
  const run = async (): Promise<void> => void (await remote.commit({ files: { 'bar.yaml': 'kind: Car\n' } }))
  await server.setFault({ type: 'intercept', run }, { times: 1, on: 'push' })
  expect((await push()).stderr).toContain('rejected')
})

test('gone: nobody listens, and later it is back on the same port', async () => {
  await server.setFault({ type: 'gone' })
  expect((await fetches()).stderr).toContain('Connection refused')
  await server.clearFault()
  expect(await fetches()).toMatchObject({ exitCode: 0 })
})
