import { resolve } from 'node:path'
import {
  checkBranchName,
  formatRepositoryReference,
  type Credentials,
  type FetchProgress,
  type Git,
  type RepositoryReference,
} from '@lg/git'
import { silentLogger, systemClock, systemRandom, type Clock, type Logger, type Random } from '@lg/runtime'
import { gitDirectoryErrors } from './errors.ts'

export interface GitDirectoryOptions {
  /** The engine: `createGitCli()` of `@lg/git-cli`, or another implementation of the port. */
  readonly git: Git
  /** The remote, as `parseRepositoryReference` of `@lg/git` makes it. */
  readonly repository: RepositoryReference
  /**
   * Where the clone lives. A given folder is kept, and reused by the next start; it must be absent, empty or
   * such a clone. Default: a temporary folder that `close()` removes.
   */
  readonly dir?: string | undefined
  /** Branch to follow. Default: the one that the remote's HEAD names. */
  readonly branch?: string | undefined
  /** Milliseconds from the beginning of one background pull to the next. Default 30,000. */
  readonly interval?: number | undefined
  /** Milliseconds that one git operation may take, the first fetch included. Default 60,000. */
  readonly timeout?: number | undefined
  /** Without credentials the directory is read-only. */
  readonly auth?: Credentials | undefined
  /** Whether the files of the branch are also laid out in a folder. Default true. */
  readonly worktree?: boolean | undefined
  /** Told how far a fetch has come, the first one above all. */
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined
  readonly clock?: Clock | undefined
  /** For the jitter after failures. */
  readonly random?: Random | undefined
  readonly logger?: Logger | undefined
}

export interface Settings {
  readonly git: Git
  readonly repository: RepositoryReference
  /** The remote as it may be shown. */
  readonly remote: string
  readonly dir: string | undefined
  readonly branch: string | undefined
  readonly interval: number
  readonly timeout: number
  readonly auth: Credentials | undefined
  readonly worktree: boolean
  readonly onProgress: ((progress: FetchProgress) => void) | undefined
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

// What timers can hold; they fire at once when asked for more.
const longestDelay = 2 ** 31 - 1

/** @throws {LgError} `INVALID_OPTION`, `INVALID_REF`. */
export function settle(options: GitDirectoryOptions): Settings {
  const {
    git,
    repository,
    branch,
    auth,
    onProgress,
    interval = 30_000,
    timeout = 60_000,
    worktree = true,
  } = options
  const { clock = systemClock, random = systemRandom, logger = silentLogger } = options
  for (const [option, value] of Object.entries({ interval, timeout })) {
    if (!(value > 0 && value <= longestDelay)) {
      throw invalid(option, `is ${value}; it takes more than 0 and at most ${longestDelay} milliseconds`)
    }
  }
  if (options.dir === '') throw invalid('dir', 'is empty; leave it out for a temporary folder')
  if (branch !== undefined) checkBranchName(branch)
  const dir = options.dir === undefined ? undefined : resolve(options.dir)
  const remote = formatRepositoryReference(repository)
  const settings = { git, repository, remote, dir, branch, interval, timeout, auth, worktree, onProgress }
  return { ...settings, clock, random, logger }
}

function invalid(option: string, reason: string): Error {
  return gitDirectoryErrors.create('INVALID_OPTION', `The option ${option} ${reason}`, { option, reason })
}
