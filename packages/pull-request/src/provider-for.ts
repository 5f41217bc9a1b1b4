import { parseRepositoryReference, webHost, type RepositoryReference } from '@lg/git'
import { formatRepository, pullRequestErrors } from './errors.ts'
import { hostSettingOf, type HostKind, type HostOfOptions } from './host-of.ts'
import type { PullRequestProvider } from './provider.ts'

/** The host of a repository, as far as its URL and the caller's settings tell. */
export interface ChosenHost {
  /** What repositories call it, without port: `git.example.org`. */
  readonly host: string
  /** Root of its API: what the caller says, else the usual place. */
  readonly apiUrl: string
  readonly repository: RepositoryReference
}

/** Makes the provider of one kind of host. */
export type ProviderFactory = (host: ChosenHost) => PullRequestProvider

export interface ProviderForOptions extends HostOfOptions {
  readonly providers: Readonly<Partial<Record<HostKind, ProviderFactory>>> & {
    /** For repositories on no host: `file` URLs and paths. */
    readonly local?: ((repository: RepositoryReference) => PullRequestProvider) | undefined
  }
}

/**
 * The provider for a repository, picked by its URL. The packages of the hosts are passed in, so that a program has those
 * that it needs and no others. Pure but for what the factory does.
 *
 * @param repository a URL in any form that `parseRepositoryReference` reads, or what it gave.
 * @throws {LgError} `NO_HOST` as {@link hostOf}, when `providers` has none for the kind, and for a server of Azure DevOps
 *   whose `apiUrl` is not given; `INVALID_REPOSITORY`.
 * @example
 * ```ts
 * const provider = providerFor('git@git.example.org:lg/cars.git', {
 *   hosts: { 'git.example.org': { kind: 'gitea', apiUrl: 'https://git.example.org/forge' } },
 *   providers: {
 *     github: ({ host, apiUrl }) => createGitHubProvider({ token, apiUrl, hosts: [host] }),
 *     gitea: ({ host, apiUrl }) => createGiteaProvider({ token, apiUrl, hosts: [host] }),
 *   },
 * })
 * ```
 */
export function providerFor(
  repository: string | RepositoryReference,
  { hosts, providers }: ProviderForOptions,
): PullRequestProvider {
  const reference = typeof repository === 'string' ? parseRepositoryReference(repository) : repository
  if (reference.transport === 'file' && providers.local !== undefined) return providers.local(reference)
  const setting = hostSettingOf(reference, { hosts })
  const { kind } = setting
  const host = webHost(reference)
  const refuse = (problem: string): Error => {
    const name = formatRepository(reference)
    const message = `${name} is on a host of the kind ${kind}, ${problem}`
    return pullRequestErrors.create('NO_HOST', message, { repository: name, host })
  }
  const factory = Object.hasOwn(providers, kind) ? providers[kind] : undefined
  if (factory === undefined) throw refuse(`which there is no provider for; add providers.${kind}`)
  const apiUrl = setting.apiUrl ?? usualApiUrl(kind, reference)
  if (apiUrl === undefined) throw refuse('whose API has no usual place; say its apiUrl in "hosts"')
  return factory({ host, apiUrl, repository: reference })
}

/** Where a host of that kind has its API, unless it lives below a path. */
function usualApiUrl(kind: HostKind, reference: RepositoryReference): string | undefined {
  const host = webHost(reference)
  // An SSH port says nothing about the web.
  const port = reference.transport === 'ssh' || reference.port === undefined ? '' : `:${reference.port}`
  const root = `${reference.transport === 'http' ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}${port}`
  if (kind === 'gitlab') return `${root}/api/v4`
  if (kind === 'gitea') return root
  // A server has a collection between its root and its projects.
  if (kind === 'azure-devops') return host === 'dev.azure.com' ? root : undefined
  return host === 'github.com' || host.endsWith('.ghe.com') ? `https://api.${host}` : `${root}/api/v3`
}
