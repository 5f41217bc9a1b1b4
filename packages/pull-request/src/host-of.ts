import { webHost, type RepositoryReference } from '@lg/git'
import { formatRepository, pullRequestErrors } from './errors.ts'

/** The hosts that have a provider; Forgejo is `gitea`. */
export type HostKind = 'github' | 'gitlab' | 'gitea' | 'azure-devops'

export interface HostOfOptions {
  /** What self-hosted ones are, by host name or by `host:port`: `{ 'git.example.org': 'gitea' }`. */
  readonly hosts?: Readonly<Record<string, HostKind>> | undefined
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
export function hostOf(reference: RepositoryReference, { hosts = {} }: HostOfOptions = {}): HostKind {
  const repository = formatRepository(reference)
  const host = webHost(reference)
  if (reference.transport === 'file') {
    const problem = `${repository} is on no hosting service; use a provider that needs none`
    throw pullRequestErrors.create('NO_HOST', problem, { repository, host })
  }
  const withPort = reference.port === undefined ? undefined : `${host}:${reference.port}`
  for (const name of [withPort, host]) {
    if (name !== undefined && Object.hasOwn(hosts, name)) return hosts[name] as HostKind
  }
  const known = wellKnown.get(host) ?? (host.endsWith('.ghe.com') ? 'github' : undefined)
  if (known !== undefined) return known
  const problem = `${repository} is on ${host}, which may be any kind of host; say which in "hosts"`
  throw pullRequestErrors.create('NO_HOST', problem, { repository, host })
}
