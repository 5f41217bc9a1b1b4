import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { createTree } from '@lg/test-kit'

/** A server over TLS whose certificate nobody trusts. */
export interface UntrustedServer {
  readonly origin: string
  /** How many requests came through to it. */
  requests(): number
  close(): Promise<void>
}

/** Needs `openssl`. */
export async function createUntrustedServer(): Promise<UntrustedServer> {
  const tree = await createTree()
  const [key, cert] = [tree.path('key.pem'), tree.path('cert.pem')]
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '1']
  const name = ['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1']
  await promisify(execFile)('openssl', ['req', ...kind, ...name, '-keyout', key, '-out', cert])
  let requests = 0
  const tls = { key: await tree.read('key.pem'), cert: await tree.read('cert.pem') }
  const server = createServer(tls, (_, response) => {
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
      await tree.close()
    },
  }
}
