import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

const host = '127.0.0.1'

/** A listening server that can go away and come back on the same port. */
export interface Listener {
  readonly port: number
  /** Listens again; nothing happens when it already does. */
  open(): Promise<void>
  /** Frees the port and cuts all connections; nothing happens when it is closed. */
  close(): Promise<void>
}

/** Listens on a free loopback port. */
export async function listen(server: Server): Promise<Listener> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const open = async (port: number): Promise<void> => {
    server.listen({ port, host })
    await once(server, 'listening')
  }
  await open(0)
  const { port } = server.address() as AddressInfo
  return {
    port,
    open: async () => (server.listening ? undefined : await open(port)),
    async close() {
      const closed = server.listening ? once(server, 'close') : undefined
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Ends a connection at once: with a reset (not through TLS), or as if the process behind it had ended. */
export function cut(socket: Socket, reset: boolean | undefined): void {
  if (reset === true && !(socket instanceof TLSSocket)) socket.resetAndDestroy()
  else socket.destroy()
}
