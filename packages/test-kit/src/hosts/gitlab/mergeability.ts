import type { HostRepository } from '../host-repository.ts'
import type { HostPull } from '../host-state.ts'

/** What GitLab calls `detailed_merge_status`; a write does not wait for it. */
export async function mergeStatusOf(pull: HostPull, repository: HostRepository): Promise<string> {
  const { settings } = repository
  if (pull.state === 'open' && settings.mergeabilityUnknown > 0) {
    settings.mergeabilityUnknown -= 1
    return 'checking'
  }
  return await settledStatus(pull, repository)
}

export async function settledStatus(
  pull: HostPull,
  { settings, inspect, state }: HostRepository,
): Promise<string> {
  const base = `refs/heads/${pull.base}`
  if (pull.state !== 'open') return 'not_open'
  if ((await inspect.ahead(base, pull.headCommit)) === 0) return 'commits_status'
  if ((await inspect.mergeTree(base, pull.headCommit)) === undefined) return 'conflict'
  if (pull.draft) return 'draft_status'
  const behind = (await inspect.ahead(pull.headCommit, base)) > 0
  if (behind && settings.mergeMethods.includes('fast-forward')) return 'need_rebase'
  const own = state.checks.filter(({ commit }) => commit === pull.headCommit)
  const open = settings.requiredChecks.filter(
    (name) => !own.some((check) => check.name === name && check.state === 'success'),
  )
  if (open.length === 0) return 'mergeable'
  return own.some((check) => check.state === 'failure') ? 'ci_must_pass' : 'ci_still_running'
}
