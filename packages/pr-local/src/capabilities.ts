import type { PullRequestCapabilities } from '@lg/pull-request'

/** Every field is kept as given: there are no users, labels or milestones to look up. */
export const localCapabilities: PullRequestCapabilities = {
  labels: 'create',
  assignees: Infinity,
  reviewers: Infinity,
  teamReviewers: true,
  milestone: true,
  draft: true,
  autoMerge: false,
  mergeMethods: ['merge', 'squash', 'rebase', 'fast-forward'],
  reopen: true,
  forks: false,
  comments: true,
  checks: false,
  diff: 'text',
  titleLimit: 1024,
  descriptionLimit: 1024 * 1024,
}
