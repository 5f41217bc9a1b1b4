import { spawn } from 'node:child_process'
import { gitErrors } from '@lg/git'
import type { CallOptions } from '@lg/runtime'

/** Signs the bytes of a commit: gives the signature in armor. */
export type CommitSigner = (commit: Uint8Array, options?: CallOptions) => Promise<string>

export interface SshSignerOptions {
  /** File of the private key; of the public key with `agent`. */
  readonly key: string
  /** The private key is in the agent that `SSH_AUTH_SOCK` names, as it must be when it has a passphrase. Default false. */
  readonly agent?: boolean | undefined
  /** Default `ssh-keygen`. */
  readonly program?: string | undefined
}

export interface GpgSignerOptions {
  /** Fingerprint, key id or address of a key in the keyring. */
  readonly key: string
  /** Folder of the keyring. Default: gpg's own. */
  readonly home?: string | undefined
  /** Default `gpg`. */
  readonly program?: string | undefined
}

/**
 * Signs with an SSH key, as `git commit -S` does with `gpg.format=ssh` (PROTOCOL.sshsig).
 *
 * @example
 * ```ts
 * const storage = createGitStorage({ gitDirectory, serializer, sign: createSshSigner({ key: '/etc/lg/id_ed25519' }) })
 * ```
 * The signer rejects with `INVALID_CREDENTIALS` when the key cannot be used.
 */
export function createSshSigner({
  key,
  agent = false,
  program = 'ssh-keygen',
}: SshSignerOptions): CommitSigner {
  const args = ['-Y', 'sign', '-n', 'git', ...(agent ? ['-U'] : []), '-f', key]
  return (commit, options) => run({ program, args, key }, commit, options)
}

/** Signs with an OpenPGP key of a keyring, without asking anybody: a passphrase must be known to gpg's agent. */
export function createGpgSigner({ key, home, program = 'gpg' }: GpgSignerOptions): CommitSigner {
  const folder = home === undefined ? [] : ['--homedir', home]
  const args = [...folder, '--batch', '--no-tty', '--quiet', '--detach-sign', '--armor', '--local-user', key]
  return (commit, options) => run({ program, args, key }, commit, options)
}

interface Signing {
  readonly program: string
  readonly args: readonly string[]
  readonly key: string
}

function run(
  { program, args, key }: Signing,
  input: Uint8Array,
  { signal }: CallOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const failed = (why: string, cause?: unknown): void => {
      if (signal?.aborted) return reject(signal.reason)
      const reason = why.trim() || 'no reason given'
      const details = { reason, file: key }
      reject(
        gitErrors.create('INVALID_CREDENTIALS', `${program} cannot sign with ${key}: ${reason}`, details, {
          cause,
        }),
      )
    }
    // No terminal to ask on: a question is a failure.
    const child = spawn(program, args, { stdio: 'pipe', detached: true, signal })
    const output: Buffer[] = []
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    // A program that ends before it has read everything is seen by its exit.
    child.stdin.on('error', () => {})
    child.on('error', (error) => failed(error.message, error))
    child.on('close', (status) => {
      if (status === 0) resolve(Buffer.concat(output).toString('utf8'))
      else failed(stderr)
    })
    child.stdin.end(input)
  })
}
