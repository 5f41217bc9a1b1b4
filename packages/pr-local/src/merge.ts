import { gitErrors, type Oid } from '@lg/git'
import {
  createPullRequestError,
  type MergeBlocker,
  type Mergeability,
  type MergeMethod,
  type MergeRequest,
  type MergeResult,
} from '@lg/pull-request'
import { localCapabilities } from './capabilities.ts'
import { createMerge } from './merge-commit.ts'
import type { PullRequestRecord } from './record.ts'
import { readCurrent, type RepositoryContext } from './repository-context.ts'
import { branchRef, takeSnapshot } from './snapshot.ts'
import type { CurrentPullRequest } from './state.ts'
import { writeRecord, type Decision } from './write.ts'

const [defaultMethod = 'merge'] = localCapabilities.mergeMethods

export async function merge(
  context: RepositoryContext,
  number: number,
  request: MergeRequest,
): Promise<MergeResult> {
  const { record, head } = await writeRecord(
    context,
    context.place,
    (snapshot, now) => decideMerge(context, number, request, snapshot, now),
    context.call,
  )
  if (request.deleteBranch) await deleteHead(context, record, head)
  return { outcome: 'merged', ...(record.mergeCommit !== undefined && { commit: record.mergeCommit }) }
}

interface Merged {
  readonly record: PullRequestRecord
  readonly head: Oid
}

async function decideMerge(
  context: RepositoryContext,
  number: number,
  request: MergeRequest,
  snapshot: Parameters<typeof readCurrent>[1],
  now: string,
): Promise<Decision<Merged>> {
  const { git, identity, place, call } = context
  const current = await readCurrent(context, snapshot, number)
  const { record, state, head, baseTip } = current
  const { expectedHead, method = defaultMethod } = request
  if (expectedHead !== undefined && expectedHead !== head) {
    const problem = `the head of pull request ${number} is ${head}, not ${expectedHead}; look at it again`
    throw createPullRequestError('CONFLICT', problem, place, {
      number,
      state,
      expectedHead,
      actualHead: head,
    })
  }
  if (state === 'merged') return { answer: { record, head } }
  const blockers = blockersOf(current)
  if (blockers.length > 0 || baseTip === undefined) throw notMergeable(context, number, blockers)
  const committer = { ...identity, time: Date.parse(now) }
  const plan = { method, base: baseTip, head, committer, message: mergeMessage(record, method, request) }
  const outcome = await createMerge(git, plan, call)
  if (outcome.type === 'blocked') throw notMergeable(context, number, [outcome.blocker])
  const mergeCommit = outcome.commit
  const next: PullRequestRecord = {
    ...record,
    state: 'merged',
    headCommit: head,
    baseCommit: baseTip,
    mergeCommit,
    updatedAt: now,
    closedAt: now,
  }
  const along = [{ ref: branchRef(record.base), target: mergeCommit, expected: baseTip }]
  const message = `Merge pull request ${number}: ${record.title}`
  return { answer: { record: next, head }, write: { record: next, previous: record, message, along } }
}

export async function mergeability(context: RepositoryContext, number: number): Promise<Mergeability> {
  const { git, identity, clock, call } = context
  const current = await readCurrent(context, await takeSnapshot(git, call), number)
  const { head, baseTip } = current
  const blockers = blockersOf(current)
  if (blockers.length > 0 || baseTip === undefined) return { status: 'blocked', head, blockers }
  const committer = { ...identity, time: clock.now() }
  const plan = { method: defaultMethod, base: baseTip, head, committer, message: '' }
  const outcome = await createMerge(git, plan, call)
  return outcome.type === 'commit' ?
      { status: 'mergeable', head }
    : { status: 'blocked', head, blockers: [outcome.blocker] }
}

/** What stands against a merge before the commits are looked at. */
function blockersOf({ record, state, headTip, baseTip }: CurrentPullRequest): readonly MergeBlocker[] {
  if (state !== 'open') return [{ reason: 'closed', message: `it is ${state}` }]
  const blockers: MergeBlocker[] = []
  const missing = (branch: string): number =>
    blockers.push({ reason: 'missing', message: `branch ${branch} is gone` })
  if (record.draft) blockers.push({ reason: 'draft', message: 'it is a draft; mark it as ready first' })
  if (headTip === undefined) missing(record.head)
  if (baseTip === undefined) missing(record.base)
  return blockers
}

function notMergeable(
  { place }: RepositoryContext,
  number: number,
  blockers: readonly MergeBlocker[],
): Error {
  const problem = `pull request ${number}: ${blockers.map(({ message }) => message).join('; ')}`
  return createPullRequestError('NOT_MERGEABLE', problem, place, { number, blockers })
}

function mergeMessage(record: PullRequestRecord, method: MergeMethod, request: MergeRequest): string {
  const { number, title, description, head } = record
  const isSquash = method === 'squash'
  const first =
    request.title ?? (isSquash ? `${title} (#${number})` : `Merge pull request #${number} from ${head}`)
  const rest = (request.message ?? (isSquash ? description : title)).trim()
  return rest === '' ? `${first}\n` : `${first}\n\n${rest}\n`
}

/** The head branch goes only while it still is what was merged. */
async function deleteHead(context: RepositoryContext, record: PullRequestRecord, head: Oid): Promise<void> {
  const { git, place, call } = context
  const ref = branchRef(record.head)
  try {
    const { refs } = await git.remoteRefs({ prefixes: [ref], ...call })
    if (!refs.has(ref)) return
    await git.push([{ ref, target: null, expected: head }], call)
  } catch (error) {
    if (call.signal?.aborted) throw error
    const moved = gitErrors.is(error, 'REF_CHANGED')
    const why = moved ? `branch ${record.head} has new commits, and stays` : String((error as Error).message)
    throw createPullRequestError(
      'INCOMPLETE',
      `pull request ${record.number} is merged, but its branch could not be deleted: ${why}`,
      { ...place, step: 'deleteBranch' },
      {
        pullRequest: { number: record.number, url: context.url(record.number), state: 'merged' },
        failed: 'deleteBranch',
      },
      { cause: error },
    )
  }
}
