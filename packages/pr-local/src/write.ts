import { gitErrors, type GitRepository, type Oid, type Person, type RefUpdate } from '@lg/git'
import { createPullRequestError, type ErrorPlace } from '@lg/pull-request'
import type { CallOptions, Clock } from '@lg/runtime'
import { encodeRecord, recordPath, type PullRequestRecord } from './record.ts'
import { recordRef, takeSnapshot, type Snapshot } from './snapshot.ts'
import { isContained } from './state.ts'

/** What a call wants done, in view of a snapshot. Without a record it only answers. */
export interface Decision<Answer> {
  readonly answer: Answer
  readonly write?: RecordWrite | undefined
}

interface RecordWrite {
  readonly record: PullRequestRecord
  /** The record that it follows; `undefined` for the first one. */
  readonly previous: PullRequestRecord | undefined
  /** First line of the commit: what happened. */
  readonly message: string
  /** Other refs that are pushed with it, all or none. */
  readonly along?: readonly RefUpdate[]
}

export interface Writer {
  readonly git: GitRepository
  readonly identity: Person
  readonly clock: Clock
}

/** Whoever loses a race begins again; each round somebody wins. */
const roundLimit = 50

/**
 * Decides on what the repository holds now, and pushes the result on condition that it still holds that; else
 * decides again. A push that may have arrived is looked for before anything else is done.
 */
export async function writeRecord<Answer>(
  writer: Writer,
  place: ErrorPlace,
  decide: (snapshot: Snapshot, now: string) => Promise<Decision<Answer>>,
  { signal }: CallOptions,
): Promise<Answer> {
  const { git } = writer
  const sent: { readonly number: number; readonly commit: Oid; readonly answer: Answer }[] = []
  for (let round = 0; round < roundLimit; round++) {
    const snapshot = await takeSnapshot(git, { signal })
    for (const { number, commit, answer } of sent) {
      const tip = snapshot.records.get(number)
      if (tip !== undefined && (await isContained(git, commit, tip, { signal }))) return answer
    }
    const time = writer.clock.now()
    const { answer, write } = await decide(snapshot, new Date(time).toISOString())
    if (write === undefined) return answer
    const { number } = write.record
    const previous = snapshot.records.get(number)
    const commit = await createRecordCommit(writer, write, previous, { time, signal })
    const updates = [
      { ref: recordRef(number), target: commit, expected: previous ?? null },
      ...(write.along ?? []),
    ]
    try {
      await git.push(updates, { signal })
      return answer
    } catch (error) {
      const uncertain = gitErrors.is(error, 'REMOTE_UNAVAILABLE') && error.details.sent
      const lost = gitErrors.is(error, 'REF_CHANGED') || (await isLostRace(git, updates, error, { signal }))
      if (!uncertain && !lost) throw error
      // HTTP may send a request twice when the first answer is lost: then what came first was this very push.
      sent.push({ number, commit, answer })
    }
  }
  throw createPullRequestError('CONFLICT', 'others kept changing it; try again', place, {})
}

/** A server that checks the values once more may refuse a lost race in words of its own. */
async function isLostRace(
  git: GitRepository,
  updates: readonly RefUpdate[],
  error: unknown,
  { signal }: CallOptions,
): Promise<boolean> {
  if (!gitErrors.is(error, 'PUSH_REJECTED')) return false
  const { refs } = await git.remoteRefs({ prefixes: updates.map(({ ref }) => ref), signal })
  return updates.some(({ ref, expected }) => expected !== undefined && (refs.get(ref) ?? null) !== expected)
}

async function createRecordCommit(
  { git, identity }: Writer,
  { record, previous: before, message }: RecordWrite,
  previous: Oid | undefined,
  { time, signal }: CallOptions & { readonly time: number },
): Promise<Oid> {
  const author = { ...identity, time }
  const parent = previous ?? (await createRoot(git, { signal }))
  // As parents, so that they stay and travel with the record when their branches are gone.
  const named = [record.headCommit, record.baseCommit, record.mergeCommit]
  const kept = [before?.headCommit, before?.baseCommit, before?.mergeCommit]
  const added = named.filter((commit): commit is Oid => commit !== undefined && !kept.includes(commit))
  return await git.createCommit(
    {
      parents: [...new Set([parent, ...added])],
      changes: [{ type: 'write', path: recordPath, content: encodeRecord(record) }],
      author,
      message: `${message}\n`,
    },
    { signal },
  )
}

/** The empty commit that every history of a record begins with: a first parent with nothing in its tree. */
async function createRoot(git: GitRepository, { signal }: CallOptions): Promise<Oid> {
  const author = { name: 'lg', email: 'lg@localhost', time: 0 }
  return await git.createCommit(
    { parents: [], changes: [], author, message: 'Begin a pull request\n' },
    { signal },
  )
}
