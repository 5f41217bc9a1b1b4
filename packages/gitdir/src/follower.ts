import { gitErrors, type Commit, type FetchProgress, type GitRepository, type Oid } from '@lg/git'
import type { CallOptions } from '@lg/runtime'
import type { BranchHead, BranchUpdate } from './branch-head.ts'
import { chooseBranch } from './choose-branch.ts'
import type { Operate } from './deadline.ts'
import { gitDirectoryErrors } from './errors.ts'
import type { OnGitDirectoryStep } from './steps.ts'
import { trackingRef, type TrackedBranches } from './tracked-branches.ts'

/** Keeps a branch head in step with the remote. Its calls must come one after the other. */
export interface Follower {
  /** The branch followed, or waited for in a repository that has none yet. */
  readonly branch: string | undefined
  /** Fetches, and moves the head to what the branch has now. */
  sync(options?: CallOptions): Promise<Commit>
  /**
   * Moves the head to a commit that the remote has just taken for the branch.
   *
   * @returns false when the branch has moved otherwise meanwhile: only a fetch can tell.
   */
  advanceTo(commit: Oid, options?: CallOptions): Promise<boolean>
}

export interface FollowerOptions {
  readonly repository: GitRepository
  readonly branches: TrackedBranches
  readonly remote: string
  /** The branch asked for; without one, the one that the remote's HEAD names. */
  readonly configured: string | undefined
  /** Folder that shows the head's files. */
  readonly worktree: string | undefined
  /** Only the files of this folder of the repository. */
  readonly under: string | undefined
  readonly head: BranchHead
  readonly operate: Operate
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined
  readonly onStep?: OnGitDirectoryStep | undefined
}

export function createFollower(options: FollowerOptions): Follower {
  const { repository, branches, remote, configured, worktree, under, head, operate, onProgress, onStep } =
    options
  let followed: string | undefined
  let awaited = configured

  /** False when the remote does not have the branch. */
  async function fetch(branch: string, options: CallOptions): Promise<boolean> {
    const isThere = await operate(
      ['fetch', `Fetching ${branch} from ${remote}`],
      (signal, count) => {
        const watched = (progress: FetchProgress): void => {
          if (progress.bytes !== undefined) count(progress.bytes)
          onProgress?.(progress)
        }
        return branches.fetch(branch, { signal, onProgress: onProgress && watched })
      },
      options,
    )
    onStep?.('branch fetched')
    return isThere
  }

  async function choose(options: CallOptions): Promise<string> {
    const prefixes = ['refs/heads/']
    const operation = `Listing the branches of ${remote}`
    const refs = await operate(
      ['list', operation],
      (signal) => repository.remoteRefs({ prefixes, signal }),
      options,
    )
    try {
      return chooseBranch(refs, { configured, followed, remote })
    } catch (error) {
      if (gitDirectoryErrors.is(error, 'REPOSITORY_EMPTY')) awaited = error.details.branch
      throw error
    }
  }

  /** Moves the head to where the tracking ref is. The worktree goes first: who hears of a commit finds its files. */
  async function advance(branch: string, options: CallOptions): Promise<Commit> {
    const oid = await repository.resolve(trackingRef(branch), options)
    const before = head.current
    if (before?.branch === branch && before.commit.oid === oid) return before.commit
    const update = await describe(before, branch, await repository.readCommit(oid, options), options)
    if (worktree !== undefined && before?.commit.oid !== oid) {
      const operation = `Laying out the files of ${branch} in ${worktree}`
      await operate(
        ['layOut', operation],
        (signal) => repository.updateWorktree({ dir: worktree, commit: oid, under }, { signal }),
        options,
      )
      onStep?.('files laid out')
    }
    followed = branch
    head.set(update)
    onStep?.('head moved')
    return update.commit
  }

  async function describe(
    before: BranchUpdate | undefined,
    branch: string,
    commit: Commit,
    options: CallOptions,
  ): Promise<BranchUpdate> {
    if (before === undefined) return { type: 'initial', branch, commit }
    const { commit: previous, branch: previousBranch } = before
    if (branch !== previousBranch) return { type: 'branchChange', branch, previousBranch, commit, previous }
    const contained = await isContained(previous.oid, commit.oid, options)
    return { type: contained ? 'fastForward' : 'forcePush', branch, commit, previous }
  }

  async function isContained(previous: Oid, next: Oid, options: CallOptions): Promise<boolean> {
    try {
      return await repository.isAncestor(previous, next, options)
    } catch (error) {
      // In a shallow clone what is not seen is taken for rewritten: who relies on a fast-forward is never wrong.
      if (gitErrors.is(error, 'HISTORY_INCOMPLETE')) return false
      throw error
    }
  }

  return {
    get branch() {
      return followed ?? awaited
    },
    async sync(options = {}) {
      const known = followed ?? configured
      if (known !== undefined && (await fetch(known, options))) return await advance(known, options)
      const branch = await choose(options)
      if (!(await fetch(branch, options))) {
        const message = `${remote} had branch ${branch} a moment ago, and has it no longer`
        throw gitDirectoryErrors.create('BRANCH_NOT_FOUND', message, { remote, branch, branches: [] })
      }
      return await advance(branch, options)
    },
    async advanceTo(target, options = {}) {
      const branch = followed ?? awaited
      if (branch === undefined) return false
      const ref = trackingRef(branch)
      const current = (await repository.listRefs(ref, options)).get(ref)
      if (current !== undefined && !(await isContained(current, target, options))) return false
      await repository.updateRef({ ref, target, expected: current ?? null }, options)
      onStep?.('pushed branch followed')
      await branches.refresh(branch, options)
      await advance(branch, options)
      return true
    },
  }
}
