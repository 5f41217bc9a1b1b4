import type { PullRequestCapabilities } from '@lg/pull-request'
import { titleLength } from './draft-titles.ts'
import type { LabelMode } from './options.ts'

/** @param draftPrefix what a draft takes of its title. */
export function capabilitiesWith(labels: LabelMode, draftPrefix: string): PullRequestCapabilities {
  return {
    labels: labels === 'create' ? 'create' : 'existing',
    assignees: Infinity,
    reviewers: Infinity,
    teamReviewers: true,
    milestone: true,
    draft: true,
    autoMerge: true,
    mergeMethods: ['merge', 'squash', 'rebase', 'fast-forward'],
    reopen: true,
    forks: true,
    comments: true,
    checks: true,
    diff: 'patch',
    titleLimit: titleLength - draftPrefix.length - 1,
    descriptionLimit: Infinity,
  }
}
