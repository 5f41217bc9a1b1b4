import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createBareRepository,
  createFakeClock,
  createGitHttpServer,
  createGitSshServer,
  createSshKeyPair,
  createTree,
  listDescendants,
} from '../src/index.ts'
import type { BareRepository, Tree } from '../src/index.ts'
import { git, run } from './client.ts'

let tree: Tree
let remote: BareRepository
beforeEach(async () => {
  tree = await createTree()
  remote = await createBareRepository({
    dir: tree.path('cars.git'),
    files: { a: randomBytes(4 * 1024 * 1024) },
  })
})
afterEach(() => tree.close())

/** Resolves when the port can be taken. */
async function listenOn(port: number): Promise<void> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  await new Promise((resolve) => server.close(resolve))
}

const serving = (): string[] => listDescendants().map(({ args }) => args.join(' '))

describe('close', () => {
  test('over HTTP: frees the port and ends Git in the middle of a clone, more than once', async () => {
    const clock = createFakeClock()
    const server = await createGitHttpServer({ root: tree.dir, clock })
    // The first request only lists the refs, and Git is done with it at once.
    const run = (): Promise<void> => server.setFault({ type: 'throttle', bytesPerSecond: 1 })
    await server.setFault({ type: 'intercept', run }, { times: 1 })
    const clone = git(['-c', 'protocol.version=0', 'clone', '-q', server.url('cars.git'), tree.path('clone')])
    await clock.waitForSleepers(1)
    expect(serving().join()).toContain('http-backend')
    await Promise.all([server.close(), server.close()])
    expect((await clone).exitCode).not.toBe(0)
    await server[Symbol.asyncDispose]()
    expect(serving()).toEqual([])
    await listenOn(server.port)
  })

  test('over SSH: frees the port and ends Git in the middle of a clone, more than once', async () => {
    const key = await createSshKeyPair()
    const clock = createFakeClock()
    const server = await createGitSshServer({ root: tree.dir, authorizedKeys: [key], clock })
    await server.setFault({ type: 'throttle', bytesPerSecond: 1 })
    const file = await key.save(tree.path('key'))
    const hosts = await tree.write('known_hosts', server.knownHosts())
    const ssh = `ssh -F /dev/null -i ${file} -o IdentityAgent=none -o UserKnownHostsFile=${hosts}`
    const clone = git(['clone', '-q', server.url('cars.git'), tree.path('clone')], { GIT_SSH_COMMAND: ssh })
    await clock.waitForSleepers(1)
    expect(serving().join()).toContain('upload-pack')
    await Promise.all([server.close(), server.close()])
    expect((await clone).exitCode).not.toBe(0)
    await server[Symbol.asyncDispose]()
    expect(serving()).toEqual([])
    await listenOn(server.port)
  })

  test('leaves no file behind', async () => {
    const before = await tree.list()
    const server = await createGitHttpServer({ root: tree.dir })
    await git(['ls-remote', server.url('cars.git')])
    await server.close()
    expect(await tree.list()).toEqual(before)
  })
})

describe('a client that goes away', () => {
  test('in the middle of a fetch ends its Git and nothing else', async () => {
    const server = await createGitHttpServer({ root: tree.dir })
    await new Promise<void>((resolve) => {
      const url = `${server.url('cars.git')}/info/refs?service=git-upload-pack`
      const asked = request(url, (answer) => {
        answer.once('data', () => asked.destroy())
      })
      asked
        .on('close', resolve)
        .on('error', () => {})
        .end()
    })
    expect(await git(['ls-remote', server.url('cars.git')])).toMatchObject({ exitCode: 0 })
    await server.close()
  })

  test('after it sent its push whole: the push is applied', async () => {
    const server = await createGitHttpServer({ root: tree.dir })
    await run('mkfifo', [tree.path('cars.git/told'), tree.path('cars.git/go')])
    await remote.setHook('pre-receive', '#!/bin/sh\ncat > /dev/null\necho entered > told\nread line < go\n')
    await remote.setHook('post-receive', '#!/bin/sh\ncat > /dev/null\necho applied > told\n')
    await git(['clone', '-q', server.url('cars.git'), tree.path('clone')])
    await git(['-C', tree.path('clone'), 'commit', '-q', '--allow-empty', '-m', 'Change'])

    // A process group of its own, as git lets a program of its own talk to the server.
    const client = spawn('git', ['-C', tree.path('clone'), 'push', '-q'], { stdio: 'ignore', detached: true })
    expect(await tree.read('cars.git/told')).toBe('entered\n')
    process.kill(-(client.pid ?? Number.NaN), 'SIGKILL')
    await server.requests.waitFor(({ url, done }) => url.endsWith('/git-receive-pack') && done)
    expect(await remote.log('main')).toHaveLength(1)
    await tree.write('cars.git/go', 'go\n')
    expect(await tree.read('cars.git/told')).toBe('applied\n')
    expect(await remote.log('main')).toHaveLength(2)
    await server.close()
  })
})
