import type { RepositoryReference } from '@lg/git'
import { createPullRequestError, type ErrorPlace } from '@lg/pull-request'
import type { HostedContext } from '@lg/pull-request/hosted'
import type { Api, ApiRequest } from './api.ts'

/** What every call needs. */
export interface HostContext extends HostedContext {
  readonly api: Api
  /** The same for people and groups, which may have an address of their own. */
  readonly identities: Api
  readonly root: Root
  readonly target: Target
}

/** Addresses of the API, without a slash at the end. */
export interface Root {
  readonly api: string
  readonly identity: string
}

/** One repository, as addresses of the API have it. */
export interface Target {
  readonly project: string
  readonly repository: string
  /** Addresses of what belongs to the collection (the organisation), to its project, and to the repository. */
  readonly collectionUrl: string
  readonly projectUrl: string
  readonly gitUrl: string
  readonly identityUrl: string
  /** Page for people. */
  readonly page: string
}

/**
 * Finds collection, project and repository in a reference. The owner is `organisation/project` on `dev.azure.com`, and
 * on a server all that stands before `_git`, of which `apiUrl` may have the first part.
 *
 * @throws {LgError} `NO_HOST` when it is in another organisation or collection than that of `apiUrl`.
 */
export function targetOf(
  { host, owner, name }: RepositoryReference,
  { api, identity }: Root,
  place: ErrorPlace,
): Target {
  const outer = partsOf(decodeURIComponent(new URL(api).pathname))
  const parts = partsOf(owner.replace(/\/_ssh$/, ''))
  const inner = parts.slice(outer.length)
  if (!outer.every((part, index) => sameName(part, parts[index] ?? '')) || inner.length > 2) {
    const problem = `it is in another organisation or collection than ${api}, which this provider is for`
    throw createPullRequestError('NO_HOST', problem, place, { host })
  }
  const [project = name, collection] = inner.toReversed()
  const below = (root: string): string =>
    collection === undefined ? root : `${root}/${encodeURIComponent(collection)}`
  const [projectUrl, repository] = [`${below(api)}/${encodeURIComponent(project)}`, encodeURIComponent(name)]
  return {
    project,
    repository: name,
    collectionUrl: `${below(api)}/_apis`,
    projectUrl: `${projectUrl}/_apis`,
    gitUrl: `${projectUrl}/_apis/git/repositories/${repository}`,
    identityUrl: `${below(identity)}/_apis`,
    page: `${projectUrl}/_git/${repository}`,
  }
}

export async function send(
  { api, call }: Pick<HostContext, 'api' | 'call'>,
  request: ApiRequest,
): Promise<unknown> {
  return await api.send(request, call.signal)
}

/** Names have no case here. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** The names of `wanted` that are not among `present`. */
export function missingFrom(present: readonly string[], wanted: readonly string[]): readonly string[] {
  const known = new Set(present.map((name) => name.toLowerCase()))
  return wanted.filter((name) => !known.has(name.toLowerCase()))
}

export const refOf = (branch: string): string => `refs/heads/${branch}`

function partsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '')
}
