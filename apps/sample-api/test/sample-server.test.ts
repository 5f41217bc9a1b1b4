import { silentLogger } from '@lg/runtime'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkObjectName, jsonAnswer, startSampleServer, type SampleServer } from '../src/index.ts'

let server: SampleServer
let release: () => void

beforeEach(async () => {
  const held = new Promise<void>((resolve) => (release = resolve))
  server = await startSampleServer({
    host: '127.0.0.1',
    port: 0,
    logger: silentLogger,
    signedPaths: ['/hook'],
    routes: (app) => {
      app.post('/hook', (context) => context.text('heard'))
      app.put('/things/:name', async (context) => {
        const text = await context.req.text()
        return jsonAnswer({
          name: checkObjectName(context.req.param('name')),
          bytes: text.length,
          large: 2n ** 64n,
        })
      })
      app.get('/slow', async (context) => {
        await held
        return context.text('done')
      })
      app.get('/broken', () => {
        throw new Error('the secret plan')
      })
    },
  })
})

afterEach(() => {
  release()
  return server.close(0)
})

interface Answer {
  readonly status: number
  readonly body: string
}

function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<Answer> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
    })
    sent.on('error', reject).end(body)
  })
}

const json = { 'content-type': 'application/json' }

describe('the shell of the samples', () => {
  it('welcomes a plain client', async () => {
    expect(await send('GET', '/')).toEqual({ status: 200, body: 'Welcome!' })
  })

  it('writes integers beyond 2^53 digit for digit', async () => {
    const answer = await send('PUT', '/things/foo')
    expect(answer.status).toBe(200)
    expect(answer.body).toContain('"large": 18446744073709551616')
  })

  it('takes an empty body without a content type, and JSON', async () => {
    expect((await send('PUT', '/things/foo')).status).toBe(200)
    expect((await send('PUT', '/things/foo', json, '{"a":1}')).body).toContain('"bytes": 7')
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonx',
    '',
  ])('refuses a body of type "%s" with 415', async (type) => {
    expect((await send('PUT', '/things/foo', { 'content-type': type }, 'x=1')).status).toBe(415)
  })

  it('refuses the Host of another name (DNS rebinding) with 421', async () => {
    expect((await send('GET', '/', { host: 'evil.example' })).status).toBe(421)
    expect((await send('GET', '/', { host: 'localhost@evil.example' })).status).toBeGreaterThanOrEqual(400)
    expect((await send('GET', '/', { host: 'localhost:1234' })).status).toBe(200)
  })

  it.each(['http://evil.example', 'null', 'http://localhost:1', 'https://localhost.evil.example'])(
    'refuses Origin %s with 403',
    async (origin) => {
      expect((await send('PUT', '/things/foo', { ...json, origin }, '{}')).status).toBe(403)
    },
  )

  it('takes a signed request by any host name, from no page, and as JSON', async () => {
    const host = { host: 'hooks.example.org' }
    expect(await send('POST', '/hook?by=proxy', { ...json, ...host }, '{}')).toMatchObject({ body: 'heard' })
    expect((await send('POST', '/hook', { ...json, ...host, origin: server.url }, '{}')).status).toBe(403)
    expect((await send('POST', '/hook', { ...host, 'content-type': 'text/plain' }, '{}')).status).toBe(415)
    for (const path of ['/hook/', '/hook/..', '//hook', '/HOOK', '/things/foo?/hook']) {
      expect((await send('POST', path, { ...json, ...host }, '{}')).status).toBe(421)
    }
  })

  it('takes its own Origin', async () => {
    expect((await send('PUT', '/things/foo', { ...json, origin: server.url }, '{}')).status).toBe(200)
  })

  it('refuses more than 1 MiB with 413', async () => {
    expect((await send('PUT', '/things/foo', json, 'x'.repeat(1024 * 1024 + 1))).status).toBe(413)
  })

  it.each([
    '/things/..',
    '/things/../x',
    '/things/%2e%2e',
    '/things/..%2fx',
    '/things/a%2fb',
    '/things/a%00b',
    '/things/Foo',
    '/things/-foo',
    '/things/foo.',
    '/things/%ff',
    '/things/%',
  ])('answers 400 to %s', async (path) => {
    const answer = await send('PUT', path)
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.body)).toHaveProperty('error.message')
  })

  it.each([254, 10_000])('answers 400 to a name of %i characters', async (length) => {
    expect((await send('PUT', `/things/${'a'.repeat(length)}`)).status).toBe(400)
  })

  it('answers an unknown route with JSON and 404', async () => {
    const answer = await send('GET', '/nothing')
    expect(answer.status).toBe(404)
    expect(JSON.parse(answer.body)).toHaveProperty('error.code', 'NO_ROUTE')
  })

  it('keeps the words of an unforeseen failure to itself', async () => {
    const answer = await send('GET', '/broken')
    expect(answer.status).toBe(500)
    expect(answer.body).not.toContain('secret')
  })

  it('survives what is no HTTP', async () => {
    const { hostname, port } = new URL(server.url)
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.write('\0\0\0 garbage\r\n\r\n'))
      socket
        .resume()
        .on('close', resolve)
        .on('error', () => {})
    })
    expect((await send('GET', '/')).status).toBe(200)
  })

  it('finishes a running request on close, and takes no new one', async () => {
    const slow = send('GET', '/slow')
    await send('GET', '/')
    const closed = server.close()
    await expect(send('GET', '/')).rejects.toThrow()
    release()
    expect((await slow).body).toBe('done')
    await closed
  })

  it('cuts a request that outlives the grace', async () => {
    const slow = send('GET', '/slow').then(
      () => 'answered',
      () => 'cut',
    )
    await send('GET', '/')
    await server.close(1)
    expect(await slow).toBe('cut')
  })

  it('says when the port is taken', async () => {
    const port = Number(new URL(server.url).port)
    const second = startSampleServer({ host: '127.0.0.1', port, logger: silentLogger, routes: () => {} })
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
