import type { CallOptions } from '@lg/runtime'

/** Access over SSH. The host key is always checked against `knownHosts`. */
export interface SshCredentials {
  readonly type: 'ssh'
  readonly key: SshKey
  /** Path of a known_hosts file; hosts that are not in it are refused. */
  readonly knownHosts: string
  /** Default: the user in the URL, else `git`. */
  readonly user?: string | undefined
}

export type SshKey =
  /** A private key file that `ssh` reads itself; the passphrase is asked for when the key has one. */
  | { readonly type: 'file'; readonly path: string; readonly passphrase?: Secret | undefined }
  /** A running agent. `socket` defaults to `SSH_AUTH_SOCK` of the adapter's environment. */
  | { readonly type: 'agent'; readonly socket?: string | undefined }

/** Access over HTTPS: user and password, or user and token. */
export interface HttpsCredentials {
  readonly type: 'https'
  /** Hosts that only look at the token take any user name. Default `git`. */
  readonly username?: string | undefined
  readonly password: Secret
  /**
   * Allows sending the password over plain `http`. Default: only to a loopback address.
   */
  readonly insecureHttp?: boolean | undefined
}

/** A secret, or where to get a fresh one: asked again for every operation that needs it. */
export type Secret = string | ((request: SecretRequest) => string | Promise<string>)

/** What a secret is wanted for. */
export interface SecretRequest extends CallOptions {
  /** Scheme, host and port: `https://git.example.org:8443`. */
  readonly origin: string
  /** Path of the repository on that host, without leading slash. */
  readonly path: string
}

export type Credentials = SshCredentials | HttpsCredentials
