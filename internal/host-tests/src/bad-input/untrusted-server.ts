import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createCertificate } from '@lg/test-kit'

/** A server over TLS whose certificate nobody trusts. */
export interface UntrustedServer {
  readonly origin: string
  /** How many requests came through to it. */
  requests(): number
  close(): Promise<void>
}

/** Needs `openssl`. */
export async function createUntrustedServer(): Promise<UntrustedServer> {
  let requests = 0
  const server = createServer(await createCertificate(), (_, response) => {
    requests += 1
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}
