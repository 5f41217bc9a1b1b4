import { join } from 'node:path'
import { readSecret } from '@lg/git'
import type { Credentials, RepositoryReference, Secret } from '@lg/git'
import { originOf, secretRequest } from '@lg/git/node'
import { askConfiguration, askProgram } from './ask-program.ts'
import type { Proxy } from './network.ts'
import { serveSecrets } from './secret-server.ts'
import type { Question } from './secret-server.ts'
import type { SshSetup } from './ssh-setup.ts'

/** The credentials of one operation: what its processes are told, and what they asked for. */
export interface CredentialSession {
  readonly env: Readonly<Record<string, string>>
  readonly config: readonly string[]
  /** Secrets that were handed out, to keep them out of messages. */
  readonly given: readonly string[]
  /** What a secret function threw, or that a secret was wanted and there is none. */
  readonly trouble: () => unknown
  /** How often a passphrase was wanted. */
  readonly passphrases: () => number
  close(): Promise<void>
}

export interface SessionOptions {
  /** The program that git is. */
  readonly program: string
  readonly proxy: Proxy | undefined
  readonly remote: RepositoryReference
  readonly credentials: Credentials | undefined
  readonly ssh: SshSetup | undefined
  /** The repository's private folder. */
  readonly folder: string
  /** Short and used once. */
  readonly id: string
  readonly signal: AbortSignal | undefined
}

export async function openCredentialSession(options: SessionOptions): Promise<CredentialSession> {
  const { program, proxy, remote, credentials, ssh, folder, id, signal } = options
  const transport = { GIT_ALLOW_PROTOCOL: remote.transport, ...ssh?.env }
  const passphrase =
    credentials?.type === 'ssh' && credentials.key.type === 'file' ? credentials.key.passphrase : undefined
  const given: string[] = []
  let trouble: unknown
  let passphrases = 0
  let proxyAsked = false

  const reveal = async (secret: Secret, request = secretRequest(remote, signal)): Promise<string> => {
    try {
      const value = await readSecret(secret, request)
      given.push(value)
      return value
    } catch (error) {
      trouble = error
      throw error
    }
  }
  const answer = async (question: Question): Promise<string> => {
    const action = question.get('action')
    if (action === 'get' && proxy?.password !== undefined && isProxy(question, proxy)) {
      const { username, password, protocol, host } = proxy
      // Asked for again, the same answer would be as wrong.
      if (trouble !== undefined || proxyAsked) return ''
      proxyAsked = true
      const request = { origin: `${protocol}://${host}`, path: '', signal }
      return formatCredential(username, await reveal(password, request))
    }
    if (action === 'get' && credentials?.type === 'https') {
      // Every helper asks again after one that got no answer.
      if (trouble !== undefined || !isOwnOrigin(question, remote)) return ''
      return formatCredential(credentials.username, await reveal(credentials.password))
    }
    if (action === 'passphrase' && /^Enter passphrase for key /i.test(question.get('prompt') ?? '')) {
      passphrases++
      // The same answer again would be as wrong.
      return passphrase === undefined || passphrases > 1 ? '' : `${await reveal(passphrase)}\n`
    }
    return ''
  }

  const isHttp = remote.transport === 'https' || remote.transport === 'http'
  const asksProxy = isHttp && proxy?.password !== undefined
  const asks =
    asksProxy ||
    credentials?.type === 'https' ||
    (credentials?.type === 'ssh' && credentials.key.type === 'file')
  if (!asks) {
    return {
      env: transport,
      config: [],
      given,
      trouble: () => trouble,
      passphrases: () => 0,
      close: async () => {},
    }
  }
  const path = join(folder, id)
  const server = await serveSecrets(path, answer)
  return {
    env: {
      ...transport,
      LG_ASK_SOCKET: path,
      ...(credentials?.type === 'ssh' && {
        SSH_ASKPASS: askProgram(folder),
        SSH_ASKPASS_REQUIRE: 'force',
        // Older clients ask a program only where there is a display.
        DISPLAY: ':',
      }),
    },
    config: isHttp ? askConfiguration(program, path) : [],
    given,
    trouble: () => trouble,
    passphrases: () => passphrases,
    close: () => server.close(),
  }
}

/** git names protocol, host and path of what it is about to send the credential to. */
function isOwnOrigin(question: Question, remote: RepositoryReference): boolean {
  const origin = `${question.get('protocol')}://${question.get('host')?.toLowerCase()}`
  return origin === originOf(remote) && question.get('path') === decodeURIComponent(remote.path.slice(1))
}

function isProxy(question: Question, { protocol, host }: Proxy): boolean {
  return question.get('protocol') === protocol && question.get('host') === host && !question.get('path')
}

function formatCredential(username: string | undefined, password: string): string {
  return `username=${username ?? 'git'}\npassword=${password}\n\n`
}
