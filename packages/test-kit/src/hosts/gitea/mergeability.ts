import type { HostRepository } from '../host-repository.ts'
import type { HostPull } from '../host-state.ts'

/** Worked out in the background; "not mergeable" is all that is told of the first two. */
export type PullMergeability = 'checking' | 'conflict' | 'mergeable'

export async function mergeabilityOf(pull: HostPull, repository: HostRepository): Promise<PullMergeability> {
  const { settings, inspect } = repository
  if (pull.state !== 'open') return 'mergeable'
  if (settings.mergeabilityUnknown > 0) {
    settings.mergeabilityUnknown -= 1
    return 'checking'
  }
  const base = `refs/heads/${pull.base}`
  return (await inspect.mergeTree(base, pull.headCommit)) === undefined ? 'conflict' : 'mergeable'
}

/** Whether a check that has to be there is not. */
export function lacksChecks({ headCommit }: HostPull, { settings, state }: HostRepository): boolean {
  return settings.requiredChecks.some(
    (name) =>
      state.checks.findLast((check) => check.commit === headCommit && check.name === name)?.state !==
      'success',
  )
}
