import { readFile, stat } from 'node:fs/promises'
import { gitErrors } from '@lg/git'

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
