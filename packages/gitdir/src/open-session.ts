import { type GitRepository } from '@lg/git'
import type { BranchHead } from './branch-head.ts'
import { takeCloneFolder, type CloneFolder } from './clone-folder.ts'
import type { Operate } from './deadline.ts'
import { gitDirectoryErrors } from './errors.ts'
import { createFollower, type Follower } from './follower.ts'
import type { Settings } from './options.ts'
import { runAll } from './run-all.ts'
import { createTrackedBranches, type BranchMove, type TrackedBranches } from './tracked-branches.ts'

/** What exists from a successful start to the end. */
export interface Session {
  readonly folder: CloneFolder
  readonly repository: GitRepository
  readonly branches: TrackedBranches
  readonly follower: Follower
  /** `REPOSITORY_EMPTY`, when there was nothing to fetch yet. */
  readonly empty?: Error
}

export interface SessionOptions {
  readonly settings: Settings
  readonly head: BranchHead
  readonly onMove: (move: BranchMove) => void
  readonly operate: Operate
  readonly signal: AbortSignal
}

/** Opens the store and fetches. When that fails, what it made is removed again. */
export async function openSession({
  settings,
  head,
  onMove,
  operate,
  signal,
}: SessionOptions): Promise<Session> {
  const { git, repository: remote, auth: credentials, filter, timeout, logger } = settings
  const folder = await takeCloneFolder(settings.dir)
  let repository: GitRepository | undefined
  try {
    repository = await operate(
      ['open', `Opening ${folder.store}`],
      (signal) => git.open({ dir: folder.store, remote, credentials, filter, timeout, signal }),
      { signal },
    )
    const { branches: others, depth, under, onProgress, onMetric, onStep } = settings
    onStep?.('store opened')
    const branches = createTrackedBranches({ repository, others, depth, onMove })
    const follower = createFollower({
      repository,
      branches,
      remote: settings.remote,
      configured: settings.branch,
      worktree: settings.worktree ? folder.worktree : undefined,
      under,
      head,
      operate,
      onStep,
      // A fetch that nobody watches need not tell how far it is.
      onProgress: onProgress ?? (onMetric && (() => {})),
    })
    const session = { folder, repository, branches, follower }
    try {
      await follower.sync({ signal })
      return session
    } catch (error) {
      if (gitDirectoryErrors.is(error, 'REPOSITORY_EMPTY')) return { ...session, empty: error }
      throw error
    }
  } catch (error) {
    const leftovers = await runAll([
      async () => repository?.close(),
      () => folder.abandon({ opened: repository !== undefined }),
    ])
    for (const leftover of leftovers) {
      logger.error('Could not clean up after a failed start', { remote: settings.remote, error: leftover })
    }
    throw error
  }
}
