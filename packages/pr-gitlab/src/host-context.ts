import { webHost, type RepositoryReference } from '@lg/git'
import { createPullRequestError } from '@lg/pull-request'
import { checkHost, type HostedContext } from '@lg/pull-request/hosted'
import type { Api } from './api.ts'
import type { LabelMode } from './options.ts'

/** What every call needs. */
export interface HostContext extends HostedContext {
  readonly api: Api
  readonly hosts: readonly string[]
  /** Path that GitLab lives below, without a slash at the end. */
  readonly webPath: string
  readonly labels: LabelMode
  readonly labelColor: string | undefined
  readonly branchWait: number
  /** What every request of the client library begins with: the full path of the project. */
  readonly project: string
}

/**
 * The full path of a project, groups included. A URL of `http` has the path that GitLab lives below before it; that of
 * SSH has not.
 *
 * @throws {LgError} `NO_HOST`.
 */
export function projectOf(
  reference: RepositoryReference,
  { hosts, webPath, place }: Pick<HostContext, 'hosts' | 'webPath' | 'place'>,
): string {
  checkHost(reference, hosts, place)
  const path = `/${reference.owner}/${reference.name}`
  if (webPath === '' || reference.transport === 'ssh') return path.slice(1)
  if (path.startsWith(`${webPath}/`)) return path.slice(webPath.length + 1)
  const host = webHost(reference)
  throw createPullRequestError(
    'NO_HOST',
    `GitLab lives below ${webPath} on ${host}, and it does not`,
    place,
    {
      host,
    },
  )
}

/** Login names have no case. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** The login names of `wanted` that are not among `present`. */
export function missingFrom(present: readonly string[], wanted: readonly string[]): readonly string[] {
  const known = new Set(present.map((name) => name.toLowerCase()))
  return wanted.filter((name) => !known.has(name.toLowerCase()))
}

/** The same for labels, which have a case. */
export function missingLabels(present: readonly string[], wanted: readonly string[]): readonly string[] {
  return wanted.filter((name) => !present.includes(name))
}
