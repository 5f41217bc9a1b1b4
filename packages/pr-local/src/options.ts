import type { GitRepository, Person, RepositoryReference } from '@lg/git'
import type { CallOptions, Clock, Random } from '@lg/runtime'

export interface LocalProviderOptions {
  /**
   * A store opened with the repository as its remote, or what gives one for each repository that is asked for
   * (`undefined`: there is none, which is `NOT_FOUND`). The provider never closes it. It keeps
   * `refs/lg/pulls/*` and `refs/lg/branches/*` in it, and may share it with others that keep to other names.
   */
  readonly git: GitRepository | OpenRepository
  /** Author of the pull requests, comments and merges made here. */
  readonly identity: Person
  /** Page of a pull request. Default: the repository's URL with the name of the ref as its fragment. */
  readonly url?: ((number: number, repository: RepositoryReference) => string) | undefined
  /** Default: the system's. */
  readonly clock?: Clock | undefined
  /** Default: the system's. */
  readonly random?: Random | undefined
}

export type OpenRepository = (
  repository: RepositoryReference,
  options: CallOptions,
) => GitRepository | undefined | Promise<GitRepository | undefined>
