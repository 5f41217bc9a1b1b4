import { access, constants, readFile, stat } from 'node:fs/promises'
import { gitErrors } from '@lg/git'
import type { SshCredentials } from '@lg/git'

/** A private key as libssh2 takes it. */
export interface PrivateKey {
  readonly text: string
  readonly isEncrypted: boolean
}

/**
 * Reads a private key file, which only its owner may be able to read.
 *
 * @throws {LgError} `INVALID_CREDENTIALS`.
 */
export async function readPrivateKey(path: string): Promise<PrivateKey> {
  const invalid = (reason: string): Error => invalidKey(path, reason)
  const stats = await stat(path).catch((error: unknown) => {
    throw invalid(
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'the file is gone' : 'the file cannot be read',
    )
  })
  if (stats.uid === process.getuid?.() && (stats.mode & 0o077) !== 0)
    throw invalid('others may read it; ssh wants mode 0600')
  const text = await readFile(path, 'utf8').catch(() => {
    throw invalid('the file cannot be read')
  })
  if (!/^-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----$/m.test(text)) throw invalid('it is not a private key')
  return { text, isEncrypted: isEncrypted(text) }
}

export function invalidKey(path: string, reason: string): Error {
  return gitErrors.create('INVALID_CREDENTIALS', `SSH cannot log in with ${path}: ${reason}`, {
    reason,
    file: path,
  })
}

/**
 * Where the agent listens, or nothing when a key file is used; files that are needed must be there.
 *
 * @throws {LgError} `INVALID_CREDENTIALS`.
 */
export async function checkSshFiles(
  { key, knownHosts }: SshCredentials,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  await checkReadable(knownHosts, 'known_hosts file')
  if (key.type === 'file') {
    await checkReadable(key.path, 'private key file')
    return undefined
  }
  const socket = key.socket ?? environment['SSH_AUTH_SOCK']
  if (socket === undefined || socket === '') {
    const reason = 'no SSH agent: neither `socket` nor SSH_AUTH_SOCK names one'
    throw gitErrors.create('INVALID_CREDENTIALS', `SSH cannot log in: ${reason}`, { reason })
  }
  await checkReadable(socket, 'SSH agent socket')
  return socket
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

/** OpenSSH's own format names the cipher first; the others say it in words. */
function isEncrypted(text: string): boolean {
  if (/^-----BEGIN ENCRYPTED PRIVATE KEY-----$/m.test(text) || /^Proc-Type: 4,ENCRYPTED$/m.test(text))
    return true
  const [, body] = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text) ?? []
  if (body === undefined) return false
  const bytes = Buffer.from(body, 'base64')
  const start = 'openssh-key-v1\0'.length
  if (bytes.length < start + 4) return false
  const length = bytes.readUInt32BE(start)
  return bytes.toString('latin1', start + 4, start + 4 + length) !== 'none'
}
