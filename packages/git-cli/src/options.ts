import { tmpdir } from 'node:os'
import { silentLogger, systemClock, systemRandom } from '@lg/runtime'
import type { Clock, Logger, Random } from '@lg/runtime'
import { parseProxy } from './network.ts'
import type { NetworkOptions } from './network.ts'
import type { OnGitCliStep } from './steps.ts'

/** What `createGitCli` takes; everything has a default. */
export interface GitCliOptions extends NetworkOptions {
  /** Name or path of git, 2.39 or newer. Default `git`, looked up in `PATH`. */
  readonly git?: string | undefined
  /** Name or path of OpenSSH's client. Default `ssh`, looked up in `PATH`. */
  readonly ssh?: string | undefined
  /**
   * Where `PATH`, the proxy and certificate variables and `SSH_AUTH_SOCK` come from; nothing else of it reaches git.
   * Default: the environment of this process.
   */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
  /** Parent of the private folder that each open repository has. Its path must be short (sockets). Default: the system's. */
  readonly tempDir?: string | undefined
  /**
   * Milliseconds for which an SSH connection is kept for the next call of the same repository; it is closed with the
   * repository, and after a failed call. While it is kept, a key that the host no longer accepts still works.
   * Default 0: each call connects anew.
   */
  readonly sshPersist?: number | undefined
  readonly timeouts?: GitTimeouts | undefined
  readonly clock?: Clock | undefined
  readonly random?: Random | undefined
  /** Told of each git process that ran, at `debug`. */
  readonly logger?: Logger | undefined
  /** Told of each of `gitCliSteps`, before anything else happens: for traces, and to see what an end at that moment does. */
  readonly onStep?: OnGitCliStep | undefined
}

/** Milliseconds. */
export interface GitTimeouts {
  /** One step that stays on this machine. Default 120,000. */
  readonly local?: number | undefined
  /** One fetch, push or look at the remote's refs. Default 600,000; a stalled connection ends sooner. */
  readonly remote?: number | undefined
  /** Until a connection stands, and how long it may be silent. Default 30,000. */
  readonly connect?: number | undefined
}

/** The options with their defaults, as the modules of this package pass them on. */
export interface Settings {
  readonly git: string
  readonly ssh: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly tempDir: string
  readonly sshPersist: number
  readonly network: NetworkOptions
  readonly timeouts: Readonly<Record<keyof GitTimeouts, number>>
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly onStep: OnGitCliStep | undefined
}

/** @throws {LgError} `INVALID_CREDENTIALS` for a proxy that is none. */
export function settingsOf(options: GitCliOptions): Settings {
  const { timeouts = {}, proxy, certificateAuthorities } = options
  parseProxy(proxy)
  return {
    git: options.git ?? 'git',
    ssh: options.ssh ?? 'ssh',
    environment: options.environment ?? process.env,
    tempDir: options.tempDir ?? tmpdir(),
    sshPersist: options.sshPersist ?? 0,
    network: { proxy, certificateAuthorities },
    timeouts: {
      local: timeouts.local ?? 120_000,
      remote: timeouts.remote ?? 600_000,
      connect: timeouts.connect ?? 30_000,
    },
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    logger: options.logger ?? silentLogger,
    onStep: options.onStep,
  }
}
