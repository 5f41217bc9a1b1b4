import { webHost, type RepositoryReference } from '@lg/git'
import { hostOf, pullRequestErrors, type HostKind } from '@lg/pull-request'
import { parseBaseUrl } from '@lg/pull-request/http'
import { isLgError } from '@lg/runtime'
import { UsageError, type Environment } from '@lg/sample-api'
import { hosts } from './hosts.ts'

/** Where pull requests are opened. */
export type ProviderConfig =
  /** `reason`: why, unless that was asked for. */
  | { readonly type: 'none'; readonly reason: string | undefined }
  | { readonly type: 'local' }
  | {
      readonly type: 'hosted'
      readonly kind: HostKind
      /** `undefined`: at the usual place. */
      readonly apiUrl: string | undefined
      readonly token: string
    }

/** Who sends webhooks, and how they prove it. */
export interface WebhookConfig {
  readonly kind: HostKind
  readonly secret: string
}

/**
 * The kind of host that was named, or that the URL tells; `undefined` when there is none.
 *
 * @throws UsageError for a name that is none, and for a host that a path cannot have.
 */
export function readHostKind(
  repository: RepositoryReference,
  provider: string | undefined,
): HostKind | undefined {
  if (provider === undefined || provider === 'local' || provider === 'none') {
    try {
      return hostOf(repository)
    } catch (error) {
      if (pullRequestErrors.is(error, 'NO_HOST')) return undefined
      throw error
    }
  }
  if (!Object.hasOwn(hosts, provider)) {
    const names = [...Object.keys(hosts), 'local', 'none'].join(', ')
    throw new UsageError(`--provider must be one of ${names}, not "${provider}"`)
  }
  if (repository.transport === 'file')
    throw new UsageError(`--provider ${provider} needs a repository on a host, but --git-url is a path`)
  return provider as HostKind
}

/** The token for a host, also for Git over HTTPS: LG_TOKEN, or where users of that host keep theirs. */
export function readToken(kind: HostKind | undefined, env: Environment): string | undefined {
  const names = ['LG_TOKEN', ...(kind === undefined ? [] : hosts[kind].tokenVariables)]
  return names.map((name) => env[name]).find((value) => value !== undefined && value !== '')
}

export interface ProviderFlags {
  readonly provider: string | undefined
  readonly apiUrl: string | undefined
}

/** @throws UsageError for a host without a token, and for an address that is none. */
export function readProvider(
  repository: RepositoryReference,
  kind: HostKind | undefined,
  { provider, apiUrl }: ProviderFlags,
  env: Environment,
): ProviderConfig {
  if (provider === 'local' || provider === 'none' || kind === undefined) {
    if (apiUrl !== undefined) throw new UsageError('--api-url is for a provider on a host; say --provider')
    if (provider === 'none') return { type: 'none', reason: undefined }
    if (provider === 'local' || repository.transport === 'file') return { type: 'local' }
    const reason = `${webHost(repository)} may be any kind of host; say --provider`
    return { type: 'none', reason }
  }
  const token = readToken(kind, env)
  if (token !== undefined) return { type: 'hosted', kind, apiUrl: checkApiUrl(apiUrl), token }
  const reason = `no token for ${kind}: set LG_TOKEN or ${hosts[kind].tokenVariables.join(' or ')}`
  if (provider !== undefined) throw new UsageError(`--provider ${kind}: ${reason}`)
  return { type: 'none', reason }
}

/** @throws UsageError for a secret without a host that could use it. */
export function readWebhooks(kind: HostKind | undefined, env: Environment): WebhookConfig | undefined {
  const secret = env['LG_WEBHOOK_SECRET']
  if (secret === undefined || secret === '') return undefined
  if (kind !== undefined) return { kind, secret }
  throw new UsageError('LG_WEBHOOK_SECRET is set, but not which host sends webhooks; say --provider')
}

function checkApiUrl(apiUrl: string | undefined): string | undefined {
  try {
    return apiUrl === undefined ? undefined : parseBaseUrl(apiUrl, { option: '--api-url' })
  } catch (error) {
    if (isLgError(error, 'INVALID_OPTION')) throw new UsageError(error.message)
    throw error
  }
}
