import { webHost, type RepositoryReference } from '@lg/git'

/** True when two references name one repository, whatever the transport. */
export function isSameRepository(a: RepositoryReference, b: RepositoryReference): boolean {
  if (a.transport === 'file' || b.transport === 'file')
    return a.transport === b.transport && a.path === b.path
  if (webHost(a) !== webHost(b) || a.owner !== b.owner || a.name !== b.name) return false
  // An SSH port says nothing about the host's web address.
  return a.transport === 'ssh' || b.transport === 'ssh' || a.port === b.port
}
