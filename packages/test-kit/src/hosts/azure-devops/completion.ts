import type { HostContext } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostPull } from '../host-state.ts'

/** A merge that was asked for, and is done after so many reads. */
interface QueuedMerge {
  left: number
  readonly strategy: string
  readonly message: string
  readonly deleteBranch: boolean
}

/** What the host keeps of merges. */
export interface Merges {
  /** Those that are queued, by pull request. */
  readonly queue: WeakMap<HostPull, QueuedMerge>
  /** What the last look found; there is another one when the head moves, or on request. */
  readonly looks: WeakMap<HostPull, { readonly headCommit: string; readonly status: string }>
}

const methods: Readonly<Record<string, string>> = {
  noFastForward: 'merge',
  squash: 'squash',
  rebase: 'rebase',
  // Rebasing before it is left out.
  rebaseMerge: 'merge',
}

/** Counts a read; the last one finds the merge done. */
export async function readQueue(
  { queue, looks }: Merges,
  pull: HostPull,
  repository: HostRepository,
  context: HostContext,
): Promise<void> {
  const queued = queue.get(pull)
  if (queued === undefined) return
  if (queued.left > 0) return void (queued.left -= 1)
  queue.delete(pull)
  const { git, inspect } = repository
  const { strategy, message, deleteBranch } = queued
  const method = methods[strategy] ?? 'merge'
  const commit = await inspect.merge({ method, base: pull.base, head: pull.headCommit, message })
  if (commit === undefined) {
    looks.set(pull, { headCommit: pull.headCommit, status: 'conflicts' })
    return
  }
  pull.state = 'merged'
  pull.mergeCommit = commit
  pull.autoMerge = undefined
  pull.closedAt = context.now()
  pull.updatedAt = context.now()
  const isOwn = pull.headRepository === repository.fullName
  // Rebasing moves the source branch too.
  if (method === 'rebase' && isOwn) await git.resetBranch(pull.head, commit)
  if (deleteBranch && isOwn) await git.deleteBranch(pull.head)
}

/** What stands in `mergeStatus`; a read of a single one may still find it being worked out. */
export async function mergeStatusOf(
  { queue, looks }: Merges,
  pull: HostPull,
  { settings, inspect }: HostRepository,
): Promise<string> {
  if (pull.state === 'merged') return 'succeeded'
  if (pull.state === 'closed') return 'notSet'
  if (queue.has(pull)) return 'queued'
  if (settings.mergeabilityUnknown > 0) {
    settings.mergeabilityUnknown -= 1
    return 'queued'
  }
  const { headCommit, base } = pull
  const before = looks.get(pull)
  if (before?.headCommit === headCommit) return before.status
  const tree = await inspect.mergeTree(`refs/heads/${base}`, headCommit)
  const status = tree === undefined ? 'conflicts' : 'succeeded'
  looks.set(pull, { headCommit, status })
  return status
}
