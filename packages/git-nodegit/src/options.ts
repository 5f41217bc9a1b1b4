import { tmpdir } from 'node:os'
import { systemClock, systemRandom } from '@lg/runtime'
import type { Clock, Random } from '@lg/runtime'

/** What `createNodeGit` takes; everything has a default. */
export interface NodeGitOptions {
  /**
   * The folder of a compiled `nodegit`, or its name where it is installed. Default `nodegit`, looked up from this
   * package.
   */
  readonly module?: string | undefined
  /**
   * Where the proxy and certificate variables and `SSH_AUTH_SOCK` come from; nothing else of it reaches libgit2 but
   * where libraries are. Default: the environment of this process.
   */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
  /** Parent of the private folder that each open repository has. Default: the system's. */
  readonly tempDir?: string | undefined
  readonly timeouts?: NodeGitTimeouts | undefined
  readonly clock?: Clock | undefined
  readonly random?: Random | undefined
}

/** Milliseconds. */
export interface NodeGitTimeouts {
  /** One step that stays on this machine. Default 120,000. */
  readonly local?: number | undefined
  /** One fetch, push or look at the remote's refs. Default 600,000. */
  readonly remote?: number | undefined
}

/** The options with their defaults, as the modules of this package pass them on. */
export interface Settings {
  readonly module: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly tempDir: string
  readonly timeouts: Readonly<Record<keyof NodeGitTimeouts, number>>
  readonly clock: Clock
  readonly random: Random
}

export function settingsOf(options: NodeGitOptions): Settings {
  const { timeouts = {} } = options
  return {
    module: options.module ?? 'nodegit',
    environment: options.environment ?? process.env,
    tempDir: options.tempDir ?? tmpdir(),
    timeouts: { local: timeouts.local ?? 120_000, remote: timeouts.remote ?? 600_000 },
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
  }
}
