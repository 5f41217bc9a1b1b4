import type { PullRequestCapabilities } from '@lg/pull-request'
import { markerLength } from '@lg/pull-request/hosted'
import type { LabelMode } from './options.ts'

/** Characters that GitHub takes. */
export const labelLength = 50
export const labelLimit = 100

export function capabilitiesWith(labels: LabelMode): PullRequestCapabilities {
  return {
    labels: labels === 'create' ? 'create' : 'existing',
    assignees: 10,
    reviewers: 15,
    teamReviewers: true,
    milestone: true,
    draft: true,
    autoMerge: true,
    mergeMethods: ['merge', 'squash', 'rebase'],
    reopen: true,
    forks: true,
    comments: true,
    checks: true,
    diff: 'patch',
    titleLimit: 256,
    descriptionLimit: 65_536 - markerLength,
  }
}
