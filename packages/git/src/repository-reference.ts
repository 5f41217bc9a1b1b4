/**
 * Where a repository lives, in parts. Made by `parseRepositoryReference`; never holds a secret.
 */
export interface RepositoryReference {
  readonly transport: 'https' | 'http' | 'ssh' | 'file'
  /** Host name in lower case, without port; empty for `file`. */
  readonly host: string
  /** Port in the URL, when it is not the transport's own. For `ssh` it says nothing about the host's API. */
  readonly port?: number | undefined
  /** User in an SSH URL. User info of `https` is dropped. */
  readonly user?: string | undefined
  /** Path as the transport sends it, `.git` kept. */
  readonly path: string
  /** Everything before the last part of the path, without `.git`: `group/subgroup`. Empty for `file`. */
  readonly owner: string
  /** Last part of the path, without `.git`. */
  readonly name: string
  /** The URL for the engine. */
  readonly url: string
}
