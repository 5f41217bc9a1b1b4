import { resolve } from 'node:path'
import {
  checkBranchName,
  formatRepositoryReference,
  type Credentials,
  type FetchProgress,
  type Git,
  type RepositoryReference,
} from '@lg/git'
import {
  checkPath,
  silentLogger,
  systemClock,
  systemRandom,
  type Clock,
  type Logger,
  type Random,
} from '@lg/runtime'
import { gitDirectoryErrors } from './errors.ts'
import type { OnMetric } from './metric.ts'
import type { OnGitDirectoryStep } from './steps.ts'

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
  /**
   * More branches to keep current, `'all'` for every one that the remote has. One that it does not have is no failure.
   * Default: none.
   */
  readonly branches?: readonly string[] | 'all' | undefined
  /** Commits of history that the first fetch brings; later ones add what is new. Default: all. */
  readonly depth?: number | undefined
  /** `blob:none`: the content of a file comes when it is first read, which then needs the remote. Default: all content. */
  readonly filter?: 'blob:none' | undefined
  /** The folder of the repository that this is about: nothing else is laid out, and nothing else is changed. Default: all. */
  readonly under?: string | undefined
  /** Milliseconds from the beginning of one background pull to the next. Default 30,000. */
  readonly interval?: number | undefined
  /** Milliseconds that one git operation may take, the first fetch included. Default 60,000. */
  readonly timeout?: number | undefined
  /** Without credentials the directory is read-only. */
  readonly auth?: Credentials | undefined
  /** Whether the files of the branch are also laid out in a folder. Default true. */
  readonly worktree?: boolean | undefined
  /**
   * Milliseconds from one packing of the store to the next, by background pulls and at low priority; `false` for never.
   * Default one day; never by an engine without the capability.
   */
  readonly gcInterval?: number | false | undefined
  /** Told how far a fetch has come, the first one above all. */
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined
  /** Told of each operation that has ended: for counters and histograms. */
  readonly onMetric?: OnMetric | undefined
  /** Told of each of `gitDirectorySteps`, before anything else happens: for traces, and to see what an end at that moment does. */
  readonly onStep?: OnGitDirectoryStep | undefined
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
  readonly branches: readonly string[] | 'all'
  readonly depth: number | undefined
  readonly filter: 'blob:none' | undefined
  readonly under: string | undefined
  readonly gcInterval: number | false
  readonly interval: number
  readonly timeout: number
  readonly auth: Credentials | undefined
  readonly worktree: boolean
  readonly onProgress: ((progress: FetchProgress) => void) | undefined
  readonly onMetric: OnMetric | undefined
  readonly onStep: OnGitDirectoryStep | undefined
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

// What timers can hold; they fire at once when asked for more.
const longestDelay = 2 ** 31 - 1

/** @throws {LgError} `INVALID_OPTION`, `INVALID_REF`, `INVALID_PATH`. */
export function settle(options: GitDirectoryOptions): Settings {
  const {
    git,
    repository,
    branch,
    branches = [],
    depth,
    filter,
    under,
    gcInterval = 24 * 60 * 60 * 1000,
    auth,
    onProgress,
    onMetric,
    onStep,
    interval = 30_000,
    timeout = 60_000,
    worktree = true,
  } = options
  const { clock = systemClock, random = systemRandom, logger = silentLogger } = options
  for (const [option, value] of Object.entries({ interval, timeout, gcInterval })) {
    if (value === false) continue
    if (!(value > 0 && value <= longestDelay)) {
      throw invalid(option, `is ${value}; it takes more than 0 and at most ${longestDelay} milliseconds`)
    }
  }
  if (options.dir === '') throw invalid('dir', 'is empty; leave it out for a temporary folder')
  if (depth !== undefined && !(Number.isInteger(depth) && depth > 0)) {
    throw invalid('depth', `is ${depth}; it takes a whole number of commits`)
  }
  for (const name of [...(branch === undefined ? [] : [branch]), ...(branches === 'all' ? [] : branches)]) {
    checkBranchName(name)
  }
  if (under !== undefined) checkPath(under)
  const dir = options.dir === undefined ? undefined : resolve(options.dir)
  const remote = formatRepositoryReference(repository)
  const scope = { branch, branches, depth, filter, under }
  const pace = { interval, timeout, gcInterval }
  const listeners = { onProgress, onMetric, onStep }
  return {
    git,
    repository,
    remote,
    dir,
    ...scope,
    ...pace,
    auth,
    worktree,
    ...listeners,
    clock,
    random,
    logger,
  }
}

function invalid(option: string, reason: string): Error {
  return gitDirectoryErrors.create('INVALID_OPTION', `The option ${option} ${reason}`, { option, reason })
}
