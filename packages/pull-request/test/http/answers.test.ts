import { createApi, failureOf, type Api } from './api.ts'
import { createHttpFetch, httpErrors, parseBaseUrl } from '@lg/pull-request/http'
import { createCertificate, createGitHttpServer, createTree, findProgram } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const openssl = await findProgram('openssl')
let api: Api
beforeEach(async () => void (api = await createApi()))
afterEach(() => api.close())

describe('an answer', () => {
  it('is read to its end, as the host gave it', async () => {
    const response = await api.fetchWith()(api.url)
    expect(await response.json()).toMatchObject({ full_name: 'lg/cars' })
    expect(response.headers.get('content-type')).toContain('json')
  })

  it('without a body is one', async () => {
    const response = await api.fetchWith()(`${api.url}/assignees/${api.host.login}`)
    expect([response.status, await response.text()]).toEqual([204, ''])
  })

  it('that is a page of HTML is none', async () => {
    api.host.addFault({ type: 'html' })
    const error = await failureOf(api.fetchWith()(api.url))
    expect(httpErrors.is(error, 'BAD_ANSWER') && error.details.reason).toContain('text/html')
  })

  it('that says it is JSON and is not is none', async () => {
    const headers = { 'content-type': 'application/json' }
    api.host.addFault({ type: 'status', status: 200, body: '{"half":', headers })
    expect(httpErrors.is(await failureOf(api.fetchWith()(api.url)), 'BAD_ANSWER')).toBe(true)
  })

  it('that is text is one for a request that asks for text', async () => {
    api.host.addFault({ type: 'status', status: 200, body: 'diff --git a/x b/x' })
    const response = await api.fetchWith()(api.url, { headers: { accept: 'text/plain' } })
    expect(await response.text()).toBe('diff --git a/x b/x')
  })

  it('of 100 MB is cut', async () => {
    api.host.addFault({ type: 'huge', bytes: 100 * 1024 * 1024 })
    const before = process.memoryUsage().arrayBuffers
    const error = await failureOf(api.fetchWith({ bodyLimit: 1024 * 1024 })(api.url))
    expect(httpErrors.is(error, 'BAD_ANSWER') && error.details.reason).toContain('more than 1048576 bytes')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 * 1024)
  })

  it('that does not come is TIMEOUT', async () => {
    // The host's clock stands still.
    api.host.addFault({ type: 'intercept', run: () => new Promise(() => undefined) })
    const fetch = createHttpFetch({ baseUrl: api.host.apiUrl, token: api.host.token, timeout: 50 })
    const read = await failureOf(fetch(api.url))
    expect(httpErrors.is(read, 'TIMEOUT') && read.details).toMatchObject({ timeout: 50, sent: false })
    const write = await failureOf(fetch(api.url, { method: 'POST', body: '{}' }))
    expect(httpErrors.is(write, 'TIMEOUT') && write.details.sent).toBe(true)
  })

  it('is not waited for after an abort', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    api.host.addFault({ type: 'intercept', run: () => new Promise(() => controller.abort(reason)) })
    expect(await failureOf(api.fetchWith()(api.url, { signal: controller.signal }))).toBe(reason)
    expect(await failureOf(api.fetchWith()(api.url, { signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(api.host.requests.entries).toHaveLength(1)
  })
})

describe('a host', () => {
  it('that is not there is NETWORK, and a write was not sent', async () => {
    await api.host.close()
    const error = await failureOf(api.fetchWith()(api.url, { method: 'POST', body: '{}' }))
    expect(httpErrors.is(error, 'NETWORK') && error.details).toMatchObject({ sent: false })
  })

  it.skipIf(openssl === undefined)(
    'whose certificate is not trusted gets nothing, and the message says what to do',
    async () => {
      const tree = await createTree()
      const tls = await createCertificate()
      const server = await createGitHttpServer({ root: tree.dir, tls })
      const fetch = createHttpFetch({ baseUrl: server.origin, token: 'some-token' })
      const error = await failureOf(fetch(`${server.origin}/x`, { method: 'POST', body: '{}' }))
      expect(httpErrors.is(error, 'NETWORK') && error.details).toMatchObject({ sent: false })
      expect((error as Error).message).toContain('pass a fetch that trusts it')
      expect(server.requests.entries).toEqual([])
      await server.close()
      await tree.close()
    },
  )
})

describe('a base URL', () => {
  it.each([
    ['https://git.example.org', 'https://git.example.org'],
    ['https://git.example.org/', 'https://git.example.org'],
    ['https://git.example.org:8443/gitlab//', 'https://git.example.org:8443/gitlab'],
    ['http://127.0.0.1:3000/api', 'http://127.0.0.1:3000/api'],
    ['http://localhost', 'http://localhost'],
    ['HTTPS://Git.Example.org/API', 'https://git.example.org/API'],
  ])('%s becomes %s', (given, expected) => expect(parseBaseUrl(given)).toBe(expected))

  it.each([
    'git.example.org',
    'ftp://git.example.org',
    'http://git.example.org',
    'https://user:secret-word@git.example.org',
    'https://git.example.org/?a=b',
    'https://git.example.org/#x',
    '',
  ])('%j is refused', (given) => {
    let error: unknown
    try {
      parseBaseUrl(given)
    } catch (thrown) {
      error = thrown
    }
    expect(httpErrors.is(error, 'INVALID_OPTION')).toBe(true)
    expect(String(error)).not.toContain('secret-word')
  })

  it('may be plain http where that is allowed', () => {
    expect(parseBaseUrl('http://git.example.org', { insecureHttp: true })).toBe('http://git.example.org')
  })
})
