import { createServer, request as forward } from 'node:http'
import type { Server } from 'node:http'
import { writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createHttpsCredentials } from '@lg/git'
import { createGitCli } from '@lg/git-cli'
import {
  createCertificate,
  createGitHttpServer,
  createGitSpy,
  findProgram,
  watchProcesses,
} from '@lg/test-kit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { commit, createCars, createFolder, failure, openCars, write } from './fixture.ts'

const secret = 'pr0xy+s3cret'
const openssl = await findProgram('openssl')

interface Proxy {
  readonly url: string
  /** What it was sent to say who asks. */
  readonly authorizations: ReadonlySet<string | undefined>
  readonly forwarded: readonly string[]
}

/** Forwards plain HTTP for those who know the secret. */
async function createProxy(): Promise<Proxy> {
  const authorizations = new Set<string | undefined>()
  const forwarded: string[] = []
  const server: Server = createServer((request, response) => {
    const authorization = request.headers['proxy-authorization']
    authorizations.add(authorization)
    if (authorization !== `Basic ${Buffer.from(`alice:${secret}`).toString('base64')}`) {
      request.resume()
      response.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="proxy"' }).end()
      return
    }
    forwarded.push(request.url ?? '')
    const { 'proxy-authorization': _, ...headers } = request.headers
    const onward = forward(request.url ?? '', { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    request.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, authorizations, forwarded }
}

describe('a proxy', () => {
  it('is used with its password and the one of the remote, which show nowhere', async () => {
    const root = await createFolder()
    await createCars(root)
    const server = await createGitHttpServer({ root, accounts: [{ user: 'bot', token: 'tok+en' }] })
    onTestFinished(() => server.close())
    const { url, forwarded } = await createProxy()
    const spy = await createGitSpy()
    onTestFinished(() => spy.close())
    const proxy = { url, username: 'alice', password: () => secret }
    const { text } = await watchProcesses(async () => {
      const store = await openCars({
        root,
        url: server.url('cars.git'),
        credentials: createHttpsCredentials({ username: 'bot', password: 'tok+en' }),
        options: { proxy, git: spy.binary },
      })
      await store.fetch()
      const target = await commit(store, [await store.resolve('main')], write('a', '1'))
      await store.push([{ ref: 'refs/heads/main', target }])
    })
    expect(forwarded.length).toBeGreaterThan(0)
    for (const form of [secret, encodeURIComponent(secret), 'tok+en']) {
      expect(text).not.toContain(form)
      expect(await spy.text()).not.toContain(form)
    }
    expect(text).toContain('http.proxy=http://alice@127.0.0.1:')
  })

  it('that does not accept the password, or is not there, is a coded error', async () => {
    const root = await createFolder()
    await createCars(root)
    const server = await createGitHttpServer({ root })
    onTestFinished(() => server.close())
    const { url, forwarded } = await createProxy()
    const open = (
      proxy: { readonly url: string; readonly username?: string; readonly password?: string },
      dir: string,
    ) => openCars({ root, dir: join(root, dir), url: server.url('cars.git'), options: { proxy } })
    const wrong = await open({ url, username: 'alice', password: 'wr0ng-one' }, 'wrong')
    const error = await failure(wrong.fetch())
    expect(error).toMatchObject({ code: 'AUTHENTICATION_FAILED' })
    expect(error.message).toContain('proxy')
    expect(error.message).not.toContain('wr0ng-one')
    const gone = await open({ url: 'http://127.0.0.1:1' }, 'gone')
    expect((await failure(gone.fetch())).code).toBe('REMOTE_UNAVAILABLE')
    expect(forwarded).toEqual([])
  })

  it.each(['no url', 'ftp://proxy', 'http://alice:secret@proxy:3128'])('%s is refused', (url) => {
    expect(() => createGitCli({ proxy: { url } })).toThrow(
      expect.objectContaining({ code: 'INVALID_CREDENTIALS' }),
    )
  })
})

describe('certificate authorities of ones own', () => {
  it.skipIf(openssl === undefined)('are trusted, and nobody else is', async () => {
    const root = await createFolder()
    await createCars(root)
    const tls = await createCertificate()
    const cert = join(root, 'cert.pem')
    await writeFile(cert, tls.cert)
    const server = await createGitHttpServer({ root, tls })
    onTestFinished(() => server.close())
    const url = server.url('cars.git')
    const trusting = await openCars({ root, url, options: { certificateAuthorities: cert } })
    expect((await trusting.fetch()).changed).toHaveLength(1)
    const strict = await openCars({ root, url, dir: join(root, 'strict') })
    const error = await failure(strict.fetch())
    expect(error.code).toBe('REMOTE_UNAVAILABLE')
    expect(error.message).toContain('certificate')
  })

  it('that cannot be read are a coded error that names the file', async () => {
    const root = await createFolder()
    const file = join(root, 'nowhere.pem')
    const opening = openCars({ root, options: { certificateAuthorities: file } })
    expect(await failure(opening)).toMatchObject({ code: 'INVALID_CREDENTIALS', details: { file } })
  })
})
