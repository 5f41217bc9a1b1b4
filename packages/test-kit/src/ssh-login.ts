import type { AuthContext } from 'ssh2'
import type { Access } from './git-service.ts'
import { fingerprintOf, parsePublicKey } from './ssh-key.ts'

/** A public key that may use a Git server over SSH. */
export interface AuthorizedKey {
  /** One line of a public key file. */
  readonly publicKey: string
  /** `write` by default. */
  readonly access?: Access
}

/** One attempt to log in. A client may ask about a key first, without proof that it holds it. */
export interface RecordedLogin {
  readonly user: string
  readonly method: string
  /** Of the key that was offered. */
  readonly fingerprint: string | undefined
  /** Whether it came with a valid signature and was let in; false when it was refused or only asked. */
  readonly accepted: boolean
}

/** Lets one of the keys in; answers the client, and tells what was tried and what the key may do. */
export function decideLogin(
  context: AuthContext,
  expectedUser: string,
  keys: readonly AuthorizedKey[],
): { readonly login: RecordedLogin; readonly access?: Access } {
  const { username: user, method } = context
  const refuse = (fingerprint?: string): { login: RecordedLogin } => {
    context.reject(['publickey'])
    return { login: { user, method, fingerprint, accepted: false } }
  }
  if (context.method !== 'publickey') return refuse()
  const { key, blob, signature, hashAlgo } = context
  const fingerprint = fingerprintOf(key.data)
  const known = keys.find((candidate) => parsePublicKey(candidate.publicKey).getPublicSSH().equals(key.data))
  if (known === undefined || user !== expectedUser) return refuse(fingerprint)
  if (signature === undefined || blob === undefined) {
    // Only a question: the client signs when it learns that the key would do.
    context.accept()
    return { login: { user, method, fingerprint, accepted: false } }
  }
  if (!parsePublicKey(known.publicKey).verify(blob, signature, hashAlgo)) return refuse(fingerprint)
  context.accept()
  return { login: { user, method, fingerprint, accepted: true }, access: known.access ?? 'write' }
}
