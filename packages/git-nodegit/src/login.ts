import { formatRepositoryReference, gitErrors, readSecret } from '@lg/git'
import type { Credentials, RepositoryReference, Secret } from '@lg/git'
import { originOf, secretRequest, sshUser } from '@lg/git/node'
import type { Answer, Login, Question } from './engine/calls.ts'
import { EngineFailure } from './engine.ts'
import { remoteFailure, remoteUnavailable } from './failures.ts'
import { otherHostKey, provideHostKeys } from './host-key.ts'
import type { KnownHostKey } from './known-hosts.ts'
import { invalidKey, readPrivateKey } from './ssh-key.ts'
import type { PrivateKey } from './ssh-key.ts'

/** The credentials of one operation: what libgit2 is told, and what an error then means. */
export interface LoginSession {
  answer(question: Question): Promise<Answer>
  /** Whether a secret was handed out. */
  hasGiven(): boolean
  /** The coded error for what became of the operation. */
  explain(operation: string, error: unknown): unknown
}

export interface LoginOptions {
  readonly remote: RepositoryReference
  readonly credentials: Credentials | undefined
  /** The engine's home folder. */
  readonly home: string
  readonly signal: AbortSignal | undefined
}

/** @throws {LgError} `INVALID_CREDENTIALS`, `HOST_KEY_UNKNOWN`. */
export async function openLogin({ remote, credentials, home, signal }: LoginOptions): Promise<LoginSession> {
  const shown = formatRepositoryReference(remote)
  let trouble: unknown
  let logins = 0
  let given = false
  let hostKeys: readonly KnownHostKey[] = []
  let key: PrivateKey | undefined

  if (remote.transport === 'ssh') {
    if (credentials?.type !== 'ssh') {
      const reason = 'SSH needs a key and a known_hosts file'
      throw gitErrors.create('INVALID_CREDENTIALS', `${shown}: ${reason}`, { reason })
    }
    hostKeys = await provideHostKeys(remote, credentials.knownHosts, home)
    if (credentials.key.type === 'file') {
      const { path, passphrase } = credentials.key
      key = await readPrivateKey(path)
      if (key.isEncrypted && passphrase === undefined)
        throw invalidKey(path, 'the key has a passphrase, and none is given')
    }
  }

  const reveal = async (secret: Secret): Promise<string> => {
    const value = await readSecret(secret, secretRequest(remote, signal))
    given = true
    return value
  }

  const logIn = async (): Promise<Login | false> => {
    // What was refused once would be refused again.
    if (logins++ > 0 || credentials === undefined) {
      trouble = gitErrors.create('AUTHENTICATION_FAILED', `${shown} does not accept these credentials`, {
        remote: shown,
      })
      return false
    }
    if (credentials.type === 'https') {
      const password = await reveal(credentials.password)
      return { type: 'password', user: credentials.username ?? 'git', password }
    }
    const user = sshUser(remote, credentials)
    if (credentials.key.type === 'agent') return { type: 'agent', user }
    const { passphrase } = credentials.key
    const isWanted = key?.isEncrypted === true && passphrase !== undefined
    return {
      type: 'key',
      user,
      privateKey: key?.text ?? '',
      passphrase: isWanted ? await reveal(passphrase) : '',
    }
  }

  const judgeHost = (isKnown: boolean): boolean => {
    if (isKnown) return true
    trouble =
      credentials?.type === 'ssh' ?
        otherHostKey(remote, credentials.knownHosts, hostKeys)
      : remoteUnavailable(remote, false, 'its certificate is not trusted')
    return false
  }

  return {
    async answer(question) {
      if (question.type === 'host') return judgeHost(question.isKnown)
      if (credentials?.type === 'ssh' && question.wantsUser)
        return { type: 'user', user: sshUser(remote, credentials) }
      if (credentials?.type === 'https' && !isOwnOrigin(question.url, remote)) return false
      return logIn().catch((error: unknown) => {
        trouble = error
        return false
      })
    },
    hasGiven: () => given,
    explain(operation, error) {
      if (!(error instanceof EngineFailure)) return error
      if (
        key?.isEncrypted &&
        isKeyFailure(error) &&
        credentials?.type === 'ssh' &&
        credentials.key.type === 'file'
      )
        return invalidKey(credentials.key.path, 'the passphrase is wrong')
      return trouble ?? remoteFailure(remote, operation, error)
    },
  }
}

/** libssh2 could not use the key, and the server was not asked. */
function isKeyFailure({ message }: EngineFailure): boolean {
  return /extract public key|private key|decrypt|wrong passphrase|read from (?:private )?key/i.test(message)
}

function isOwnOrigin(url: string, remote: RepositoryReference): boolean {
  return URL.canParse(url) && new URL(url).origin === new URL(originOf(remote)).origin
}
