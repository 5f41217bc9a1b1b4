import type { GitRepository, Oid, RepositoryReference } from '@lg/git'
import { createPullRequestError, type ErrorPlace, type PullRequestBranches } from '@lg/pull-request'
import type { CallOptions, Clock, Random } from '@lg/runtime'
import type { LocalProviderOptions } from './options.ts'
import type { Records } from './records.ts'
import type { Snapshot } from './snapshot.ts'
import { currentState, isContained, type CurrentPullRequest } from './state.ts'

/** What every call needs: the provider's parts and the one repository that it is about. */
export interface RepositoryContext {
  readonly git: GitRepository
  readonly records: Records
  readonly repository: RepositoryReference
  readonly identity: LocalProviderOptions['identity']
  readonly clock: Clock
  readonly random: Random
  /** Of every error. */
  readonly place: ErrorPlace
  /** The caller's signal. */
  readonly call: CallOptions
  url(number: number): string
}

/** The pull request of a number, as it is now. */
export async function readCurrent(
  { git, records, place, call }: RepositoryContext,
  snapshot: Snapshot,
  number: number,
): Promise<CurrentPullRequest> {
  return await currentState(git, await records.read(snapshot, number, place, call), snapshot, call)
}

/** The open one of a head and base. There is at most one that this provider made. */
export async function findOpen(
  { git, records, call }: RepositoryContext,
  snapshot: Snapshot,
  { head, base }: Pick<PullRequestBranches, 'head' | 'base'>,
): Promise<CurrentPullRequest | undefined> {
  for (const decoded of (await records.readAll(snapshot, call)).values()) {
    if (decoded.type === 'unreadable') continue
    const { record } = decoded
    if (record.state !== 'open' || record.head !== head || record.base !== base) continue
    const current = await currentState(git, record, snapshot, call)
    if (current.state === 'open') return current
  }
  return undefined
}

/**
 * The tips of two branches between which there is something to merge.
 *
 * @throws {LgError} `BRANCH_NOT_FOUND`, `NO_CHANGES`.
 */
export async function requireChange(
  { git, place, call }: RepositoryContext,
  { branches }: Snapshot,
  { head, base }: Pick<PullRequestBranches, 'head' | 'base'>,
): Promise<{ readonly headCommit: Oid; readonly baseCommit: Oid }> {
  const tipOf = (branch: string): Oid => {
    const tip = branches.get(branch)
    if (tip !== undefined) return tip
    const problem = `there is no branch ${branch}; push it first`
    throw createPullRequestError('BRANCH_NOT_FOUND', problem, place, { branch })
  }
  const [baseCommit, headCommit] = [tipOf(base), tipOf(head)]
  if (await isContained(git, headCommit, baseCommit, call)) {
    const problem = `${head} has no commit that ${base} lacks`
    throw createPullRequestError('NO_CHANGES', problem, place, { head, base })
  }
  return { headCommit, baseCommit }
}
