import type { PullRequestProvider } from '@lg/pull-request'
import { createHostedProvider, type HostCalls } from '@lg/pull-request/hosted'
import { createHttpFetch, parseBaseUrl } from '@lg/pull-request/http'
import { systemClock } from '@lg/runtime'
import { createApi } from './api.ts'
import { capabilities } from './capabilities.ts'
import { checks } from './checks.ts'
import { comment, comments } from './comments.ts'
import { create } from './create.ts'
import { diff } from './diff.ts'
import { readStatus } from './failure.ts'
import { targetOf, type HostContext, type Root } from './host-context.ts'
import { merge } from './merge.ts'
import { mergeability } from './mergeability.ts'
import type { AzureDevOpsProviderOptions, TokenType } from './options.ts'
import { find, get, list } from './read.ts'
import { refuseSignIn } from './sign-in.ts'
import { close, reopen, update } from './update.ts'

const calls: HostCalls<HostContext> = {
  create,
  find,
  list,
  get,
  update,
  close,
  reopen,
  merge,
  comment,
  comments,
  mergeability,
  checks,
  diff,
}

/**
 * Pull requests on Azure DevOps: Services (`dev.azure.com`) and Server.
 *
 * The token needs the scopes Code (read and write), Code status (read) and, for reviewers, Identity (read).
 * People are named by mail address or account, groups by their name, with `[Project]\` before it when they belong to
 * another project, and both by GUID.
 *
 * @throws {LgError} `INVALID_OPTION` of `@lg/pull-request/http`.
 * @example
 * ```ts
 * const provider = createAzureDevOpsProvider({ token: () => readToken() })
 * const repository = parseRepositoryReference('https://dev.azure.com/lg/garage/_git/cars')
 * await provider.createPullRequest({ repository, head: 'faster', base: 'main', title: 'Make cars faster' })
 * ```
 */
export function createAzureDevOpsProvider(options: AzureDevOpsProviderOptions): PullRequestProvider {
  const { clock = systemClock, insecureHttp, apiVersion = '7.1', tokenType } = options
  const { apiUrl = 'https://dev.azure.com' } = options
  const api = withoutOldHost(parseBaseUrl(apiUrl, { option: 'apiUrl', insecureHttp }))
  const { identityUrl = api.replace(/^https:\/\/dev\.azure\.com(?=\/|$)/, 'https://vssps.dev.azure.com') } =
    options
  const identity = parseBaseUrl(identityUrl, { option: 'identityUrl', insecureHttp })
  const root: Root = { api, identity }
  const hosts = options.hosts ?? [new URL(api).hostname]
  const fetch = refuseSignIn(options.fetch ?? globalThis.fetch)
  const apiAt = (baseUrl: string): HostContext['api'] =>
    createApi(createHttpFetch({ ...options, fetch, baseUrl, authorize: authorizeAs(tokenType) }), apiVersion)
  const main = apiAt(api)
  const isApart = new URL(identity).origin !== new URL(api).origin
  const identities = isApart ? apiAt(identity) : main
  return createHostedProvider({
    traits: { name: hosts[0] ?? 'azure-devops', capabilities },
    hosts,
    clock,
    readStatus,
    calls,
    contextOf: (context) => {
      const target = targetOf(context.repository, root, context.place)
      return { ...context, api: main, identities, root, target }
    },
  })
}

/** Organisations had hosts of their own, which still work; references to them mean `dev.azure.com`. */
function withoutOldHost(url: string): string {
  return url.replace(
    /^https:\/\/([^./]+)\.visualstudio\.com(?:\/defaultcollection)?(?=\/|$)/i,
    'https://dev.azure.com/$1',
  )
}

/** A personal access token is a password of nobody. */
function authorizeAs(type: TokenType | undefined): (token: string) => Readonly<Record<string, string>> {
  return (token) => {
    const isBearer = type === undefined ? /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/.test(token) : type === 'bearer'
    return { authorization: isBearer ? `Bearer ${token}` : `Basic ${btoa(`:${token}`)}` }
  }
}
