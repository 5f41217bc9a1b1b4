import type { Credentials, SecretRequest } from '../credentials.ts'
import { gitErrors } from '../errors.ts'
import { formatRepositoryReference } from '../repository-reference.ts'
import type { RepositoryReference } from '../repository-reference.ts'

/**
 * Refuses credentials that are of no use for the transport, and a password that would go over an unencrypted connection
 * to another machine.
 *
 * @throws {LgError} `INVALID_CREDENTIALS`.
 */
export function checkCredentials(
  remote: RepositoryReference | undefined,
  credentials: Credentials | undefined,
): void {
  if (!remote || !credentials) return
  const shown = formatRepositoryReference(remote)
  const invalid = (reason: string): Error =>
    gitErrors.create('INVALID_CREDENTIALS', `${shown}: ${reason}`, { reason })
  const { transport } = remote
  const wanted = transport === 'http' ? 'https' : transport
  if (wanted !== credentials.type)
    throw invalid(`credentials for ${credentials.type} cannot be used over ${transport}`)
  if (
    credentials.type === 'https' &&
    transport === 'http' &&
    !credentials.insecureHttp &&
    !isLoopback(remote.host)
  ) {
    throw invalid('the password would be sent unencrypted; use https, or set `insecureHttp`')
  }
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
  )
}

/** Scheme, host and port as git spells them. */
export function originOf({ transport, host, port }: RepositoryReference): string {
  const name = host.includes(':') ? `[${host}]` : host
  return `${transport}://${name}${port === undefined ? '' : `:${port}`}`
}

/** What a secret is wanted for. */
export function secretRequest(remote: RepositoryReference, signal: AbortSignal | undefined): SecretRequest {
  return { origin: originOf(remote), path: remote.path.replace(/^\//, ''), signal }
}

/** The remote as git takes it for an argument, with the user that logs in over SSH. */
export function remoteUrl(remote: RepositoryReference, credentials: Credentials | undefined): string {
  const { transport, url, user } = remote
  if (transport === 'file') return remote.path
  if (transport !== 'ssh') return url
  const wanted = sshUser(remote, credentials)
  if (wanted === user) return url
  const bare = user === undefined ? url : url.replace(`${user}@`, '')
  return bare.replace(/^(ssh:\/\/|\[(?=[^[\]]*:[0-9]+\]:)|)/, `$1${wanted}@`)
}

/** Who logs in over SSH. */
export function sshUser({ user }: RepositoryReference, credentials: Credentials | undefined): string {
  return (credentials?.type === 'ssh' ? credentials.user : undefined) ?? user ?? 'git'
}

/** Whether the secret comes from a function, which may have a newer one. */
export function isRenewable(credentials: Credentials | undefined): boolean {
  if (credentials?.type === 'https') return typeof credentials.password === 'function'
  return credentials?.key.type === 'file' && typeof credentials.key.passphrase === 'function'
}

/** Whether a call failed for the secret that it was given. */
export function isRefusedCredential(error: unknown): boolean {
  return gitErrors.is(error, 'AUTHENTICATION_FAILED') || gitErrors.is(error, 'INVALID_CREDENTIALS')
}
