import type { BareRepository } from '../bare-repository.ts'
import { createHostGit, type HostGit } from './host-git.ts'
import { usualSettings, type HostPull, type HostSettings, type HostState } from './host-state.ts'

/** A repository of a fake host: real Git, and what the host keeps beside it. */
export interface HostRepository {
  /** For hosts that have numbers for them. */
  readonly id: number
  readonly owner: string
  readonly name: string
  /** `owner/name`. */
  readonly fullName: string
  /** The same for a repository and its forks. */
  readonly network: string
  readonly git: BareRepository
  readonly inspect: HostGit
  /** A test may change them at any time. */
  readonly settings: HostSettings
  /** What is there now; a test may add labels, milestones and checks. */
  readonly state: HostState
  /** What a request sees: the state with the tips of the heads, or that before the last write. */
  view(stale: boolean): Promise<HostState>
  /** Before a write. What is given back says that it was one: stale reads then see what was there before it. */
  remember(): () => void
  nextNumber(): number
}

export interface NewHostRepository {
  readonly id: number
  readonly owner: string
  readonly name: string
  readonly network?: string | undefined
  readonly git: BareRepository
}

/**
 * @param find another repository by its full name, for heads in forks.
 */
export function createHostRepository(
  { id, owner, name, network = `${owner}/${name}`, git }: NewHostRepository,
  find: (fullName: string) => HostRepository | undefined,
): HostRepository {
  const fullName = `${owner}/${name}`
  const inspect = createHostGit(git)
  const settings = { ...usualSettings }
  const state: HostState = { pulls: [], labels: [], milestones: [], comments: [], checks: [] }
  let before = structuredClone(state)
  let last = 0

  const refresh = async (pull: HostPull, own: Readonly<Record<string, string>>): Promise<void> => {
    if (pull.state !== 'open') return
    const fork = pull.headRepository === fullName ? undefined : find(pull.headRepository)
    const tip = (fork === undefined ? own : await fork.git.branches())[pull.head]
    if (tip === undefined || tip === pull.headCommit) return
    if (fork !== undefined) await inspect.keep(fork.git, tip, `refs/forks/${fork.id}/${pull.head}`)
    pull.headCommit = tip
  }

  return {
    id,
    owner,
    name,
    fullName,
    network,
    git,
    inspect,
    settings,
    state,
    async view(stale) {
      if (stale) return before
      if (settings.headLag > 0) {
        settings.headLag -= 1
        return state
      }
      const own = await git.branches()
      for (const pull of state.pulls) await refresh(pull, own)
      return state
    },
    remember() {
      const now = structuredClone(state)
      return () => void (before = now)
    },
    nextNumber: () => ++last,
  }
}
