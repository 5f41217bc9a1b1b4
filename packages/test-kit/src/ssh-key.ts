import { createHash } from 'node:crypto'
import { chmod, writeFile } from 'node:fs/promises'
import ssh2 from 'ssh2'

/** A key pair as OpenSSH keeps it in files. */
export interface SshKeyPair {
  readonly type: 'ed25519' | 'rsa'
  /** The private key in OpenSSH's format, encrypted if there is a passphrase. */
  readonly privateKey: string
  /** One line: type, key, comment. */
  readonly publicKey: string
  readonly passphrase: string | undefined
  /** As `ssh-keygen -l` shows it: `SHA256:...`. */
  readonly fingerprint: string
  /** Writes the private key for its owner alone (mode 0600) and gives the path. */
  save(path: string): Promise<string>
}

export interface SshKeyPairOptions {
  /** `ed25519` by default; RSA keys have 2048 bits. */
  readonly type?: 'ed25519' | 'rsa'
  /** Encrypts the private key. */
  readonly passphrase?: string
  readonly comment?: string
}

/** Generates a key pair for a client or a host. */
export async function createSshKeyPair(options: SshKeyPairOptions = {}): Promise<SshKeyPair> {
  const { type = 'ed25519', passphrase, comment = 'test-kit' } = options
  const { private: privateKey, public: publicKey } = await generateWhole(type, comment, passphrase)
  return {
    type,
    privateKey,
    publicKey,
    passphrase,
    fingerprint: fingerprintOf(parsePublicKey(publicKey).getPublicSSH()),
    async save(path) {
      await writeFile(path, privateKey, { mode: 0o600 })
      await chmod(path, 0o600)
      return path
    },
  }
}

interface KeyTexts {
  readonly private: string
  readonly public: string
}

/** One ed25519 key in 256 comes out short: `ssh2` 1.17 drops a zero byte at its start (its issue 1513). */
async function generateWhole(
  type: SshKeyPair['type'],
  comment: string,
  passphrase: string | undefined,
): Promise<KeyTexts> {
  for (;;) {
    const pair = await generate(type, comment, passphrase)
    if (!(ssh2.utils.parseKey(pair.public) instanceof Error)) return pair
  }
}

function generate(
  type: SshKeyPair['type'],
  comment: string,
  passphrase: string | undefined,
): Promise<KeyTexts> {
  const options = {
    comment,
    ...(passphrase === undefined ? {} : { passphrase, cipher: 'aes256-ctr', rounds: 16 }),
  }
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, pair: KeyTexts): void =>
      error === null ? resolve(pair) : reject(error)
    if (type === 'rsa') ssh2.utils.generateKeyPair('rsa', { ...options, bits: 2048 }, done)
    else ssh2.utils.generateKeyPair('ed25519', options, done)
  })
}

/** Reads one line of a public key file. */
export function parsePublicKey(line: string): ssh2.ParsedKey {
  const parsed = ssh2.utils.parseKey(line)
  const key = Array.isArray(parsed) ? parsed[0] : parsed
  if (key === undefined || key instanceof Error) throw new TypeError(`No public key: ${line}`, { cause: key })
  return key
}

export function fingerprintOf(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}
