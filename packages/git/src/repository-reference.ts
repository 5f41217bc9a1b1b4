import { gitErrors } from './errors.ts'
import { redact } from './redact.ts'

/**
 * Where a repository lives, in parts. Made by `parseRepositoryReference`; never holds a secret.
 */
export interface RepositoryReference {
  readonly transport: 'https' | 'http' | 'ssh' | 'file'
  /** Host name in lower case, without port; empty for `file`. */
  readonly host: string
  /** Port in the URL, when it is not the transport's own. For `ssh` it says nothing about the host's API. */
  readonly port?: number | undefined
  /** User in an SSH URL. User info of `https` is dropped. */
  readonly user?: string | undefined
  /**
   * Path as the transport sends it, `.git` kept: `/group/name.git`, or `group/name.git` in the scp-like form. For
   * `file` the absolute path on disk.
   */
  readonly path: string
  /** Everything before the last part of the path, without `.git`: `group/subgroup`. Empty for `file`. */
  readonly owner: string
  /** Last part of the path, without `.git`. */
  readonly name: string
  /** The URL for the engine. */
  readonly url: string
}

/**
 * Reads every form in which people write down a repository:
 *
 * - `https://host:8443/group/subgroup/name.git`, `http://`
 * - `ssh://git@host:2222/group/name.git`
 * - `git@host:group/name.git`, `host:group/name`, `[git@host:2222]:group/name` (scp-like)
 * - `file:///srv/name.git`, `/srv/name.git`
 * - Azure DevOps: `https://dev.azure.com/org/project/_git/name`, `git@ssh.dev.azure.com:v3/org/project/name`,
 *   `https://org.visualstudio.com/project/_git/name`; `owner` is `org/project` in each
 *
 * User info of `http` and `https`, and any password, is dropped: pass credentials apart. Pure.
 *
 * @throws {LgError} `INVALID_REPOSITORY` with the reason; the URL in it has no user info.
 * @example
 * ```ts
 * parseRepositoryReference('git@github.com:lg/cars.git') // { transport: 'ssh', host: 'github.com', owner: 'lg', name: 'cars', ... }
 * ```
 */
export function parseRepositoryReference(url: string): RepositoryReference {
  const text = url.trim()
  if (text === '') throw invalid(url, 'it is empty')
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(text)) throw invalid(url, 'it holds a control character')
  if (text.startsWith('-')) throw invalid(url, 'it begins with "-", which programs read as an option')
  if (text.startsWith('/')) return parseFile(url, text)
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined) return parseScpLike(url, text)
  const rest = text.slice(scheme.length + 3)
  if (/[?#]/.test(rest)) throw invalid(url, 'a query or fragment is no part of a repository URL')
  if (scheme === 'file') {
    const path = rest.replace(/^localhost(?=\/)/i, '')
    if (!path.startsWith('/'))
      throw invalid(url, 'a file URL names a path on this machine: file:///srv/name.git')
    return parseFile(url, decode(url, path))
  }
  if (scheme === 'https' || scheme === 'http' || scheme === 'ssh') return parseUrl(url, scheme, rest)
  if (scheme === 'git') throw invalid(url, 'git:// is neither encrypted nor authenticated; use https or ssh')
  throw invalid(url, `"${scheme}" is not one of https, http, ssh, file`)
}

/** The reference as it may be shown to people and in logs. */
export function formatRepositoryReference(reference: RepositoryReference): string {
  return redact(reference.url)
}

const webHosts: ReadonlyMap<string, string> = new Map([
  ['ssh.github.com', 'github.com'],
  ['altssh.gitlab.com', 'gitlab.com'],
  ['altssh.bitbucket.org', 'bitbucket.org'],
  ['ssh.dev.azure.com', 'dev.azure.com'],
  ['vs-ssh.visualstudio.com', 'dev.azure.com'],
])

/** The host whose web pages and API serve this repository; differs where SSH has a host of its own. */
export function webHost({ host }: Pick<RepositoryReference, 'host'>): string {
  if (host.endsWith('.visualstudio.com')) return 'dev.azure.com'
  return webHosts.get(host) ?? host
}

const defaultPorts = { https: 443, http: 80, ssh: 22 } as const

function parseUrl(url: string, transport: 'https' | 'http' | 'ssh', rest: string): RepositoryReference {
  const slash = rest.indexOf('/')
  if (slash < 0) throw invalid(url, 'it names a host but no repository')
  const authority = rest.slice(0, slash)
  const at = authority.lastIndexOf('@')
  const userInfo = authority.slice(0, Math.max(at, 0))
  const { host, port } = parseHost(url, authority.slice(at + 1), transport)
  const rawPath = rest.slice(slash).replace(/\/+$/, '')
  const parts = pathParts(url, decode(url, rawPath).slice(1))
  const user = transport === 'ssh' ? checkUser(url, decode(url, userInfo.replace(/:.*$/s, ''))) : undefined
  const shownHost = `${bracketed(host)}${port === undefined ? '' : `:${port}`}`
  return {
    transport,
    host,
    ...(port !== undefined && { port }),
    ...(user !== undefined && { user }),
    path: transport === 'ssh' ? decode(url, rawPath) : rawPath,
    ...ownerAndName(url, host, parts),
    url: `${transport}://${user === undefined ? '' : `${user}@`}${shownHost}${rawPath}`,
  }
}

function parseScpLike(url: string, text: string): RepositoryReference {
  if (/^[a-z]:/i.test(text))
    throw invalid(url, 'a Windows path is not supported; use a file:// URL of the server')
  const match = /^(?:([^@/:[\]]+)@)?(\[[^\]]*\]|[^:/@[\]]+):(?!:)(.+)$/.exec(text)
  if (!match) {
    const reason =
      /^[a-z0-9]+::/i.test(text) ?
        'remote helpers are not supported'
      : 'it is neither a URL, nor host:path, nor an absolute path'
    throw invalid(url, reason)
  }
  const [, outerUser, hostText = '', rawPath = ''] = match
  const inner = hostText.startsWith('[') ? hostText.slice(1, -1) : hostText
  const at = inner.lastIndexOf('@')
  const address = inner.slice(at + 1)
  const isV6 = hostText.startsWith('[') && (address.match(/:/g)?.length ?? 0) > 1
  const { host, port } = parseHost(url, isV6 ? `[${address}]` : address, 'ssh')
  const user = checkUser(url, outerUser ?? inner.slice(0, Math.max(at, 0)))
  if (/[?#]/.test(rawPath)) throw invalid(url, 'a query or fragment is no part of a repository URL')
  if (rawPath.includes('@'))
    throw invalid(url, 'the user stands before the host, without a password: git@host:path')
  const path = rawPath.replace(/\/+$/, '')
  if (path.startsWith('-')) throw invalid(url, 'its path begins with "-", which programs read as an option')
  const decoded = isAzureSsh(host) ? decode(url, path) : path
  const userPart = user === undefined ? '' : `${user}@`
  const hostPart = port === undefined ? `${userPart}${bracketed(host)}` : `[${userPart}${host}:${port}]`
  return {
    transport: 'ssh',
    host,
    ...(port !== undefined && { port }),
    ...(user !== undefined && { user }),
    path,
    ...ownerAndName(url, host, pathParts(url, decoded.replace(/^\//, ''))),
    url: `${hostPart}:${path}`,
  }
}

function parseFile(url: string, text: string): RepositoryReference {
  const path = text.replace(/\/+$/, '')
  const parts = pathParts(url, path.slice(1))
  const name = withoutSuffix(parts.at(-1) ?? '')
  return {
    transport: 'file',
    host: '',
    path,
    owner: '',
    name,
    url: `file://${path.split('/').map(encodeURIComponent).join('/')}`,
  }
}

function parseHost(
  url: string,
  text: string,
  transport: keyof typeof defaultPorts,
): { readonly host: string; readonly port: number | undefined } {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]*)(?::([0-9]*))?$/i.exec(text)
  if (!match) throw invalid(url, 'its host and port are not readable')
  const [, hostText = '', portText = ''] = match
  const host = hostText.startsWith('[') ? hostText.slice(1, -1).toLowerCase() : hostName(url, hostText)
  if (portText === '') return { host, port: undefined }
  const port = Number(portText)
  if (port < 1 || port > 65_535) throw invalid(url, `${portText} is not a port`)
  return { host, port: port === defaultPorts[transport] ? undefined : port }
}

function hostName(url: string, text: string): string {
  if (text === '') throw invalid(url, 'it has no host')
  // Only names beyond ASCII need the platform's mapping, which would also respell numeric addresses.
  // oxlint-disable-next-line no-control-regex
  const host = /^[\x00-\x7f]*$/.test(text) ? text.toLowerCase() : punycode(url, text)
  if (!/^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?$/.test(host))
    throw invalid(url, 'its host is not a host name')
  return host
}

function punycode(url: string, text: string): string {
  try {
    return new URL(`https://${text}/`).hostname
  } catch {
    throw invalid(url, 'its host is not a host name')
  }
}

function checkUser(url: string, user: string): string | undefined {
  if (user === '') return undefined
  if (!/^[^\s:@/\\-][^\s:@/\\]*$/.test(user)) throw invalid(url, 'its user is not a user name')
  return user
}

function pathParts(url: string, path: string): readonly string[] {
  if (path === '') throw invalid(url, 'it names no repository')
  const parts = path.split('/')
  for (const part of parts) {
    if (part === '') throw invalid(url, 'its path has an empty part')
    if (part === '.' || part === '..') throw invalid(url, `its path has the part "${part}"`)
    if (part.includes('\\')) throw invalid(url, 'its path holds a backslash')
  }
  return parts
}

function ownerAndName(url: string, host: string, parts: readonly string[]): { owner: string; name: string } {
  const named = isAzureSsh(host) && parts[0] === 'v3' ? parts.slice(1) : parts
  const name = withoutSuffix(named.at(-1) ?? '')
  if (name === '') throw invalid(url, 'it names no repository')
  return { owner: ownerParts(host, named, name).join('/'), name }
}

/** Azure writes the repository behind `_git`, and leaves out a project that has the repository's name. */
function ownerParts(host: string, parts: readonly string[], name: string): readonly string[] {
  const owner = parts.slice(0, -1)
  if (owner.at(-1) !== '_git') return owner
  const before = owner.slice(0, -1)
  const organization = /^([^.]+)\.visualstudio\.com$/.exec(host)?.[1]
  if (organization !== undefined) {
    const project = before.filter((part, index) => index > 0 || part.toLowerCase() !== 'defaultcollection')
    return [organization, ...(project.length > 0 ? project : [name])]
  }
  return host === 'dev.azure.com' && before.length === 1 ? [...before, name] : before
}

function isAzureSsh(host: string): boolean {
  return host === 'ssh.dev.azure.com' || host === 'vs-ssh.visualstudio.com'
}

function withoutSuffix(name: string): string {
  return name.replace(/\.git$/, '')
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

function decode(url: string, text: string): string {
  let decoded: string
  try {
    decoded = decodeURIComponent(text)
  } catch {
    throw invalid(url, 'its percent-encoding is not valid')
  }
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(decoded)) throw invalid(url, 'it holds an encoded control character')
  // An encoded slash would be one part here and two on the server.
  if (/%2f/i.test(text)) throw invalid(url, 'it holds an encoded slash')
  return decoded
}

function invalid(url: string, reason: string): Error {
  const shown = redact(url.trim())
  return gitErrors.create('INVALID_REPOSITORY', `Not a repository: ${shown}: ${reason}`, {
    url: shown,
    reason,
  })
}
