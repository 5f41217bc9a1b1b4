import type { LgError } from '@lg/runtime'
import {
  pullRequestErrors,
  type ErrorPlace,
  type PullRequestErrorCode,
  type PullRequestErrors,
  type PullRequestStep,
} from './errors.ts'

const doing: Readonly<Record<PullRequestStep, string>> = {
  validate: 'take this request',
  resolve: 'resolve names',
  create: 'create the pull request',
  update: 'update the pull request',
  labels: 'set labels',
  assignees: 'set assignees',
  reviewers: 'request reviewers',
  milestone: 'set the milestone',
  draft: 'change the draft state',
  autoMerge: 'switch auto-merge',
  find: 'look for the pull request',
  list: 'list pull requests',
  get: 'read the pull request',
  close: 'close the pull request',
  reopen: 'reopen the pull request',
  merge: 'merge the pull request',
  deleteBranch: 'delete the head branch',
  comment: 'comment',
  mergeability: 'tell whether the pull request can be merged',
  checks: 'read the checks',
  diff: 'read the diff',
}

/**
 * An error of the port whose message names host, repository and step, worded alike for every host.
 *
 * @param problem what is wrong and the way out; no secrets.
 */
export function createPullRequestError<Code extends PullRequestErrorCode>(
  code: Code,
  problem: string,
  place: ErrorPlace,
  details: Omit<PullRequestErrors[Code], keyof ErrorPlace>,
  options?: { readonly cause?: unknown },
): LgError<Code, PullRequestErrors[Code]> {
  const { provider, repository, step } = place
  const where = repository.startsWith(`${provider}/`) ? repository : `${repository} (${provider})`
  const all = { provider, repository, step, ...details } as unknown as PullRequestErrors[Code]
  return pullRequestErrors.create(code, `Cannot ${doing[step]} in ${where}: ${problem}`, all, options)
}
