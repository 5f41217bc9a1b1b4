import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { gitErrors } from '@lg/git'
import { longestSocketPath } from '@lg/git/node'

/** What git or ssh asks, in lines of `name=value`: `action=get`, `host=git.example.org`. */
export type Question = ReadonlyMap<string, string>

/** Answers one operation's questions on a socket that nobody else can reach. */
export interface SecretServer {
  close(): Promise<void>
}

const questionLimit = 64 * 1024

/** @param path in a folder that only this user may enter. @param answer the empty string is "no answer". */
export async function serveSecrets(
  path: string,
  answer: (question: Question) => Promise<string>,
): Promise<SecretServer> {
  if (Buffer.byteLength(path) > longestSocketPath) {
    const reason = `${path} is too long for a socket; name a shorter folder in \`tempDir\``
    throw gitErrors.create('ENGINE_UNAVAILABLE', `Credentials cannot be handed out: ${reason}`, {
      engine: 'git',
      reason,
    })
  }
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    socket.setEncoding('utf8')
    let text = ''
    socket.on('data', (part: string) => {
      text += part
      if (text.length > questionLimit) socket.destroy()
    })
    socket.on('end', () => {
      answer(parseQuestion(text)).then(
        (reply) => socket.end(reply),
        () => socket.end(),
      )
    })
  })
  await listen(server, path)
  server.unref()
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function parseQuestion(text: string): Question {
  return new Map(
    text.split('\n').map((line): [string, string] => {
      const equals = line.indexOf('=')
      return [line.slice(0, equals), line.slice(equals + 1)]
    }),
  )
}
