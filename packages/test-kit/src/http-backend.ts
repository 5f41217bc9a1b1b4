import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Clock } from '@lg/runtime'
import { readCgi } from './cgi.ts'
import { endGroup } from './children.ts'
import type { Children } from './children.ts'
import type { HttpFault } from './fault.ts'
import { flowUnder, pump } from './flow.ts'
import { hermeticEnvironment } from './git-command.ts'
import type { HttpTarget } from './http-request.ts'
import { cut } from './listener.ts'
import type { RefusalHook } from './refusal-hook.ts'

/** One smart HTTP request that is allowed, and what it needs to be answered. */
export interface BackendExchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly target: HttpTarget
  /** Absolute path of the repository. */
  readonly repository: string
  readonly fault: HttpFault | undefined
  readonly refusal: RefusalHook
  readonly children: Children
  readonly clock: Clock
  /** Aborted when the exchange is over, one way or the other. */
  readonly signal: AbortSignal
}

/** Lets `git http-backend` answer, both ways as a stream. */
export async function answerBackend(exchange: BackendExchange): Promise<void> {
  const { request, response, target, fault, children, signal } = exchange
  const child = children.spawn('git', ['http-backend'], { env: environmentOf(exchange) })
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', () => resolve())
  })
  const input = feed(exchange, child)
  const output = answer(exchange, child)
  // A fetch that nobody waits for is ended. A push goes on with what arrived: whole, or cut off and refused.
  signal.addEventListener('abort', () =>
    target.service === 'fetch' ? endGroup(child, 'SIGTERM') : undefined,
  )
  const [, fate] = await Promise.all([input, output, ended])
  if (fate === 'cut') cut(request.socket, fault?.type === 'drop' && fault.reset)
  else if (!signal.aborted) response.end()
}

/** Gives the request's body to Git. */
async function feed(
  { request, fault, clock, signal }: BackendExchange,
  child: ChildProcessWithoutNullStreams,
): Promise<void> {
  const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  try {
    const end = await pump(body, child.stdin, flowUnder(fault, 'received', clock, signal))
    if (end === 'limit') cut(request.socket, fault?.type === 'drop' && fault.reset)
  } catch (error) {
    // A body that breaks off is the client's doing; Git sees the same end of its input.
    if (!request.errored && !signal.aborted) throw error
  } finally {
    child.stdin.end()
    request.resume()
  }
}

/** Gives Git's answer to the client. */
async function answer(
  { response, fault, clock, signal }: BackendExchange,
  child: ChildProcessWithoutNullStreams,
): Promise<'cut' | 'whole'> {
  const stderr: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  const output = child.stdout.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Uint8Array>
  try {
    if (fault?.type === 'drop' && fault.after === 'push') return 'cut'
    const cgi = await readCgi(output)
    if (cgi === undefined) {
      if (!response.destroyed)
        response.writeHead(500).write(`git http-backend: ${Buffer.concat(stderr).toString()}`)
      return 'whole'
    }
    response.writeHead(cgi.status, cgi.headers)
    const end = await pump(cgi.body, response, flowUnder(fault, 'sent', clock, signal))
    if (end !== 'limit') return 'whole'
    endGroup(child, 'SIGTERM')
    return 'cut'
  } catch (error) {
    if (!signal.aborted) throw error
    return 'whole'
  } finally {
    // What nobody reads must not hold Git up.
    await output.return?.()
    child.stdout.resume()
  }
}

function environmentOf({ request, target, repository, fault, refusal }: BackendExchange): NodeJS.ProcessEnv {
  const { config, environment } = refusal.under(fault)
  const header = (name: string, variable: string): NodeJS.ProcessEnv => {
    const value = request.headers[name]
    return typeof value === 'string' ? { [variable]: value } : {}
  }
  return {
    ...hermeticEnvironment({ 'http.receivepack': 'true', 'receive.autogc': 'false', ...config }),
    ...environment,
    GIT_HTTP_EXPORT_ALL: '1',
    GATEWAY_INTERFACE: 'CGI/1.1',
    REQUEST_METHOD: request.method ?? 'GET',
    QUERY_STRING: target.query,
    PATH_TRANSLATED: join(repository, target.endpoint),
    REMOTE_ADDR: request.socket.remoteAddress ?? '',
    ...header('content-type', 'CONTENT_TYPE'),
    ...header('content-length', 'CONTENT_LENGTH'),
    ...header('content-encoding', 'HTTP_CONTENT_ENCODING'),
    ...header('git-protocol', 'GIT_PROTOCOL'),
  }
}
