import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { systemClock } from '@lg/runtime'
import type { Clock } from '@lg/runtime'
import ssh2 from 'ssh2'
import type { Connection, ServerChannel } from 'ssh2'
import { createChildren } from './children.ts'
import { createFaultSwitch } from './fault.ts'
import type { FaultControl, GitFault } from './fault.ts'
import { allows, findRepository } from './git-service.ts'
import type { Access } from './git-service.ts'
import { cut, listen } from './listener.ts'
import { createRecorder } from './recording.ts'
import type { Recording } from './recording.ts'
import { createRefusalHook } from './refusal-hook.ts'
import { parseSshCommand } from './ssh-command.ts'
import { answerCommand } from './ssh-exchange.ts'
import type { RecordedCommand } from './ssh-exchange.ts'
import { createSshKeyPair, parsePublicKey } from './ssh-key.ts'
import type { SshKeyPair } from './ssh-key.ts'
import { decideLogin } from './ssh-login.ts'
import type { AuthorizedKey, RecordedLogin } from './ssh-login.ts'

/** How a Git server over SSH is made. */
export interface GitSshServerOptions {
  /** The folder whose bare repositories are served, in any depth. */
  readonly root: string
  readonly authorizedKeys: readonly AuthorizedKey[]
  /** Its own keys, without passphrases, one of a type; one ed25519 key by default. */
  readonly hostKeys?: readonly SshKeyPair[]
  /** The only user who can log in; `git` by default. */
  readonly user?: string
  /** What slow faults wait on; the system's by default. */
  readonly clock?: Clock
}

/** A Git remote over SSH. */
export interface GitSshServer extends FaultControl<GitFault> {
  readonly port: number
  /** Every command that a client asked for. */
  readonly commands: Recording<RecordedCommand>
  /** Every attempt to log in. */
  readonly logins: Recording<RecordedLogin>
  /** The URL of a repository, named by its path below the root. */
  url(repository: string): string
  /** The lines of a known_hosts file for this server with its present keys. */
  knownHosts(): string
  /** Replaces the server's own keys, for connections from now on; clients see a changed host key. */
  setHostKeys(hostKeys: readonly SshKeyPair[]): void
  /** Replaces the keys that are let in, for logins from now on. */
  setAuthorizedKeys(keys: readonly AuthorizedKey[]): void
  /** Frees the port, cuts connections, ends the processes of Git. May be called again. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Serves bare repositories over SSH, with real `git upload-pack` and `git receive-pack`, on a free loopback
 * port. Public keys are the only way in. Commands other than Git's two are refused.
 *
 * @example
 * ```ts
 * const key = await createSshKeyPair({ passphrase: 'open sesame' })
 * const server = await createGitSshServer({ root, authorizedKeys: [key] })
 * await tree.write('known_hosts', server.knownHosts())
 * // ... git clone server.url('cars.git') ...
 * await server.close()
 * ```
 */
export async function createGitSshServer(options: GitSshServerOptions): Promise<GitSshServer> {
  const { root, user = 'git', clock = systemClock } = options
  let { authorizedKeys } = options
  let hostKeys = options.hostKeys ?? [await createSshKeyPair({ comment: 'host' })]
  const commands = createRecorder<RecordedCommand>()
  const logins = createRecorder<RecordedLogin>()
  const faults = createFaultSwitch<GitFault>()
  const children = createChildren()
  const refusal = await createRefusalHook()
  const handled = new Set<Promise<void>>()

  const execute = async (
    command: string,
    protocol: string | undefined,
    access: Access | undefined,
    channel: ServerChannel,
    socket: Socket,
  ): Promise<void> => {
    const target = parseSshCommand(command)
    const record = { command, protocol, ...target, exitCode: undefined as number | undefined }
    const finish = (exitCode: number): void => {
      record.exitCode = exitCode
      commands.changed()
    }
    const refuse = (text: string): void => {
      channel.stderr.write(`${text}\n`)
      channel.exit(128)
      channel.end()
      finish(128)
    }
    commands.add(record)
    if (target === undefined) return refuse('Only Git is served here')
    const { service } = target
    const fault = faults.take({ at: 'request', service, pushes: service === 'push' })
    if (fault?.type === 'drop' && fault.after === 'connect') return cut(socket, fault.reset)
    if (!allows(access, service)) return refuse('This key may only read')
    try {
      const repository = await findRepository(root, target.repository)
      if (repository === undefined) return refuse(`No repository ${target.repository}`)
      await answerCommand({
        channel,
        socket,
        target,
        repository,
        protocol,
        fault,
        refusal,
        children,
        clock,
        finish,
      })
    } catch (error) {
      // The client is told, as nobody else listens; one that went away needs no answer.
      if (!socket.destroyed) refuse(`The test server failed: ${String(error)}`)
    }
  }

  const converse = (connection: Connection, socket: Socket): void => {
    let access: Access | undefined
    // A client that breaks off ends its own connection and nothing else.
    connection.on('error', () => socket.destroy())
    connection.on('authentication', (context) => {
      const decision = decideLogin(context, user, authorizedKeys)
      access = decision.access ?? access
      logins.add(decision.login)
    })
    connection.on('session', (accept) => {
      let protocol: string | undefined
      const session = accept()
      session.on('env', (allow, deny, { key, val }) => {
        if (key === 'GIT_PROTOCOL') protocol = val
        const answer: (() => void) | undefined = key === 'GIT_PROTOCOL' ? allow : deny
        // Undefined when the client wants no answer.
        answer?.()
      })
      session.on('exec', (allow, _deny, { command }) => {
        const work: Promise<void> = execute(command, protocol, access, allow(), socket).finally(() =>
          handled.delete(work),
        )
        handled.add(work)
      })
    })
  }

  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    const fault = faults.take({ at: 'connection' })
    if (fault?.type === 'drop') return cut(socket, fault.reset)
    // One for each connection: it only knows its keys at its making, and they may change.
    const keys = hostKeys.map((pair) => pair.privateKey)
    new ssh2.Server({ hostKeys: keys }, (connection) => converse(connection, socket)).injectSocket(socket)
  })
  const { port, open, close: stop } = await listen(server)

  const close = async (): Promise<void> => {
    await stop()
    await children.close()
    await Promise.all(handled)
    await refusal.close()
  }
  return {
    port,
    commands: commands.recording,
    logins: logins.recording,
    url: (repository) => `ssh://${user}@127.0.0.1:${port}/${repository}`,
    knownHosts: () =>
      hostKeys.map((pair) => `[127.0.0.1]:${port} ${withoutComment(pair.publicKey)}\n`).join(''),
    setHostKeys(next) {
      hostKeys = next
    },
    setAuthorizedKeys(next) {
      for (const { publicKey } of next) parsePublicKey(publicKey)
      authorizedKeys = next
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

function withoutComment(publicKey: string): string {
  return publicKey.split(' ').slice(0, 2).join(' ')
}
