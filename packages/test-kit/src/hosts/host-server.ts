import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { systemClock, type Clock } from '@lg/runtime'
import { cut, listen } from '../listener.ts'
import { createRecorder, type Recording } from '../recording.ts'
import type { CheckExchange, HostAnswer, HostExchange, HostRequest } from './exchange.ts'
import { createHostFaults, type HostFault, type HostFaults } from './host-fault.ts'

/** What a kind of host makes of a request. */
export interface HostService {
  /** Path of the API, without a slash at the end: `/api/v3`. */
  readonly root: string
  answer(request: HostRequest, view: HostView): Promise<HostAnswer>
}

export interface HostView {
  /** Answer as before the last write. */
  readonly stale: boolean
}

export interface HostServer {
  /** Scheme, host and port. */
  readonly url: string
  readonly requests: Recording<HostExchange>
  /** Where exchanges do not agree with the description of the API. */
  readonly problems: readonly string[]
  readonly faults: HostFaults
  close(): Promise<void>
}

/** Serves the API of a host on loopback. Writes are served one after the other, as a database would have it. */
export async function createHostServer(
  service: HostService,
  options: { readonly clock?: Clock | undefined; readonly check?: CheckExchange | undefined } = {},
): Promise<HostServer> {
  const { clock = systemClock, check } = options
  const recorder = createRecorder<HostExchange>()
  const problems: string[] = []
  const faults = createHostFaults()
  const closing = new AbortController()
  let writes: Promise<unknown> = Promise.resolve()

  const inOrder = async (request: HostRequest, view: HostView): Promise<HostAnswer> => {
    if (request.method === 'GET') return await service.answer(request, view)
    const turn = writes.then(() => service.answer(request, view))
    writes = turn.catch(() => undefined)
    return await turn
  }

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(message, service.root)
    if (request === undefined) return send(response, { status: 404, body: { message: 'No API here' } })
    const fault = faults.take(request)
    const exchange = { ...request, answer: undefined as HostAnswer | undefined, fault: fault?.type }
    recorder.add(exchange)
    const ready = fault === undefined ? undefined : await beforeServing(fault, request, clock, closing.signal)
    if (ready === 'cut') return cut(message.socket, false)
    const answer = ready ?? (await inOrder(request, { stale: fault?.type === 'stale' }))
    if (fault?.type === 'cut') return cut(message.socket, false)
    exchange.answer = answer
    recorder.changed()
    if (ready === undefined) problems.push(...(check?.(exchange) ?? []))
    if (fault?.type === 'huge') return await sendHuge(response, fault.bytes)
    if (fault?.type === 'half') return sendHalf(message, response, answer)
    send(response, answer)
  }

  const server = createServer((message, response) => {
    // A test that has ended does not want to hear about what it left open.
    response.on('error', () => undefined)
    serve(message, response).catch((error: unknown) => {
      if (closing.signal.aborted) return
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
      problems.push(`${message.method} ${message.url}: the fake host failed: ${text}`)
      send(response, { status: 500, body: { message: 'The fake host failed' } })
    })
  })
  const listener = await listen(server)
  return {
    url: `http://127.0.0.1:${listener.port}`,
    requests: recorder.recording,
    problems,
    faults,
    async close() {
      closing.abort()
      await listener.close()
      await writes
    },
  }
}

async function readRequest(message: IncomingMessage, root: string): Promise<HostRequest | undefined> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  const [path = '', query = ''] = (message.url ?? '').split('?', 2)
  if (!path.startsWith(`${root}/`) && !path.startsWith('/api/')) return undefined
  return {
    method: message.method ?? 'GET',
    path: path.startsWith(`${root}/`) ? path.slice(root.length) : path,
    query: new URLSearchParams(query),
    headers: message.headers,
    body: text === '' ? undefined : parsed(text),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

async function beforeServing(
  fault: HostFault,
  request: HostRequest,
  clock: Clock,
  signal: AbortSignal,
): Promise<HostAnswer | 'cut' | undefined> {
  switch (fault.type) {
    case 'status':
      return { status: fault.status, body: fault.body, ...(fault.headers && { headers: fault.headers }) }
    case 'html': {
      const body = '<!DOCTYPE html>\n<html><body><h1>Please sign in</h1></body></html>\n'
      return { status: fault.status ?? 200, body, headers: { 'content-type': 'text/html; charset=utf-8' } }
    }
    case 'redirect':
      return { status: fault.status ?? 302, headers: { location: fault.to } }
    case 'huge':
      return { status: 200 }
    case 'cut':
      return fault.served ? undefined : 'cut'
    case 'delay':
      await clock.sleep(fault.milliseconds, { signal })
      return undefined
    case 'intercept':
      await fault.run(request)
      return undefined
    default:
      return undefined
  }
}

function send(response: ServerResponse, { status, body, headers = {} }: HostAnswer): void {
  const text =
    typeof body === 'string' ? body
    : body === undefined ? ''
    : JSON.stringify(body)
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8'
  response.writeHead(status, { ...(text !== '' && { 'content-type': type }), ...headers }).end(text)
}

function sendHalf(message: IncomingMessage, response: ServerResponse, { status, body }: HostAnswer): void {
  const text = JSON.stringify(body ?? {})
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': String(text.length) })
  response.write(text.slice(0, text.length / 2), () => cut(message.socket, false))
}

async function sendHuge(response: ServerResponse, bytes: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' })
  const chunk = Buffer.alloc(64 * 1024, ' ')
  for (let sent = 0; sent < bytes && !response.destroyed; sent += chunk.length) {
    if (response.write(chunk)) continue
    const done = new AbortController()
    const closed = once(response, 'close', { signal: done.signal }).catch(() => undefined)
    await Promise.race([once(response, 'drain', { signal: done.signal }).catch(() => undefined), closed])
    done.abort()
  }
  response.end('[]')
}
