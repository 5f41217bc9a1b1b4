import type { Mergeability, MergeBlocker } from '@lg/pull-request'
import type { HostContext } from './host-context.ts'
import { read } from './read.ts'
import type { HostPullRequest } from './to-pull-request.ts'

/** GitLab works out in the background whether there are conflicts. */
const settlingWaits = [500, 1000, 2000, 4000]

export async function mergeability(context: HostContext, number: number): Promise<Mergeability> {
  const found = await read(context, number)
  const { headCommit: head } = found.pullRequest
  const blockers = blockersOf(found)
  if (blockers.length > 0) return { status: 'blocked', head, blockers }
  return isSettled(found) ? { status: 'mergeable', head } : { status: 'unknown' }
}

/** Reads it again, until GitLab has worked out what is asked for, or for some seconds. */
export async function readSettled(
  context: HostContext,
  number: number,
  isThere: (found: HostPullRequest) => boolean = isDecided,
): Promise<HostPullRequest> {
  for (const wait of settlingWaits) {
    const found = await read(context, number)
    if (isThere(found)) return found
    await context.clock.sleep(wait, context.call)
  }
  return await read(context, number)
}

/** Whether GitLab knows what would come of a merge. */
export function isDecided(found: HostPullRequest): boolean {
  return found.pullRequest.state !== 'open' || isSettled(found)
}

function isSettled({ mergeStatus }: HostPullRequest): boolean {
  return !/^(?:unchecked|checking|preparing|approvals_syncing|cannot_be_merged_recheck(?:ing)?)$/.test(
    mergeStatus,
  )
}

type Rule = Pick<MergeBlocker, 'reason' | 'message'>

/** What GitLab calls what keeps it from merging: the first one that it finds. */
const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>(
  Object.entries({
    not_open: { reason: 'closed', message: 'it is not open' },
    draft_status: { reason: 'draft', message: 'it is a draft' },
    ci_must_pass: { reason: 'checks', message: 'its pipeline has to pass first' },
    ci_still_running: { reason: 'checks', message: 'its pipeline is still running' },
    status_checks_must_pass: { reason: 'checks', message: 'external status checks have to pass first' },
    external_status_checks: { reason: 'checks', message: 'external status checks have to pass first' },
    security_policy_pipeline_check: {
      reason: 'checks',
      message: 'pipelines of security policies have to pass first',
    },
    not_approved: { reason: 'approvals', message: 'it lacks approvals' },
    requested_changes: { reason: 'approvals', message: 'a reviewer has requested changes' },
    need_rebase: {
      reason: 'behind',
      message: 'the base has commits that it lacks; bring the head up to date',
    },
    commits_status: { reason: 'empty', message: 'its head is gone, or has no commit that the base lacks' },
    discussions_not_resolved: { reason: 'protected', message: 'discussions have to be resolved first' },
    merge_request_blocked: { reason: 'protected', message: 'another merge request has to be merged first' },
    blocked_status: { reason: 'protected', message: 'another merge request has to be merged first' },
    jira_association_missing: { reason: 'protected', message: 'title or description must name a Jira issue' },
    locked_paths: { reason: 'protected', message: 'it changes paths that others have locked' },
    locked_lfs_files: { reason: 'protected', message: 'it changes LFS files that others have locked' },
    title_regex: { reason: 'protected', message: 'its title is not as the project wants it' },
    merge_time: { reason: 'protected', message: 'it may not be merged before a set time' },
    security_policy_violations: { reason: 'protected', message: 'it violates security policies' },
    policies_denied: { reason: 'protected', message: 'it violates policies' },
  }),
)

/** What keeps it from being merged, as far as GitLab tells. Pure. */
export function blockersOf(found: HostPullRequest): readonly MergeBlocker[] {
  const { pullRequest, mergeStatus, hasConflicts } = found
  const { state, draft, base } = pullRequest
  if (state !== 'open') return [{ reason: 'closed', message: `it is ${state}` }]
  if (draft) return [{ reason: 'draft', message: 'it is a draft' }]
  if (hasConflicts || /^(?:conflict|broken_status|cannot_be_merged)$/.test(mergeStatus)) {
    return [{ reason: 'conflicts', message: `it conflicts with ${base}; bring the head up to date` }]
  }
  if (!isSettled(found) || mergeStatus === 'mergeable' || mergeStatus === 'can_be_merged') return []
  // A later GitLab has rules that have no word here.
  return [rules.get(mergeStatus) ?? { reason: 'protected', message: `the host says ${mergeStatus}` }]
}
