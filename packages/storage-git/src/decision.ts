import { checkBranchName } from '@lg/git'
import type { GitDirectory } from '@lg/gitdir'
import { prepareSpec, type PullRequestProvider, type PullRequestSpec } from '@lg/pull-request'
import { isRecord } from '@lg/runtime'
import { formatCommitMessage } from './commit-message.ts'
import { storageGitErrors } from './errors.ts'
import type { TransactionDecision } from './transaction-result.ts'

/** Where a commit goes: the followed branch itself, or another one, with a pull request or without. */
export type Destination =
  | { readonly type: 'base'; readonly branch: string }
  | {
      readonly type: 'branch'
      readonly branch: string
      readonly spec?: PullRequestSpec | undefined
      /** What the policy goes by. */
      readonly key?: string | undefined
    }

export interface DecisionTools {
  readonly gitDirectory: GitDirectory
  readonly provider: PullRequestProvider | undefined
  /** With a policy: the branch for a key, once it is known what changes. */
  readonly branchOf: ((key: string) => string) | undefined
}

/**
 * Refuses before anything is pushed what could not be finished afterwards.
 *
 * @throws {LgError} `INVALID_DECISION`, `INVALID_REF`, `NO_PULL_REQUEST_PROVIDER`; `VALIDATION` and `UNSUPPORTED` of
 *   `@lg/pull-request`.
 */
export function checkDecision(
  decision: TransactionDecision | undefined,
  transaction: { readonly name: string; readonly key: string },
  { gitDirectory, provider, branchOf }: DecisionTools,
): Destination {
  const { name } = transaction
  const refuse = (field: string, reason: string): never => {
    throw storageGitErrors.create('INVALID_DECISION', `Transaction ${name}: ${field} ${reason}`.trim(), {
      field,
      reason,
    })
  }
  if (!isRecord(decision)) {
    return refuse(
      '',
      'the callback returned nothing; return where it goes, such as { target: "base", title: "..." }',
    )
  }
  formatCommitMessage(decision)
  const base = gitDirectory.branch
  const { target } = decision
  if (target === 'base') return { type: 'base', branch: base }
  if (target !== 'branch' && target !== 'pullRequest')
    return refuse('target', `is ${JSON.stringify(target)}; use "base", "branch" or "pullRequest"`)

  const key = target === 'pullRequest' ? readKey(decision.key) : undefined
  const branch =
    key !== undefined && branchOf !== undefined ? branchOf(key)
    : target === 'branch' ? (decision.branch ?? name)
    : name
  checkBranchName(branch)
  if (branch === base)
    return refuse('branch', `is ${base}, the base itself; use target: "base" to commit to it`)
  if (target === 'branch') return { type: 'branch', branch }
  if (provider === undefined) {
    throw storageGitErrors.create(
      'NO_PULL_REQUEST_PROVIDER',
      `Transaction ${name} wants a pull request, but the storage has no provider; pass pullRequests`,
      { transaction: name },
    )
  }
  const spec: PullRequestSpec = {
    repository: gitDirectory.reference,
    head: branch,
    base,
    title: decision.title.trim(),
    description: decision.description,
    labels: decision.labels,
    assignees: decision.assignees,
    reviewers: decision.reviewers,
    teamReviewers: decision.teamReviewers,
    milestone: decision.milestone,
    draft: decision.draft,
  }
  prepareSpec(spec, provider)
  return { type: 'branch', branch, spec, key }

  function readKey(given: unknown): string | undefined {
    if (branchOf === undefined) {
      return given === undefined ? undefined : refuse('key', 'needs a policy; pass pullRequestPolicy')
    }
    if (given === undefined) return transaction.key
    if (typeof given === 'string' && given.trim() !== '') return given
    return refuse('key', 'is no text, or empty')
  }
}
