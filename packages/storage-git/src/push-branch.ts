import { gitErrors, type Oid } from '@lg/git'
import type { GitDirectory } from '@lg/gitdir'
import { isLgError, type CallOptions, type Clock, type Random } from '@lg/runtime'
import { storageGitErrors } from './errors.ts'
import { withRemoteCommit } from './remote-commit.ts'

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
 * @throws {LgError} `PUSH_OUTCOME_UNKNOWN` when the remote stays silent, or the call is aborted once the push has
 *   begun; every refusal of the remote as it is.
 */
export async function pushBranch(
  push: BranchPush,
  tools: PushTools,
  options: CallOptions = {},
): Promise<PushVerdict> {
  options.signal?.throwIfAborted()
  try {
    await send(push, tools, options)
    return 'landed'
  } catch (error) {
    // Nobody but others can have moved it.
    if (gitErrors.is(error, 'REF_CHANGED')) return 'moved'
    if (options.signal?.aborted) throw unknownOutcome(push, error)
    if (!mayHaveArrived(error)) throw error
    return await settle(push, tools, options, error)
  }
}

async function settle(
  push: BranchPush,
  tools: PushTools,
  options: CallOptions,
  cause: unknown,
): Promise<PushVerdict> {
  let silence = cause
  for (let attempt = 0; attempt < settleAttempts; attempt++) {
    try {
      await tools.clock.sleep(firstPause * 2 ** attempt * (0.5 + tools.random.fraction()), options)
      await send(push, tools, options)
      return 'landed'
    } catch (error) {
      if (options.signal?.aborted) throw unknownOutcome(push, error)
      if (gitErrors.is(error, 'REF_CHANGED') || gitErrors.is(error, 'PUSH_REJECTED')) {
        if (await isThere(push, tools, options)) return 'landed'
        if (gitErrors.is(error, 'REF_CHANGED')) return 'moved'
        throw error
      }
      if (!isSilence(error)) throw unknownOutcome(push, error)
      silence = error
    }
  }
  throw unknownOutcome(push, silence)
}

const send = ({ commit, branch, expected }: BranchPush, tools: PushTools, options: CallOptions) =>
  tools.gitDirectory.push(commit, branch, { ...options, expected })

/** Whether the remote's branch holds our commit; the clone follows if it does. */
async function isThere(push: BranchPush, tools: PushTools, options: CallOptions): Promise<boolean> {
  const { gitDirectory, random } = tools
  const { repository } = gitDirectory
  try {
    const landed = await withRemoteCommit(
      `refs/heads/${push.branch}`,
      { repository, random },
      (tip) => repository.isAncestor(push.commit, tip, options),
      options,
    )
    if (landed && push.branch === gitDirectory.branch) await gitDirectory.pull(options)
    return landed
  } catch (error) {
    throw unknownOutcome(push, error)
  }
}

const mayHaveArrived = (error: unknown): boolean =>
  gitErrors.is(error, 'REMOTE_UNAVAILABLE') ? error.details.sent : isLgError(error, 'TIMEOUT')

const isSilence = (error: unknown): boolean =>
  isLgError(error, 'REMOTE_UNAVAILABLE') || isLgError(error, 'TIMEOUT')

const unknownOutcome = ({ branch, commit }: BranchPush, cause: unknown): Error =>
  storageGitErrors.create(
    'PUSH_OUTCOME_UNKNOWN',
    `It is not known whether ${commit} arrived on ${branch}; look at that branch before doing it again`,
    { branch, commit },
    { cause },
  )
