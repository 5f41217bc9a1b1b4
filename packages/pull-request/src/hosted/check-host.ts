import { webHost, type RepositoryReference } from '@lg/git'
import type { ErrorPlace } from '../errors.ts'
import { createPullRequestError } from '../failure.ts'

/**
 * Keeps a provider to the repositories of its host: one of the same name may exist elsewhere.
 *
 * @param hosts names, or `host:port` for one that differs by port only.
 * @throws {LgError} `NO_HOST`.
 */
export function checkHost(reference: RepositoryReference, hosts: readonly string[], place: ErrorPlace): void {
  const host = webHost(reference)
  // An SSH port says nothing about the host's web address.
  const port = reference.transport === 'ssh' ? undefined : reference.port
  if (reference.transport !== 'file' && (hosts.includes(host) || hosts.includes(`${host}:${port}`))) return
  const problem =
    reference.transport === 'file' ?
      'it is on no hosting service; use a provider that needs none'
    : `it is on ${host}, and this provider is for ${hosts.join(', ')}`
  throw createPullRequestError('NO_HOST', problem, place, { host })
}
