import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { createHttpsCredentials } from '@lg/git'
import { createGitHttpServer, listDescendants, watchProcesses } from '@lg/test-kit'
import type { GitHttpServer } from '@lg/test-kit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isBuilt } from './build.ts'
import { commit, createCars, createFolder, failure, openCars, write } from './fixture.ts'

const token = 'glpat-s3cret/with+signs=%41 "q"'
/** Each way in which it could show. */
const forms = [token, encodeURIComponent(token), Buffer.from(`bot:${token}`).toString('base64'), 's3cret']

async function serve(root: string): Promise<GitHttpServer> {
  const server = await createGitHttpServer({ root, accounts: [{ user: 'bot', token }] })
  onTestFinished(() => server.close())
  return server
}

describe.skipIf(!isBuilt)('a token', () => {
  it('is in no argument, environment, file or error', async () => {
    const root = await createFolder()
    const cars = await createCars(root)
    const server = await serve(root)
    const credentials = createHttpsCredentials({ username: 'bot', password: token })
    const { text, result } = await watchProcesses(async () => {
      const options = { tempDir: root }
      const store = await openCars({ root, url: server.url('cars.git'), credentials, options })
      await store.fetch()
      const target = await commit(store, [await store.resolve('main')], write('cars/a.yaml', 'speed: 3\n'))
      await store.push([{ ref: 'refs/heads/main', target }])
      await cars.setHook('pre-receive', '#!/bin/sh\nexit 1\n')
      const error = await failure(store.push([{ ref: 'refs/heads/two', target }]))
      return { files: grep(root), error: inspect(error, { depth: 9 }) }
    })
    for (const form of forms) {
      expect(text).not.toContain(form)
      expect(result.error).not.toContain(form)
    }
    expect(result.files).toBe('')
  })

  it('is not sent along when the remote redirects to another place, at any step', async () => {
    const root = await createFolder()
    await createCars(root)
    const server = await serve(root)
    const elsewhere = await serve(root)
    const credentials = createHttpsCredentials({ username: 'bot', password: token })
    const store = await openCars({ root, url: server.url('cars.git'), credentials })
    await store.fetch()
    const target = await commit(store, [await store.resolve('main')], write('a', '1'))
    await server.setFault({ type: 'redirect', to: elsewhere.origin })
    const push = (): Promise<void> => store.push([{ ref: 'refs/heads/main', target }])
    for (const call of [() => store.fetch(), () => store.remoteRefs(), push])
      expect((await failure(call())).code).toBe('REDIRECTED')
    expect(elsewhere.requests.entries).toEqual([])
  })

  it('is not sent along when only those who logged in are redirected', async () => {
    const root = await createFolder()
    await createCars(root)
    const elsewhere = await serve(root)
    const gate = createServer((request, response) => {
      if (request.headers.authorization === undefined) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
      } else response.writeHead(302, { location: `${elsewhere.origin}${request.url ?? ''}` }).end()
    })
    await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void gate.close())
    const { port } = gate.address() as AddressInfo
    const credentials = createHttpsCredentials({ username: 'bot', password: token })
    const store = await openCars({ root, url: `http://127.0.0.1:${port}/cars.git`, credentials })
    expect((await failure(store.fetch())).code).toBe('AUTHENTICATION_FAILED')
    expect(elsewhere.requests.entries).not.toEqual([])
    expect(inspect(elsewhere.requests.entries, { depth: 9 })).not.toContain('s3cret')
  })

  it('is asked for by each operation, and once more when it is refused', async () => {
    const root = await createFolder()
    await createCars(root)
    const server = await serve(root)
    const tokens = ['expired-token', token, token]
    const requests: object[] = []
    const credentials = createHttpsCredentials({
      username: 'bot',
      password({ origin, path }) {
        requests.push({ origin, path })
        return tokens.shift() ?? 'too often'
      },
    })
    const store = await openCars({ root, url: server.url('cars.git'), credentials })
    await store.fetch()
    await store.remoteRefs()
    const request = { origin: server.origin, path: 'cars.git' }
    expect(requests).toEqual([request, request, request])
    server.setAccounts([])
    expect((await failure(store.fetch())).code).toBe('AUTHENTICATION_FAILED')
    expect(requests).toHaveLength(5)
  })

  it('passes on why it could not be had', async () => {
    const root = await createFolder()
    await createCars(root)
    const server = await serve(root)
    const sealed = new Error('vault sealed')
    const credentials = createHttpsCredentials({ password: () => Promise.reject(sealed) })
    const store = await openCars({ root, url: server.url('cars.git'), credentials })
    expect(await failure(store.fetch())).toBe(sealed)
  })
})

describe.skipIf(!isBuilt)('a fetch whose process is lost', () => {
  it('is done again, with the credentials asked for anew', async () => {
    const root = await createFolder()
    await createCars(root)
    const server = await serve(root)
    let asked = 0
    let killed = false
    const password = (): string => (asked++, token)
    const credentials = createHttpsCredentials({ username: 'bot', password })
    const store = await openCars({ root, url: server.url('cars.git'), credentials })
    const isPack = server.requests.waitFor(({ method }) => method === 'POST')
    await server.setFault({
      type: 'intercept',
      async run() {
        if (asked !== 1 || killed) return
        killed = true
        const engines = listDescendants().filter(({ args }) => args.some((arg) => arg.endsWith('/main.mjs')))
        for (const { pid } of engines) process.kill(pid, 'SIGKILL')
      },
    })
    expect((await store.fetch()).changed).toHaveLength(1)
    await isPack
    expect(asked).toBe(2)
  })
})

describe.skipIf(!isBuilt)('a push whose answer is lost', () => {
  it('says so, and can be settled by pushing again', async () => {
    const root = await createFolder()
    const cars = await createCars(root)
    const server = await serve(root)
    const credentials = createHttpsCredentials({ username: 'bot', password: token })
    const store = await openCars({ root, url: server.url('cars.git'), credentials })
    await store.fetch()
    const base = await store.resolve('main')
    const target = await commit(store, [base], write('a', '1'))
    const update = { ref: 'refs/heads/main', target, expected: base }
    await server.setFault({ type: 'drop', after: 'push' }, { times: 1 })
    expect(await failure(store.push([update]))).toMatchObject({
      code: 'REMOTE_UNAVAILABLE',
      details: { sent: true },
    })
    expect((await cars.refs())['refs/heads/main']).toBe(target)
    await store.push([update])
    await server.setFault({ type: 'gone' })
    const other = await commit(store, [target], write('a', '2'))
    expect(await failure(store.push([{ ref: 'refs/heads/main', target: other }]))).toMatchObject({
      code: 'REMOTE_UNAVAILABLE',
      details: { sent: false },
    })
  })

  it('never overwrites what somebody else pushed between the look and the push', async () => {
    const root = await createFolder()
    const cars = await createCars(root)
    const server = await serve(root)
    const credentials = createHttpsCredentials({ username: 'bot', password: token })
    const store = await openCars({ root, url: server.url('cars.git'), credentials })
    await store.fetch()
    const target = await commit(store, [await store.resolve('main')], write('a', '1'))
    let theirs = ''
    let requests = 0
    await server.setFault({
      type: 'intercept',
      async run() {
        // The fourth request is the push itself: the refs have been looked at.
        if (++requests === 4) theirs = await cars.commit({ files: { 'cars/z.yaml': '1' } })
      },
    })
    const error = await failure(store.push([{ ref: 'refs/heads/main', target }]))
    expect(theirs).not.toBe('')
    expect(error.code).toBe('REF_CHANGED')
    expect((await cars.refs())['refs/heads/main']).toBe(theirs)
  })
})

/** Files below a folder that hold the secret; the server's own account is in memory only. */
function grep(root: string): string {
  const args = ['-rlF', '--devices=skip', ...forms.flatMap((form) => ['-e', form]), root]
  try {
    return execFileSync('grep', args, { encoding: 'utf8' })
  } catch (error) {
    if ((error as { status: number }).status === 1) return ''
    throw error
  }
}
