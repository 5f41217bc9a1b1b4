import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatRepositoryReference, gitErrors } from '@lg/git'
import type { RepositoryReference } from '@lg/git'
import { findHostKeys, formatKnownHosts } from './known-hosts.ts'
import type { KnownHostKey } from './known-hosts.ts'

const defaultPort = 22

/**
 * Puts the keys of the remote's host, and nothing else, where libgit2 looks for known hosts: nodegit does not show the
 * key of a connection in full, so libgit2 itself has to compare.
 *
 * @param home the engine's home folder.
 * @throws {LgError} `HOST_KEY_UNKNOWN`, before anybody connects.
 */
export async function provideHostKeys(
  remote: RepositoryReference,
  knownHosts: string,
  home: string,
): Promise<readonly KnownHostKey[]> {
  const { host, port = defaultPort } = remote
  const keys = findHostKeys(await readFile(knownHosts, 'utf8'), host, port)
  if (keys.length === 0) throw unknownHost(remote, knownHosts)
  const file = join(home, '.ssh', 'known_hosts')
  await mkdir(join(home, '.ssh'), { recursive: true, mode: 0o700 })
  await writeFile(`${file}.new`, formatKnownHosts(host, port, keys), { mode: 0o600 })
  await rename(`${file}.new`, file)
  return keys
}

function unknownHost(remote: RepositoryReference, knownHosts: string): Error {
  const port = remote.port === undefined ? '' : `-p ${remote.port} `
  return gitErrors.create(
    'HOST_KEY_UNKNOWN',
    `${knownHosts} has no key of ${shownHost(remote)}. Compare the fingerprint with the one that the host publishes, ` +
      `then add the line that \`ssh-keyscan ${port}${remote.host}\` prints.`,
    { remote: formatRepositoryReference(remote), knownHosts },
  )
}

/** The host showed a key that is none of these. */
export function otherHostKey(
  remote: RepositoryReference,
  knownHosts: string,
  keys: readonly KnownHostKey[],
): Error {
  const line = keys[0]?.line
  return gitErrors.create(
    'HOST_KEY_CHANGED',
    `${shownHost(remote)} shows another host key than ${line === undefined ? '' : `line ${line} of `}${knownHosts} ` +
      'says. Somebody may be posing as the host. If the change is announced, replace that line.',
    { remote: formatRepositoryReference(remote), knownHosts, ...(line !== undefined && { line }) },
  )
}

function shownHost({ host, port }: RepositoryReference): string {
  return port === undefined ? host : `[${host}]:${port}`
}
