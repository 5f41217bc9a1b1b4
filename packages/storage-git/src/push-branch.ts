import { gitErrors, type GitRepository, type Oid } from '@lg/git'
import type { GitDirectory } from '@lg/gitdir'
import { isLgError, type CallOptions, type Clock, type Random } from '@lg/runtime'
import { storageGitErrors } from './errors.ts'

export interface BranchPush {
  readonly branch: string
  readonly commit: Oid
  /** What the remote branch must be now; `null`: it must not exist. */
  readonly expected: Oid | null
}

export interface PushTools {
  readonly gitDirectory: GitDirectory
  readonly clock: Clock
  readonly random: Random
}

/** `moved`: the branch is not as expected, and our commit is not in it. */
export type PushVerdict = 'landed' | 'moved'

const settleAttempts = 6
const firstPause = 250

/**
 * Pushes one commit and finds out for certain what became of it. When the connection ends before the answer, the
 * push may have arrived, or may still arrive from a process that outlived us; so the same commit is pushed again,
 * which changes nothing if it is there, until the remote answers.
 *
 * @throws {LgError} `PUSH_OUTCOME_UNKNOWN` when the remote stays silent; every refusal of the remote as it is.
 */
export async function pushBranch(
  push: BranchPush,
  tools: PushTools,
  options: CallOptions = {},
): Promise<PushVerdict> {
  const ref = `refs/heads/${push.branch}`
  let unsettled: unknown
  for (let attempt = 0; attempt < settleAttempts; attempt++) {
    if (attempt > 0) {
      await tools.clock.sleep(firstPause * 2 ** (attempt - 1) * (0.5 + tools.random.fraction()), options)
    }
    try {
      await tools.gitDirectory.push(push.commit, push.branch, { ...options, expected: push.expected })
      return 'landed'
    } catch (error) {
      if (gitErrors.is(error, 'REF_CHANGED')) {
        // Without an earlier unknown outcome nobody but others can have moved it.
        if (unsettled === undefined) return 'moved'
        return (await contains(ref, push.commit, tools.gitDirectory.repository, options)) ? 'landed' : 'moved'
      }
      if (options.signal?.aborted) throw unknownOutcome(push, error)
      if (unsettled === undefined && !mayHaveArrived(error)) throw error
      if (!isSilence(error)) throw error
      unsettled = error
    }
  }
  throw unknownOutcome(push, unsettled)
}

async function contains(
  ref: string,
  commit: Oid,
  repository: GitRepository,
  options: CallOptions,
): Promise<boolean> {
  const local = `refs/lg/tx/settle-${commit}`
  await repository.fetch({ ...options, refspecs: [`+${ref}:${local}`] })
  try {
    return await repository.isAncestor(commit, await repository.resolve(local, options), options)
  } finally {
    await repository.updateRef({ ref: local, target: null })
  }
}

const mayHaveArrived = (error: unknown): boolean =>
  gitErrors.is(error, 'REMOTE_UNAVAILABLE') ? error.details.sent : isLgError(error, 'TIMEOUT')

const isSilence = (error: unknown): boolean =>
  isLgError(error, 'REMOTE_UNAVAILABLE') || isLgError(error, 'TIMEOUT')

const unknownOutcome = ({ branch, commit }: BranchPush, cause: unknown): Error =>
  storageGitErrors.create(
    'PUSH_OUTCOME_UNKNOWN',
    `The connection was lost while pushing ${commit} to ${branch}; look at that branch before doing it again`,
    { branch, commit },
    { cause },
  )
