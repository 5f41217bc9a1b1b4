import { serve, type HttpBindings } from '@hono/node-server'
import { isLgError, type Logger } from '@lg/runtime'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { statusOfError } from './error-status.ts'
import { errorAnswer } from './json-answer.ts'
import { refuseRequest } from './request-guard.ts'

export type SampleRoutes = Hono<{ Bindings: HttpBindings }>

export interface SampleServerOptions {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  readonly logger: Logger
  /** Paths whose requests prove by a signature who sends them, as webhooks do: they may come by any host name. */
  readonly signedPaths?: readonly string[] | undefined
  /** Adds the routes of the app; `GET /` is there already. */
  readonly routes: (app: SampleRoutes) => void
}

export interface SampleServer {
  readonly url: string
  /** Lets running requests finish for at most `grace` milliseconds (10 s), then cuts them. */
  close(grace?: number): Promise<void>
}

const bodyBytes = 1024 * 1024

/**
 * Serves the routes of a sample on HTTP, with the safety that all samples share.
 *
 * @throws the system's `EADDRINUSE` when the port is taken.
 */
export async function startSampleServer({
  host,
  port,
  logger,
  signedPaths,
  routes,
}: SampleServerOptions): Promise<SampleServer> {
  const hosts = new Set(['localhost', '127.0.0.1', '[::1]', new URL(`http://${hostInUrl(host)}`).hostname])
  const app: SampleRoutes = new Hono()

  app.use(async (context, next) => {
    const refusal = refuseRequest(context.env.incoming, hosts, signedPaths)
    return refusal ? errorAnswer(refusal.status, 'REFUSED', refusal.reason) : next()
  })
  app.use(
    bodyLimit({
      maxSize: bodyBytes,
      onError() {
        const answer = errorAnswer(413, 'TOO_LARGE', 'The body is larger than 1 MiB')
        // The rest of the body is not read, so nothing else can come on this connection.
        answer.headers.set('connection', 'close')
        return answer
      },
    }),
  )
  app.get('/', (context) => context.text('Welcome!'))
  routes(app)
  app.notFound(({ req }) =>
    errorAnswer(404, 'NO_ROUTE', `Nothing answers ${req.method} ${req.path.slice(0, 200)}`),
  )
  app.onError((error) => {
    if (error instanceof HTTPException) return errorAnswer(error.status, 'BAD_REQUEST', error.message)
    const status = statusOfError(error)
    if (status >= 500) logger.error('Request failed', { error })
    return isLgError(error) ?
        errorAnswer(status, error.code, error.message)
      : errorAnswer(500, 'INTERNAL', 'Something failed that has no name; the log tells more')
  })

  const server = await listen(app, host, port)
  let finished = (): void => {}
  server.on('request', (_request, response) => response.once('close', () => finished()))
  const { port: actual } = server.address() as AddressInfo
  return {
    url: `http://${hostInUrl(host)}:${actual}`,
    close: (grace = 10_000) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), grace)
        server.close(() => {
          clearTimeout(timer)
          resolve()
        })
        // A connection kept alive is idle only once its last answer is out.
        finished = () => server.closeIdleConnections()
        finished()
      }),
  }
}

function listen(app: SampleRoutes, hostname: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname, port }, () => {
      server.off('error', reject)
      resolve(server)
    }) as Server
    server.once('error', reject)
  })
}

const hostInUrl = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host)
