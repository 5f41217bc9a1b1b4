import type { GitRepository, Oid } from '@lg/git'
import type { CallOptions } from '@lg/runtime'

const recordRefs = 'refs/lg/pulls/'
const branchCopies = 'refs/lg/branches/'

/** What the repository held when it was last asked; every commit named here is in the store. */
export interface Snapshot {
  /** Tips by branch name. */
  readonly branches: ReadonlyMap<string, Oid>
  /** Tips of the records by number, the highest first. */
  readonly records: ReadonlyMap<number, Oid>
}

export function recordRef(number: number): string {
  return `${recordRefs}${number}`
}

export function branchRef(branch: string): string {
  return `refs/heads/${branch}`
}

/** Asks the remote. Branches are copied to names of their own, so that nobody else's are disturbed. */
export async function takeSnapshot(git: GitRepository, { signal }: CallOptions): Promise<Snapshot> {
  const refspecs = [`+${recordRefs}*:${recordRefs}*`, `+refs/heads/*:${branchCopies}*`]
  await git.fetch({ refspecs, prune: true, signal })
  const branches = new Map<string, Oid>()
  const records: [number, Oid][] = []
  for (const [ref, oid] of await git.listRefs('refs/lg/', { signal })) {
    if (ref.startsWith(branchCopies)) branches.set(ref.slice(branchCopies.length), oid)
    // Anything else below the prefix is not a pull request.
    const number = new RegExp(`^${recordRefs}([1-9][0-9]{0,14})$`).exec(ref)?.[1]
    if (number !== undefined) records.push([Number(number), oid])
  }
  return { branches, records: new Map(records.sort(([a], [b]) => b - a)) }
}
