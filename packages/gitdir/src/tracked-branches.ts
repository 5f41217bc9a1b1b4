import { gitErrors, type FetchOptions, type GitRepository, type Oid } from '@lg/git'
import type { CallOptions } from '@lg/runtime'

/** A branch that came, moved or went. */
export interface BranchMove {
  readonly branch: string
  readonly before: Oid | null
  readonly after: Oid | null
}

/** Brings branches of the remote over, and knows where they are. Its calls must come one after the other. */
export interface TrackedBranches {
  /** All that are kept current, by name. */
  readonly current: ReadonlyMap<string, Oid>
  /** @returns false when the remote does not have `branch`; the others may be missing. */
  fetch(branch: string, options: FetchOptions): Promise<boolean>
  /** Looks again where the branches are here. */
  refresh(branch: string, options?: CallOptions): Promise<void>
}

export interface TrackedBranchesOptions {
  readonly repository: GitRepository
  /** Besides the one that is followed. */
  readonly others: readonly string[] | 'all'
  /** Commits of history that the first fetch brings. */
  readonly depth: number | undefined
  readonly onMove: (move: BranchMove) => void
}

const heads = 'refs/heads/'
const tracking = 'refs/remotes/origin/'

export function trackingRef(branch: string): string {
  return `${tracking}${branch}`
}

export function createTrackedBranches(options: TrackedBranchesOptions): TrackedBranches {
  const { repository, others, depth, onMove } = options
  let current: ReadonlyMap<string, Oid> = new Map()

  const tracked = (branch: string): readonly string[] =>
    others === 'all' ? [] : Array.from(new Set([branch, ...others]))

  async function attempt(branches: readonly string[], fetching: FetchOptions): Promise<void> {
    const refspecs =
      others === 'all' ?
        [`+${heads}*:${tracking}*`]
      : branches.map((name) => `+${heads}${name}:${trackingRef(name)}`)
    await repository.fetch({ ...fetching, refspecs, prune: others === 'all' })
  }

  /** A branch that is gone at the remote can stand where another one needs a folder, or the other way round. */
  async function clearTheWay(branches: readonly string[], call: CallOptions): Promise<boolean> {
    const wanted = branches.map(trackingRef)
    const refs = await repository.listRefs(tracking, call)
    const inTheWay = [...refs.keys()].filter((ref) =>
      wanted.some((name) => name.startsWith(`${ref}/`) || ref.startsWith(`${name}/`)),
    )
    for (const ref of inTheWay) await repository.updateRef({ ref, target: null }, call)
    return inTheWay.length > 0
  }

  async function fetchThose(branches: readonly string[], fetching: FetchOptions): Promise<void> {
    try {
      await attempt(branches, fetching)
    } catch (error) {
      if (fetching.signal?.aborted || gitErrors.is(error, 'REF_NOT_FOUND')) throw error
      if (!(await clearTheWay(branches, { signal: fetching.signal }))) throw error
      await attempt(branches, fetching)
    }
  }

  /** Those of the branches that the remote has; what is here of the rest goes. */
  async function present(branches: readonly string[], call: CallOptions): Promise<readonly string[]> {
    const { refs } = await repository.remoteRefs({ ...call, prefixes: [heads] })
    const here = await repository.listRefs(tracking, call)
    for (const branch of branches) {
      const ref = trackingRef(branch)
      if (!refs.has(`${heads}${branch}`) && here.has(ref))
        await repository.updateRef({ ref, target: null }, call)
    }
    return branches.filter((branch) => refs.has(`${heads}${branch}`))
  }

  async function refresh(branch: string, call: CallOptions = {}): Promise<void> {
    if (others !== 'all' && others.length === 0) return
    const names = new Set(tracked(branch))
    const before = current
    const after = new Map<string, Oid>()
    for (const [ref, oid] of await repository.listRefs(tracking, call)) {
      const name = ref.slice(tracking.length)
      if (others === 'all' || names.has(name)) after.set(name, oid)
    }
    current = after
    for (const name of Array.from(new Set([...before.keys(), ...after.keys()])).sort()) {
      const move = { branch: name, before: before.get(name) ?? null, after: after.get(name) ?? null }
      if (move.before !== move.after) onMove(move)
    }
  }

  return {
    get current() {
      return current
    },
    async fetch(branch, fetching) {
      const call = { signal: fetching.signal }
      const isFirst = depth !== undefined && (await repository.listRefs(tracking, call)).size === 0
      const limited = isFirst ? { ...fetching, depth } : fetching
      const branches = tracked(branch)
      try {
        await fetchThose(branches, limited)
      } catch (error) {
        if (!gitErrors.is(error, 'REF_NOT_FOUND')) throw error
        if (branches.length === 1) return false
        const left = await present(branches, call)
        if (!left.includes(branch)) return false
        await fetchThose(left, limited)
      }
      await refresh(branch, call)
      return others !== 'all' || current.has(branch)
    },
    refresh,
  }
}
