import { createServer, request as httpRequest, type RequestOptions } from 'node:http'
import { createServer as createTlsServer, request as httpsRequest } from 'node:https'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createHttpFetch, type Fetch } from '@lg/pull-request/http'
import { createCertificate, createFakeGitHub, createTree, findProgram } from '@lg/test-kit'
import { expect, it } from 'vitest'

const openssl = await findProgram('openssl')

/** A fetch on a client that knows more than the platform's: a CA, a proxy. */
function fetchOver(
  send: typeof httpRequest,
  optionsOf: (url: URL) => RequestOptions & { readonly ca?: string },
): Fetch {
  return async (input, init) => {
    const asked = new Request(input, init)
    const outgoing = send({
      method: asked.method,
      headers: Object.fromEntries(asked.headers),
      ...optionsOf(new URL(asked.url)),
    })
    outgoing.end(Buffer.from(await asked.arrayBuffer()))
    const [incoming] = await once(outgoing, 'response')
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const headers = Object.entries(incoming.headers as Record<string, string>)
    return new Response(Buffer.concat(chunks), { status: incoming.statusCode, headers })
  }
}

it.skipIf(openssl === undefined)(
  'a fetch that trusts a CA of its own reaches a host with its certificate',
  async () => {
    const { key, cert: ca } = await createCertificate()
    const seen: (string | undefined)[] = []
    const server = createTlsServer({ key, cert: ca }, (request, response) => {
      seen.push(request.headers.authorization)
      response.setHeader('content-type', 'application/json')
      response.end('{"fine":true}')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const baseUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    const fetch = createHttpFetch({
      baseUrl,
      token: 'a-token',
      fetch: fetchOver(httpsRequest as typeof httpRequest, ({ hostname, port, pathname }) => {
        return { hostname, port, path: pathname, ca }
      }),
    })
    expect(await (await fetch(`${baseUrl}/x`)).json()).toEqual({ fine: true })
    expect(seen).toEqual(['Bearer a-token'])
    server.close()
  },
)

it('a fetch through a proxy is all that goes to the host, which nobody else could reach', async () => {
  const tree = await createTree()
  const host = await createFakeGitHub({ dir: tree.dir })
  await host.addRepository({ owner: 'lg', name: 'cars' })
  const asked: string[] = []
  const proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const { pathname, search } = new URL(request.url ?? '')
    const { authorization } = request.headers
    const forward = new URL(pathname + search, host.url)
    fetch(forward, { headers: { authorization: authorization ?? '' } }).then(async (answer) => {
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
    }, response.destroy)
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const { port } = proxy.address() as AddressInfo
  const throughProxy = createHttpFetch({
    baseUrl: 'http://github.invalid/api/v3',
    insecureHttp: true,
    token: host.token,
    fetch: fetchOver(httpRequest, ({ href }) => ({ hostname: '127.0.0.1', port, path: href })),
  })
  const answer = await throughProxy('http://github.invalid/api/v3/repos/lg/cars')
  expect(await answer.json()).toMatchObject({ full_name: 'lg/cars' })
  expect(asked).toEqual(['GET http://github.invalid/api/v3/repos/lg/cars'])
  proxy.close()
  await host.close()
  await tree.close()
})
