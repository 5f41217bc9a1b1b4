import type { PullRequestCapabilities } from '@lg/pull-request'
import { markerLength } from '@lg/pull-request/hosted'
import type { LabelMode } from './options.ts'

/** Characters that GitLab takes. */
export const labelLength = 255
/** Assignees, and reviewers, that GitLab takes. */
export const peopleLimit = 200
/** What makes a draft of a title. */
export const draftPrefix = 'Draft: '

export function capabilitiesWith(labels: LabelMode, people: number): PullRequestCapabilities {
  return {
    labels: labels === 'create' ? 'create' : 'existing',
    assignees: people,
    reviewers: people,
    teamReviewers: false,
    milestone: true,
    draft: true,
    autoMerge: true,
    mergeMethods: ['merge', 'squash'],
    reopen: true,
    forks: true,
    comments: true,
    checks: true,
    diff: 'patch',
    titleLimit: 255 - draftPrefix.length,
    // GitLab counts bytes.
    descriptionLimit: 1_048_576 - markerLength,
  }
}
