import type {
  PullRequest,
  PullRequestBranches,
  PullRequestDiff,
  PullRequestList,
  PullRequestQuery,
} from '@lg/pull-request'
import { diffFile } from './file-diff.ts'
import { unreadable } from './records.ts'
import { findOpen, readCurrent, type RepositoryContext } from './repository-context.ts'
import { takeSnapshot } from './snapshot.ts'
import { currentState, toPullRequest, type CurrentPullRequest } from './state.ts'

/** More changed files are left out, and the diff says so. */
const fileLimit = 1000

export async function get(context: RepositoryContext, number: number): Promise<PullRequest> {
  return shown(context, await readCurrent(context, await takeSnapshot(context.git, context.call), number))
}

export async function find(
  context: RepositoryContext,
  branches: PullRequestBranches,
): Promise<PullRequest | undefined> {
  const found = await findOpen(context, await takeSnapshot(context.git, context.call), branches)
  return found && shown(context, found)
}

export async function list(context: RepositoryContext, query: PullRequestQuery): Promise<PullRequestList> {
  const { git, records, place, call } = context
  const { state = 'open', head, base, limit = Infinity } = query
  const snapshot = await takeSnapshot(git, call)
  const pullRequests: PullRequest[] = []
  const faults: PullRequestList['unreadable'][number][] = []
  for (const [number, decoded] of await records.readAll(snapshot, call)) {
    if (decoded.type === 'unreadable') {
      faults.push({ number, error: unreadable(number, decoded.reason, place) })
      continue
    }
    const { record } = decoded
    if (pullRequests.length >= limit) continue
    if ((head !== undefined && record.head !== head) || (base !== undefined && record.base !== base)) continue
    // Only an open one can turn out to be something else.
    if (state !== 'all' && record.state !== state && record.state !== 'open') continue
    const current = await currentState(git, record, snapshot, call)
    if (state === 'all' || current.state === state) pullRequests.push(shown(context, current))
  }
  return { pullRequests, unreadable: faults }
}

export async function diff(context: RepositoryContext, number: number): Promise<PullRequestDiff> {
  const { git, call } = context
  const { record, state, baseTip, head } = await readCurrent(context, await takeSnapshot(git, call), number)
  const base = state === 'open' && baseTip !== undefined ? baseTip : record.baseCommit
  const from = (await git.mergeBase(base, head, call)) ?? base
  const changes = await git.diffTrees(from, head, call)
  const files = []
  for (const change of changes.slice(0, fileLimit)) files.push(await diffFile(git, change, call))
  return { from, to: head, files, truncated: changes.length > fileLimit }
}

function shown({ repository, url }: RepositoryContext, current: CurrentPullRequest): PullRequest {
  return toPullRequest(current, repository, url(current.record.number))
}
