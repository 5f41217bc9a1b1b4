import { once } from 'node:events'
import { createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { parseRepositoryReference } from '@lg/git'
import { isLgError } from '@lg/runtime'
import {
  createWebhookReceiver,
  isHmac,
  isSameText,
  movesBranch,
  readUsualPush,
  verifySignedBody,
  bytesOf,
  type WebhookEvent,
} from '@lg/pull-request/webhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const secret = 'a-secret-of-both'
const oid = '1'.repeat(40)
const receiver = createWebhookReceiver(
  {
    host: 'Example',
    verify: async ({ headers, secret: known }) =>
      (await isSameText(headers.get('x-password') ?? '', known)) ?
        { type: 'verified' }
      : { type: 'refused', reason: 'the password does not fit' },
    parse: (payload, headers) =>
      payload.optionalText('ref') === undefined ?
        { type: 'other', name: 'ping' }
      : readUsualPush(payload, headers.get('x-id') ?? undefined, payload.record('repository').text('url')),
  },
  { secret, bodyLimit: 1024 },
)

describe('a receiver behind a real server', () => {
  let server: Server
  let url = ''
  const failures: unknown[] = []

  beforeAll(async () => {
    server = createServer((incoming, response) => {
      const init = {
        method: incoming.method ?? 'GET',
        headers: Object.entries(incoming.headers).map(
          ([name, value]) => [name, String(value)] as [string, string],
        ),
        ...(incoming.method === 'POST' && { body: Readable.toWeb(incoming), duplex: 'half' }),
      } as RequestInit
      receiver.receive(new Request(`http://localhost${incoming.url ?? '/'}`, init)).then(
        (event) => response.end(event.type),
        (error: unknown) => {
          failures.push(error)
          const status = isLgError(error) ? (error.details as { readonly status: number }).status : 500
          response.writeHead(status).end()
        },
      )
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/git`
  })
  afterAll(() => void server.close())

  const post = (body: BodyInit, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-password': secret, ...headers },
      body,
      duplex: 'half',
    } as RequestInit)

  it('answers as the details of the error say', async () => {
    expect(await (await post('{}')).text()).toBe('other')
    expect((await post('{}', { 'x-password': 'a-guess' })).status).toBe(401)
    expect((await post('{}', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await fetch(url)).status).toBe(405)
    expect((await post('{')).status).toBe(400)
    expect((await post(`{"a":"${'x'.repeat(2000)}"}`)).status).toBe(413)
  })

  it('refuses what never ends once it is too large, and what ends too early', async () => {
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode(' '.repeat(500))),
    })
    const answer = await post(endless).then(
      ({ status }) => status,
      () => 'cut',
    )
    expect([413, 'cut']).toContain(answer)
    expect(failures.at(-1)).toMatchObject({ code: 'TOO_LARGE' })

    const cut = httpRequest(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '100', 'x-password': secret },
    })
    cut.on('error', () => undefined)
    const before = failures.length
    const arrived = once(server, 'request')
    cut.write('{"ref"')
    await arrived
    cut.destroy()
    await expect.poll(() => failures.length).toBe(before + 1)
    expect(failures.at(-1)).toMatchObject({ code: 'BAD_PAYLOAD' })
  })

  it('gives the repository, and refuses one that is none', async () => {
    const body = (repository: string): string =>
      JSON.stringify({ ref: 'refs/heads/main', before: oid, after: oid, repository: { url: repository } })
    expect(await (await post(body('https://git.example.org/lg/cars.git'))).text()).toBe('push')
    expect((await post(body('https://git.example.org/'))).status).toBe(400)
  })
})

describe('signatures', () => {
  it('are those of RFC 4231, and nothing else', async () => {
    // Its test case 2.
    const hex = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
    const signature = new Uint8Array(Buffer.from(hex, 'hex'))
    const message = bytesOf('what do ya want for nothing?')
    expect(await isHmac(bytesOf('Jefe'), message, signature)).toBe(true)
    expect(await isHmac(bytesOf('Jefe'), message, signature.slice(0, 16))).toBe(false)
    expect(await isHmac(bytesOf('jefe'), message, signature)).toBe(false)
    expect(await isHmac(bytesOf('Jefe'), bytesOf('what do ya want for nothing!'), signature)).toBe(false)
    const delivery = { headers: new Headers(), body: message, secret: 'Jefe', now: 0 }
    expect(await verifySignedBody(delivery, 'X', hex)).toMatchObject({ type: 'verified' })
    expect(await verifySignedBody(delivery, 'X', hex.toUpperCase())).toMatchObject({ type: 'verified' })
    for (const text of [undefined, '', 'abc', 'zz', `0x${hex}`, `${hex} `, hex.slice(2), `${hex}00`])
      expect(await verifySignedBody(delivery, 'X', text)).toMatchObject({ type: 'refused' })
    expect(await isSameText('a', 'a')).toBe(true)
    for (const other of ['', 'b', 'aa', 'A']) expect(await isSameText('a', other)).toBe(false)
  })
})

describe('whether a branch may have moved', () => {
  const event = (url: string, ref = 'refs/heads/main'): WebhookEvent => ({
    type: 'push',
    repository: parseRepositoryReference(url),
    changes: [
      { ref: 'refs/tags/v1', before: null, after: oid },
      { ref, before: oid, after: oid, ...(ref.startsWith('refs/heads/') && { branch: ref.slice(11) }) },
    ],
  })
  const to = (url: string): Parameters<typeof movesBranch>[1] => ({
    repository: parseRepositoryReference(url),
    branch: 'main',
  })

  it.each([
    ['https://github.com/lg/cars.git', 'git@github.com:lg/cars.git', true],
    ['https://github.com/LG/Cars.git', 'ssh://git@ssh.github.com:443/lg/cars', true],
    ['https://git.example.org/gitlab/lg/cars.git', 'git@git.example.org:lg/cars.git', true],
    ['https://public.example.org/lg/cars', 'http://internal:3000/lg/cars', true],
    ['https://git.example.org/lg/cars', '/srv/git/cars.git', true],
    ['https://git.example.org/lg/cars', 'https://git.example.org/lg/bikes', false],
    ['https://git.example.org/lg/cars', 'https://git.example.org/other/cars', false],
    ['https://git.example.org/lg/cars', 'https://git.example.org/lg/race-cars', false],
  ])('a push to %s and a clone of %s: %s', (pushed, cloned, moves) => {
    expect(movesBranch(event(pushed), to(cloned))).toBe(moves)
  })

  it('goes by the branch, and by what came for the first time', () => {
    const url = 'https://github.com/lg/cars'
    expect(movesBranch(event(url, 'refs/heads/other'), to(url))).toBe(false)
    expect(movesBranch(event(url, 'refs/tags/main'), to(url))).toBe(false)
    const repeated = event(url)
    if (repeated.type !== 'push') throw new Error('unreachable')
    expect(movesBranch({ type: 'repeated', event: repeated }, to(url))).toBe(false)
    expect(movesBranch({ type: 'other', name: 'ping' }, to(url))).toBe(false)
    const { repository } = repeated
    const merged = {
      type: 'pullRequest',
      repository,
      action: 'merged',
      number: 1,
      title: 'x',
      head: 'h',
    } as const
    expect(movesBranch({ ...merged, base: 'main' }, to(url))).toBe(true)
    expect(movesBranch({ ...merged, base: 'next' }, to(url))).toBe(false)
    expect(movesBranch({ ...merged, action: 'closed', base: 'main' }, to(url))).toBe(false)
  })
})
