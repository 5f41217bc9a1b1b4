import { gitErrors, type GitRepository, type Oid } from '@lg/git'
import { createPullRequestError, type ErrorPlace } from '@lg/pull-request'
import type { CallOptions } from '@lg/runtime'
import { decodeRecord, recordPath, type DecodedRecord, type PullRequestRecord } from './record.ts'
import { recordRef, type Snapshot } from './snapshot.ts'

/** Far beyond any pull request that people write; bytes. */
const recordLimit = 16 * 1024 * 1024

/** Reads the records of one repository. */
export interface Records {
  /** Every record of a snapshot, the highest number first. */
  readAll(snapshot: Snapshot, options: CallOptions): Promise<ReadonlyMap<number, DecodedRecord>>
  /** @throws {LgError} `NOT_FOUND`, `BAD_RESPONSE`. */
  read(
    snapshot: Snapshot,
    number: number,
    place: ErrorPlace,
    options: CallOptions,
  ): Promise<PullRequestRecord>
}

export function createRecords(git: GitRepository): Records {
  /** By number, with the commit that it was read from: commits do not change. */
  const known = new Map<number, { readonly commit: Oid; readonly decoded: DecodedRecord }>()

  const decode = async (number: number, commit: Oid, { signal }: CallOptions): Promise<DecodedRecord> => {
    const cached = known.get(number)
    if (cached?.commit === commit) return cached.decoded
    const decoded = await readRecord(git, number, commit, { signal })
    known.set(number, { commit, decoded })
    return decoded
  }

  return {
    async readAll({ records }, options) {
      const read = async ([number, commit]: readonly [number, Oid]): Promise<[number, DecodedRecord]> => [
        number,
        await decode(number, commit, options),
      ]
      return new Map(await Promise.all(Array.from(records, read)))
    },
    async read({ records }, number, place, options) {
      const commit = records.get(number)
      if (commit === undefined) {
        throw createPullRequestError('NOT_FOUND', `there is no pull request ${number}`, place, { number })
      }
      const decoded = await decode(number, commit, options)
      if (decoded.type === 'unreadable') throw unreadable(number, decoded.reason, place)
      return decoded.record
    },
  }
}

export function unreadable(number: number, reason: string, place: ErrorPlace): Error {
  const problem = `its record ${recordRef(number)} is not readable: ${reason}. Repair the ref, or delete it`
  return createPullRequestError('BAD_RESPONSE', problem, place, { number, reason })
}

async function readRecord(
  git: GitRepository,
  number: number,
  commit: Oid,
  { signal }: CallOptions,
): Promise<DecodedRecord> {
  try {
    const entry = await git.findEntry(commit, recordPath, { signal })
    if (entry === undefined) return { type: 'unreadable', reason: `there is no ${recordPath} in it` }
    return decodeRecord(await git.readBlob(entry.oid, { limit: recordLimit, signal }), number)
  } catch (error) {
    if (gitErrors.is(error, 'OBJECT_NOT_FOUND')) return { type: 'unreadable', reason: 'it is not a commit' }
    if (gitErrors.is(error, 'BLOB_TOO_LARGE'))
      return { type: 'unreadable', reason: 'it is larger than 16 MiB' }
    throw error
  }
}
