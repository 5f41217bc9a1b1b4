import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { systemClock } from '@lg/runtime'
import type { Clock } from '@lg/runtime'
import { createChildren } from './children.ts'
import { createFaultSwitch } from './fault.ts'
import type { FaultControl, HttpFault } from './fault.ts'
import { allows, findRepository } from './git-service.ts'
import type { Access } from './git-service.ts'
import { answerBackend } from './http-backend.ts'
import { answerFault } from './http-fault.ts'
import { parseCredentials, parseTarget } from './http-request.ts'
import type { HttpTarget, RecordedRequest } from './http-request.ts'
import { cut, listen } from './listener.ts'
import { createRecorder } from './recording.ts'
import type { Recording } from './recording.ts'
import { createRefusalHook } from './refusal-hook.ts'

/** Who may use a Git server over HTTP. */
export interface HttpAccount {
  readonly user: string
  readonly token: string
  /** `write` by default. */
  readonly access?: Access
}

/** How a Git server over HTTP is made. */
export interface GitHttpServerOptions {
  /** The folder whose bare repositories are served, in any depth. */
  readonly root: string
  /** User and token pairs for basic authentication. */
  readonly accounts?: readonly HttpAccount[]
  /** What needs no account. By default `write` when no accounts are given, else `none`. */
  readonly anonymous?: Access | 'none'
  /** Serves HTTPS with this key and certificate, both PEM. */
  readonly tls?: { readonly key: string; readonly cert: string }
  /** What slow faults wait on; the system's by default. */
  readonly clock?: Clock
}

/** A Git remote over smart HTTP. */
export interface GitHttpServer extends FaultControl<HttpFault> {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly origin: string
  readonly port: number
  /** Every request, with the credentials that it carried. */
  readonly requests: Recording<RecordedRequest>
  /** The URL of a repository, named by its path below the root. */
  url(repository: string): string
  /** Replaces all accounts, from the next request on: revokes, renews or adds tokens. */
  setAccounts(accounts: readonly HttpAccount[]): void
  /** Frees the port, cuts connections, ends the processes of Git. May be called again. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Serves bare repositories over Git's smart HTTP protocol (versions 0 to 2), with real `git http-backend`, on
 * a free loopback port.
 *
 * Credentials that are wrong or missing get 401, a read-only account that pushes 403, a repository that is
 * not there 404. A push whose client went away is finished if all of it had arrived, as hosts do.
 *
 * @example
 * ```ts
 * const server = await createGitHttpServer({ root, accounts: [{ user: 'bot', token: 'secret' }] })
 * await server.setFault({ type: 'status', status: 500 }, { times: 1, on: 'push' })
 * // ... git push server.url('cars.git') ...
 * await server.close()
 * ```
 */
export async function createGitHttpServer(options: GitHttpServerOptions): Promise<GitHttpServer> {
  const { root, tls, clock = systemClock } = options
  const anonymous = options.anonymous ?? (options.accounts === undefined ? 'write' : 'none')
  let accounts = options.accounts ?? []
  const { recording, add, changed } = createRecorder<RecordedRequest>()
  const faults = createFaultSwitch<HttpFault>()
  const children = createChildren()
  const refusal = await createRefusalHook()
  const handled = new Set<Promise<void>>()

  const accessOf = (credentials: RecordedRequest['credentials']): Access | undefined => {
    if (credentials === undefined) return anonymous === 'none' ? undefined : anonymous
    const { user, token } = credentials
    const account = accounts.find((candidate) => candidate.user === user && candidate.token === token)
    return account === undefined ? undefined : (account.access ?? 'write')
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = parseTarget(request)
    const credentials = parseCredentials(request.headers.authorization)
    const closed = new AbortController()
    response.on('close', () => {
      closed.abort(new Error('The client went away'))
      changed()
    })
    add(follow(request, response, target, credentials))

    const fault = faults.take({ at: 'request', service: target?.service, pushes: target?.pushes ?? false })
    if (
      fault !== undefined &&
      !(await answerFault({ fault, target, request, response, clock, signal: closed.signal }))
    )
      return
    if (target === undefined) return refuse(request, response, 404, 'No Git request')
    const access = accessOf(credentials)
    // Who came without credentials may have some: a client sends them once it is asked to.
    if (!allows(access, target.service)) {
      return access === undefined || credentials === undefined ?
          refuse(request, response, 401, 'A user and a token are needed')
        : refuse(request, response, 403, 'This account may only read')
    }
    const repository = await findRepository(root, target.repository)
    if (repository === undefined) return refuse(request, response, 404, `No repository ${target.repository}`)
    await answerBackend({
      request,
      response,
      target,
      repository,
      fault,
      refusal,
      children,
      clock,
      signal: closed.signal,
    })
  }

  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const work: Promise<void> = handle(request, response)
      .catch((error: unknown) => {
        // The client is told, as nobody else listens; one that went away needs no answer.
        if (response.destroyed) return
        if (response.headersSent) return cut(request.socket, false)
        refuse(request, response, 500, `The test server failed: ${String(error)}`)
      })
      .finally(() => handled.delete(work))
    handled.add(work)
  }
  const server = tls === undefined ? createServer(listener) : createTlsServer({ ...tls }, listener)
  // Big pushes may take their time.
  server.requestTimeout = 0
  const { port, open, close: stop } = await listen(server)
  const origin = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`

  const close = async (): Promise<void> => {
    await stop()
    await children.close()
    await Promise.all(handled)
    await refusal.close()
  }
  return {
    origin,
    port,
    requests: recording,
    url: (repository) => `${origin}/${repository.split('/').map(encodeURIComponent).join('/')}`,
    setAccounts(next) {
      accounts = next
    },
    async setFault(fault, faultOptions) {
      faults.set(fault, faultOptions)
      await (fault.type === 'gone' ? stop() : open())
    },
    async clearFault() {
      faults.set(undefined)
      await open()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** A record that follows its exchange: what the client has seen of it is in it already. */
function follow(
  { method = '', url = '', headers }: IncomingMessage,
  response: ServerResponse,
  target: HttpTarget | undefined,
  credentials: RecordedRequest['credentials'],
): RecordedRequest {
  return {
    method,
    url,
    headers,
    service: target?.service,
    repository: target?.repository,
    credentials,
    get status() {
      return response.headersSent ? response.statusCode : undefined
    },
    get done() {
      return response.closed
    },
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
  // What is left of the body is read, so that the client gets to read the answer.
  request.resume()
  const challenge = status === 401 ? { 'WWW-Authenticate': 'Basic realm="Git"' } : {}
  response.writeHead(status, { 'Content-Type': 'text/plain', ...challenge }).end(`${text}\n`)
}
