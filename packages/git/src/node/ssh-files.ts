/// <reference types="node" />
import { access, constants } from 'node:fs/promises'
import type { SshCredentials } from '../credentials.ts'
import { gitErrors } from '../errors.ts'

/** What SSH logs in with: files that are there, and the socket of the agent where one is used. */
export type SshFiles =
  | { readonly type: 'file'; readonly path: string; readonly knownHosts: string }
  | { readonly type: 'agent'; readonly socket: string; readonly knownHosts: string }

/**
 * Makes sure that all files are there and can be read.
 *
 * @throws {LgError} `INVALID_CREDENTIALS`.
 */
export async function findSshFiles(
  { key, knownHosts }: SshCredentials,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<SshFiles> {
  await checkReadable(knownHosts, 'known_hosts file')
  if (key.type === 'file') {
    await checkReadable(key.path, 'private key file')
    return { type: 'file', path: key.path, knownHosts }
  }
  const socket = key.socket ?? environment['SSH_AUTH_SOCK'] ?? ''
  if (socket === '') {
    const reason = 'no SSH agent: neither `socket` nor SSH_AUTH_SOCK names one'
    throw gitErrors.create('INVALID_CREDENTIALS', `SSH cannot log in: ${reason}`, { reason })
  }
  await checkReadable(socket, 'SSH agent socket')
  return { type: 'agent', socket, knownHosts }
}

async function checkReadable(path: string, what: string): Promise<void> {
  try {
    await access(path, constants.R_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason = `the ${what} ${path} ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}`
    throw gitErrors.create(
      'INVALID_CREDENTIALS',
      `SSH cannot log in: ${reason}`,
      { reason, file: path },
      { cause: error },
    )
  }
}
