import { createHash } from 'node:crypto'
import type { FileChange, GitRepository, Oid } from '@lg/git'
import type { CallOptions } from '@lg/runtime'
import { storageGitErrors } from '../errors.ts'
import { closePullRequest, createTidyNotes, type PolicyTools } from './apply-policy.ts'
import { createBranchTemplate } from './branch-template.ts'
import { openOfPolicy } from './open-of-policy.ts'
import { planPolicy, type PolicyPlan } from './plan-policy.ts'
import type { PullRequestPolicy, TidyReport } from './pull-request-policy.ts'
import { tidy } from './tidy.ts'

/** A policy at work. */
export interface OrderKeeper {
  /** The branch for a change. */
  branchOf(key: string, changes: readonly FileChange[], repository: GitRepository): string
  /**
   * What to close beside the pull request of this branch, or for `undefined` when nothing is left to change.
   *
   * @throws {LgError} `PULL_REQUEST_LIMIT` when there are too many to open another one.
   */
  plan(key: string, branch: string | undefined, call: CallOptions): Promise<OrderPlan>
  apply(plan: OrderPlan, base: Oid, by: string | undefined, call: CallOptions): Promise<TidyReport>
  tidy(call: CallOptions): Promise<TidyReport>
}

type OrderPlan = Extract<PolicyPlan, { type: 'go' }>

/** @throws {LgError} `INVALID_OPTION`. */
export function createOrderKeeper(
  { branch: text = 'lg/{key}', limit = Infinity }: PullRequestPolicy,
  tools: PolicyTools,
): OrderKeeper {
  const template = createBranchTemplate(text)
  if (!(limit >= 1)) {
    const option = 'pullRequestPolicy.limit'
    throw storageGitErrors.create('INVALID_OPTION', `${option} is ${limit}; give at least 1`, { option })
  }
  return {
    branchOf: (key, changes, repository) => template.branchOf(key, contentHash(changes, repository)),
    async plan(key, branch, call) {
      const open = await openOfPolicy(tools, template, call)
      const plan = planPolicy({ slug: template.slugOf(key), branch, open, limit })
      if (plan.type === 'go') return plan
      const numbers = plan.open.map((number) => `#${number}`).join(', ')
      throw storageGitErrors.create(
        'PULL_REQUEST_LIMIT',
        `${plan.open.length} pull requests are open, and ${limit} may be; merge or close some of ${numbers} first`,
        { limit, open: plan.open },
      )
    },
    async apply({ close }, base, by, call) {
      // A caller who gives up now still hears of what was done.
      const notes = createTidyNotes({})
      for (const closing of close) await closePullRequest({ ...closing, by }, base, notes, tools, call)
      const { closed, deleted, kept, failed } = notes
      return { closed, deleted, kept, failed }
    },
    tidy: (call) => tidy(tools, template, call),
  }
}

/** Eight digits that are the same for the same change, on whatever base. */
function contentHash(changes: readonly FileChange[], repository: GitRepository): string {
  const lines = changes.map((change) => {
    if (change.type === 'delete') return [change.path]
    const { path, content, mode } = change
    return [path, mode, content instanceof Uint8Array ? repository.hashBlob(content) : content.oid]
  })
  return createHash('sha256').update(JSON.stringify(lines)).digest('hex').slice(0, 8)
}
