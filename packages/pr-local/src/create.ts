import {
  createPullRequestError,
  type IgnoredField,
  type PreparedSpec,
  type PreparedUpdate,
  type PullRequestResult,
} from '@lg/pull-request'
import { equalValues, randomHex } from '@lg/runtime'
import { looksTheSame, planAgain, planNew, planUpdate } from './plan.ts'
import type { PullRequestRecord } from './record.ts'
import { findOpen, readCurrent, requireChange, type RepositoryContext } from './repository-context.ts'
import type { CurrentPullRequest } from './state.ts'
import { writeRecord, type Decision } from './write.ts'

/** Opens a pull request, or brings the open one of the same branches up to date. */
export async function createOrUpdate(
  context: RepositoryContext,
  spec: PreparedSpec,
): Promise<PullRequestResult> {
  const { identity, random, place, call } = context
  const id = randomHex(random, 8)
  return await writeRecord(
    context,
    place,
    async (snapshot, now): Promise<Decision<PullRequestResult>> => {
      const { headCommit, baseCommit } = await requireChange(context, snapshot, spec)
      const open = await findOpen(context, snapshot, spec)
      if (open !== undefined) {
        const { record, warnings } = planAgain({ ...open.record, headCommit }, spec)
        const decision = decideChange(context, open.record, record, 'Update', now, spec.ignored)
        return { ...decision, answer: { ...decision.answer, warnings } }
      }
      const [last = 0] = snapshot.records.keys()
      const start = { number: last + 1, id, author: identity.name, headCommit, baseCommit, now }
      const record = planNew(spec, start)
      return {
        answer: resultOf(context, record, 'created', spec.ignored),
        write: {
          record,
          previous: undefined,
          message: `Open pull request ${record.number}: ${record.title}`,
        },
      }
    },
    call,
  )
}

export async function update(
  context: RepositoryContext,
  number: number,
  changes: PreparedUpdate,
): Promise<PullRequestResult> {
  return await changeRecord(context, number, 'Update', changes.ignored, async (current, snapshot) => {
    const { record, state } = current
    const next = planUpdate(record, changes)
    if (next.base === record.base) return next
    if (state !== 'open') throw wrongState(context, current, `it is ${state}, and its base stays`)
    await refuseAnotherOpen(context, snapshot, next)
    return { ...next, ...(await requireChange(context, snapshot, next)) }
  })
}

export async function close(context: RepositoryContext, number: number): Promise<PullRequestResult> {
  return await changeRecord(context, number, 'Close', [], async (current, _snapshot, now) => {
    const { record, state } = current
    if (state === 'merged') throw wrongState(context, current, 'it is merged')
    return state === 'closed' ? record : { ...record, state: 'closed', closedAt: now }
  })
}

export async function reopen(context: RepositoryContext, number: number): Promise<PullRequestResult> {
  return await changeRecord(context, number, 'Reopen', [], async (current, snapshot) => {
    const { record, state } = current
    if (state === 'merged') throw wrongState(context, current, 'it is merged')
    if (state === 'open') return record
    const { headCommit } = await requireChange(context, snapshot, record)
    await refuseAnotherOpen(context, snapshot, record)
    return { ...record, state: 'open', closedAt: undefined, headCommit }
  })
}

type Change = (
  current: CurrentPullRequest,
  snapshot: Parameters<typeof findOpen>[1],
  now: string,
) => Promise<PullRequestRecord>

async function changeRecord(
  context: RepositoryContext,
  number: number,
  verb: string,
  ignored: readonly IgnoredField[],
  change: Change,
): Promise<PullRequestResult> {
  return await writeRecord(
    context,
    context.place,
    async (snapshot, now) => {
      const current = await readCurrent(context, snapshot, number)
      const next = await change(current, snapshot, now)
      const decision = decideChange(context, current.record, next, verb, now, ignored)
      const state = next.state === current.record.state ? current.state : next.state
      return { ...decision, answer: { ...decision.answer, state } }
    },
    context.call,
  )
}

function decideChange(
  context: RepositoryContext,
  previous: PullRequestRecord,
  next: PullRequestRecord,
  verb: string,
  now: string,
  ignored: readonly IgnoredField[],
): Decision<PullRequestResult> {
  const action = looksTheSame(previous, next) ? 'unchanged' : 'updated'
  const answer = resultOf(context, next, action, ignored)
  if (equalValues(previous, next)) return { answer }
  const record = { ...next, updatedAt: now }
  return {
    answer,
    write: { record, previous, message: `${verb} pull request ${next.number}: ${next.title}` },
  }
}

function resultOf(
  { url }: RepositoryContext,
  { number, state }: PullRequestRecord,
  action: PullRequestResult['action'],
  ignored: readonly IgnoredField[],
): PullRequestResult {
  return { number, url: url(number), state, action, ignored, warnings: [] }
}

async function refuseAnotherOpen(
  context: RepositoryContext,
  snapshot: Parameters<typeof findOpen>[1],
  record: PullRequestRecord,
): Promise<void> {
  const other = await findOpen(context, snapshot, record)
  if (other === undefined || other.record.number === record.number) return
  const { number } = other.record
  const problem = `pull request ${number} of ${record.head} for ${record.base} is open`
  throw createPullRequestError('ALREADY_EXISTS', problem, context.place, { number, url: context.url(number) })
}

function wrongState(
  { place }: RepositoryContext,
  { record, state }: CurrentPullRequest,
  problem: string,
): Error {
  return createPullRequestError('CONFLICT', problem, place, { number: record.number, state })
}
