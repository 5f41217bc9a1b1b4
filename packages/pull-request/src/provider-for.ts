import { parseRepositoryReference, webHost, type RepositoryReference } from '@lg/git'
import { formatRepository, pullRequestErrors } from './errors.ts'
import { hostSettingOf, type HostKind, type HostOfOptions } from './host-of.ts'
import type { PullRequestProvider } from './provider.ts'

/** The host of a repository, as far as its URL and the caller's settings tell. */
export interface ChosenHost {
  /** What repositories call it, without port: `git.example.org`. Empty for a `file` URL. */
  readonly host: string
  /** Root of its API, where the caller names it. */
  readonly apiUrl?: string | undefined
  readonly repository: RepositoryReference
}

/** Makes the provider of one kind of host. */
export type ProviderFactory = (host: ChosenHost) => PullRequestProvider

export interface ProviderForOptions extends HostOfOptions {
  /** One for each kind that may come; `local` is for repositories on no host: `file` URLs. */
  readonly providers: Readonly<Partial<Record<HostKind | 'local', ProviderFactory>>>
}

/**
 * The provider for a repository, picked by its URL. The packages of the hosts are passed in, so that a program has those
 * that it needs and no others. Pure but for what the factory does.
 *
 * @param repository a URL in any form that `parseRepositoryReference` reads, or what it gave.
 * @throws {LgError} `NO_HOST` as {@link hostOf}, and when `providers` has none for the kind; `INVALID_REPOSITORY`.
 * @example
 * ```ts
 * const provider = providerFor('git@git.example.org:lg/cars.git', {
 *   hosts: { 'git.example.org': { kind: 'gitea', apiUrl: 'https://git.example.org/forge/api/v1' } },
 *   providers: {
 *     github: () => createGitHubProvider({ token }),
 *     gitea: ({ host, apiUrl }) => createGiteaProvider({ token, hosts: [host], apiUrl }),
 *   },
 * })
 * ```
 */
export function providerFor(
  repository: string | RepositoryReference,
  { hosts, providers }: ProviderForOptions,
): PullRequestProvider {
  const reference = typeof repository === 'string' ? parseRepositoryReference(repository) : repository
  const host = webHost(reference)
  if (reference.transport === 'file' && providers.local !== undefined) {
    return providers.local({ host, repository: reference })
  }
  const { kind, apiUrl } = hostSettingOf(reference, { hosts })
  const factory = Object.hasOwn(providers, kind) ? providers[kind] : undefined
  if (factory !== undefined) return factory({ host, apiUrl, repository: reference })
  const name = formatRepository(reference)
  const problem = `${name} is on a host of the kind ${kind}, which no provider is there for; add providers.${kind}`
  throw pullRequestErrors.create('NO_HOST', problem, { repository: name, host })
}
