import { access, constants } from 'node:fs/promises'
import { gitErrors } from '@lg/git'
import type { Secret } from '@lg/git'

/** How remotes over HTTP and HTTPS are reached. Nothing of it concerns SSH. */
export interface NetworkOptions {
  /** Goes in place of the proxy variables of the environment. */
  readonly proxy?: ProxyOptions | undefined
  /** A PEM file with the certificates of authorities to trust, in place of the system's. */
  readonly certificateAuthorities?: string | undefined
}

export interface ProxyOptions {
  /** `http://proxy.example.org:3128`, without user and password. */
  readonly url: string
  readonly username?: string | undefined
  /** Asked for as the remote's own secret is; in no argument list and no environment. */
  readonly password?: Secret | undefined
}

/** The proxy in parts. */
export interface Proxy {
  /** As git spells it when it asks for the password. */
  readonly protocol: string
  readonly host: string
  readonly username: string | undefined
  readonly password: Secret | undefined
}

/** @throws {LgError} `INVALID_CREDENTIALS`. */
export function parseProxy(options: ProxyOptions | undefined): Proxy | undefined {
  if (options === undefined) return undefined
  const invalid = (reason: string): Error =>
    gitErrors.create('INVALID_CREDENTIALS', `The proxy cannot be used: ${reason}`, { reason })
  const url = URL.canParse(options.url) ? new URL(options.url) : undefined
  if (!url || !['http:', 'https:', 'socks5:', 'socks5h:'].includes(url.protocol) || url.hostname === '') {
    throw invalid('its URL reads http://host:port, https://host:port or socks5://host:port')
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid('its URL holds a user or a password; give them as `username` and `password`')
  }
  const { username, password } = options
  if ((username === undefined) !== (password === undefined))
    throw invalid('a user name and a password belong together')
  return { protocol: url.protocol.slice(0, -1), host: url.host, username, password }
}

/** Settings of git; none is a secret. */
export function networkConfiguration({
  proxy: options,
  certificateAuthorities,
}: NetworkOptions): readonly string[] {
  const proxy = parseProxy(options)
  // Only with a user does git ask for a password.
  const user = proxy?.username === undefined ? '' : `${encodeURIComponent(proxy.username)}@`
  return [
    ...(proxy ? [`http.proxy=${proxy.protocol}://${user}${proxy.host}`] : []),
    ...(certificateAuthorities === undefined ? [] : [`http.sslCAInfo=${certificateAuthorities}`]),
  ]
}

/** @throws {LgError} `INVALID_CREDENTIALS` when the certificates cannot be read. */
export async function checkNetwork({ certificateAuthorities: file }: NetworkOptions): Promise<void> {
  if (file === undefined) return
  await access(file, constants.R_OK).catch((error: unknown) => {
    const reason = `the certificates in ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`
    const message = `Remotes cannot be trusted: ${reason}`
    throw gitErrors.create('INVALID_CREDENTIALS', message, { reason, file }, { cause: error })
  })
}
