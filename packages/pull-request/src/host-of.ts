import { webHost, type RepositoryReference } from '@lg/git'
import { formatRepository, pullRequestErrors } from './errors.ts'

/** The hosts that have a provider; Forgejo is `gitea`. */
export type HostKind = 'github' | 'gitlab' | 'gitea' | 'azure-devops'

/** A self-hosted one. */
export interface HostSetting {
  readonly kind: HostKind
  /** Root of its API, where it is not at the usual place: below a path, behind another port or name. */
  readonly apiUrl?: string | undefined
}

export interface HostOfOptions {
  /** What self-hosted ones are, by host name or by `host:port`: `{ 'git.example.org': 'gitea' }`. */
  readonly hosts?: Readonly<Record<string, HostKind | HostSetting>> | undefined
}

const wellKnown: ReadonlyMap<string, HostKind> = new Map([
  ['github.com', 'github'],
  ['gitlab.com', 'gitlab'],
  ['gitea.com', 'gitea'],
  ['codeberg.org', 'gitea'],
  ['dev.azure.com', 'azure-devops'],
])

/**
 * Which kind of host a repository lives on, so that a program can pick the provider by its URL. Self-hosted ones are
 * named by the caller, since a URL does not tell. Pure: nobody is asked.
 *
 * @throws {LgError} `NO_HOST` for a `file` URL, and for a host that is neither well known nor in `hosts`.
 * @example
 * ```ts
 * hostOf(parseRepositoryReference('git@git.example.org:lg/cars.git'), { hosts: { 'git.example.org': 'gitea' } }) // 'gitea'
 * ```
 */
export function hostOf(reference: RepositoryReference, options: HostOfOptions = {}): HostKind {
  return hostSettingOf(reference, options).kind
}

/** As {@link hostOf}, with what the caller says of the host. */
export function hostSettingOf(
  reference: RepositoryReference,
  { hosts = {} }: HostOfOptions = {},
): HostSetting {
  const repository = formatRepository(reference)
  const host = webHost(reference)
  if (reference.transport === 'file') {
    const problem = `${repository} is on no hosting service; use a provider that needs none`
    throw pullRequestErrors.create('NO_HOST', problem, { repository, host })
  }
  const withPort = reference.port === undefined ? undefined : `${host}:${reference.port}`
  for (const name of [withPort, host]) {
    const setting = name !== undefined && Object.hasOwn(hosts, name) ? hosts[name] : undefined
    if (setting !== undefined) return typeof setting === 'string' ? { kind: setting } : setting
  }
  const kind = wellKnown.get(host) ?? (host.endsWith('.ghe.com') ? 'github' : undefined)
  if (kind !== undefined) return { kind }
  const problem = `${repository} is on ${host}, which may be any kind of host; say which in "hosts"`
  throw pullRequestErrors.create('NO_HOST', problem, { repository, host })
}
