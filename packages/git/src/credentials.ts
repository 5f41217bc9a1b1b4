import type { CallOptions } from '@lg/runtime'
import { gitErrors } from './errors.ts'

/** Access over SSH. The host key is always checked against `knownHosts`. */
export interface SshCredentials {
  readonly type: 'ssh'
  readonly key: SshKey
  /** Path of a known_hosts file; hosts that are not in it are refused. */
  readonly knownHosts: string
  /** Default: the user in the URL, else `git`. */
  readonly user?: string | undefined
}

export type SshKey =
  /** A private key file that `ssh` reads itself; the passphrase is asked for when the key has one. */
  | { readonly type: 'file'; readonly path: string; readonly passphrase?: Secret | undefined }
  /** A running agent. `socket` defaults to `SSH_AUTH_SOCK` of the adapter's environment. */
  | { readonly type: 'agent'; readonly socket?: string | undefined }

/** Access over HTTPS: user and password, or user and token. */
export interface HttpsCredentials {
  readonly type: 'https'
  /** Hosts that only look at the token take any user name. Default `git`. */
  readonly username?: string | undefined
  readonly password: Secret
  /**
   * Allows sending the password over plain `http`. Default: only to a loopback address.
   */
  readonly insecureHttp?: boolean | undefined
}

/** A secret, or where to get a fresh one: asked again for every operation that needs it. */
export type Secret = string | ((request: SecretRequest) => string | Promise<string>)

/** What a secret is wanted for. */
export interface SecretRequest extends CallOptions {
  /** Scheme, host and port: `https://git.example.org:8443`. */
  readonly origin: string
  /** Path of the repository on that host, without leading slash. */
  readonly path: string
}

export type Credentials = SshCredentials | HttpsCredentials

/**
 * Credentials for SSH. Both parts are required; whether the files can be read is checked when they are used.
 *
 * @throws {LgError} `INVALID_CREDENTIALS`.
 * @example
 * ```ts
 * createSshCredentials({ key: { type: 'file', path: '/keys/id_ed25519' }, knownHosts: '/keys/known_hosts' })
 * ```
 */
export function createSshCredentials(parts: Omit<SshCredentials, 'type'>): SshCredentials {
  const { key, knownHosts, user } = parts
  if (!key) throw invalid('SSH needs a key: a private key file, or an agent')
  if (key.type === 'file' && !isPath(key.path)) throw invalid('SSH needs the path of a private key file')
  if (key.type === 'file' && key.passphrase !== undefined) checkSecret(key.passphrase, 'passphrase')
  if (key.type === 'agent' && key.socket !== undefined && !isPath(key.socket))
    throw invalid('The agent socket is no path')
  if (!isPath(knownHosts)) {
    throw invalid('SSH needs the path of a known_hosts file: without one, any host could pose as the remote')
  }
  if (user !== undefined && !/^[^\s:@/\\-][^\s:@/\\]*$/.test(user))
    throw invalid('The SSH user is not a user name')
  return { type: 'ssh', ...parts }
}

/**
 * Credentials for HTTPS: user name, and password or token.
 *
 * @throws {LgError} `INVALID_CREDENTIALS`.
 * @example
 * ```ts
 * createHttpsCredentials({ password: () => tokens.current() })
 * ```
 */
export function createHttpsCredentials(parts: Omit<HttpsCredentials, 'type'>): HttpsCredentials {
  checkSecret(parts.password, 'password or token')
  if (parts.username !== undefined && !isLine(parts.username)) {
    throw invalid('The HTTPS user name is empty or holds a line break')
  }
  return { type: 'https', ...parts }
}

/**
 * What a secret is now. A function is asked; what it gives must be one line, as programs hand it on in lines.
 *
 * @throws {LgError} `INVALID_CREDENTIALS` when it is empty or holds a line break; else what the function throws.
 */
export async function readSecret(secret: Secret, request: SecretRequest): Promise<string> {
  const value = typeof secret === 'function' ? await secret(request) : secret
  if (!isLine(value)) throw invalid(`The secret for ${request.origin} is empty or holds a line break`)
  return value
}

function checkSecret(secret: Secret, what: string): void {
  if (typeof secret !== 'function' && !isLine(secret))
    throw invalid(`The ${what} is empty or holds a line break`)
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !value.includes('\0')
}

function isLine(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !/[\0\r\n]/.test(value)
}

function invalid(reason: string): Error {
  return gitErrors.create('INVALID_CREDENTIALS', reason, { reason })
}
