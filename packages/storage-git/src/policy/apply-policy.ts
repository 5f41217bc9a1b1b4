import { gitErrors, type Oid, type Person } from '@lg/git'
import type { GitDirectory } from '@lg/gitdir'
import type { PullRequest, PullRequestProvider } from '@lg/pull-request'
import type { CallOptions, Random } from '@lg/runtime'
import { isMarked } from '../commit-mark.ts'
import { withRemoteCommit } from '../remote-commit.ts'
import type { CloseReason, TidyReport } from './pull-request-policy.ts'

export interface PolicyTools {
  readonly gitDirectory: GitDirectory
  readonly provider: PullRequestProvider
  /** Committer of our own commits. */
  readonly author: Person
  readonly random: Random
}

export interface Closing {
  readonly pullRequest: PullRequest
  readonly reason: CloseReason
  /** Page of the one that takes its place. */
  readonly by?: string | undefined
}

/** A report that grows. */
export interface TidyNotes extends TidyReport {
  /** Runs a step on a branch; what it throws is noted, unless the caller has given up. */
  run(branch: string, step: () => Promise<void>): Promise<void>
  close(closing: Closing): void
  remove(branch: string): void
  keep(branch: string, commit: Oid): void
}

export function createTidyNotes({ signal }: CallOptions): TidyNotes {
  const closed: TidyReport['closed'][number][] = []
  const deleted: string[] = []
  const kept: TidyReport['kept'][number][] = []
  const failed: TidyReport['failed'][number][] = []
  return {
    closed,
    deleted,
    kept,
    failed,
    async run(branch, step) {
      try {
        await step()
      } catch (error) {
        if (signal?.aborted) throw error
        failed.push({ branch, error })
      }
    },
    close: ({ pullRequest, reason }) =>
      void closed.push({ number: pullRequest.number, branch: pullRequest.head, reason }),
    remove: (branch) => void deleted.push(branch),
    keep: (branch, commit) => void kept.push({ branch, commit }),
  }
}

/** What the comment is about that tells why a pull request was closed. */
export const closedTopic = 'lg-closed'

/** Closes a pull request, and deletes its branch; neither when somebody else has committed to it. */
export async function closePullRequest(
  closing: Closing,
  base: Oid,
  notes: TidyNotes,
  tools: PolicyTools,
  call: CallOptions,
): Promise<void> {
  const { provider } = tools
  const { pullRequest, reason, by } = closing
  const { head: branch, repository, number } = pullRequest
  await notes.run(branch, async () => {
    const tip = await ownTip(branch, base, notes, tools, call)
    if (tip === 'kept') return
    const locator = { repository, number }
    if (provider.capabilities.comments) {
      const body =
        reason === 'resolved' ? 'Nothing is left to change.' : `Another change takes its place: ${by}`
      await provider.comment(locator, { body, topic: closedTopic }, call)
    }
    await provider.close(locator, call)
    notes.close(closing)
    if (tip !== 'gone') await deleteBranch(branch, tip, notes, tools, call)
  })
}

/** Deletes a branch of the remote as long as it is at a commit. */
export async function deleteBranch(
  branch: string,
  tip: Oid,
  notes: TidyNotes,
  { gitDirectory }: PolicyTools,
  call: CallOptions,
): Promise<void> {
  const ref = `refs/heads/${branch}`
  await gitDirectory.repository.push([{ ref, target: null, expected: tip }], call)
  notes.remove(branch)
}

/** The tip of a branch on which all commits are ours; `kept` when one is not. */
export async function ownTip(
  branch: string,
  base: Oid,
  notes: TidyNotes,
  { gitDirectory: { repository }, random, author }: PolicyTools,
  call: CallOptions,
): Promise<Oid | 'gone' | 'kept'> {
  const look = async (tip: Oid): Promise<Oid | 'kept'> => {
    for await (const commit of repository.log(tip, { ...call, exclude: base })) {
      if (isMarked(commit, author)) continue
      notes.keep(branch, commit.oid)
      return 'kept'
    }
    return tip
  }
  try {
    return await withRemoteCommit(`refs/heads/${branch}`, { repository, random }, look, call)
  } catch (error) {
    if (gitErrors.is(error, 'REF_NOT_FOUND')) return 'gone'
    throw error
  }
}
