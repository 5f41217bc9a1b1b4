import type { PullRequestCapabilities } from '@lg/pull-request'
import { markerLength } from '@lg/pull-request/hosted'

/** What Azure DevOps takes of a label. */
export const labelLength = 400

/** Azure DevOps counts lengths in UTF-16 code units: a character beyond the basic plane counts twice. */
export const titleUnits = 400
const descriptionLength = 4000
export const descriptionUnits: number = descriptionLength - markerLength

/** Whether a description fits, marker and all. */
export function fits(description: string): boolean {
  return description.length <= descriptionLength
}

/** People and groups in one request. */
export const reviewerBatch = 100

export const capabilities: PullRequestCapabilities = {
  labels: 'create',
  assignees: 0,
  reviewers: Infinity,
  teamReviewers: true,
  milestone: false,
  draft: true,
  autoMerge: true,
  mergeMethods: ['merge', 'squash', 'rebase'],
  reopen: true,
  forks: true,
  comments: true,
  checks: true,
  diff: 'text',
  titleLimit: titleUnits,
  descriptionLimit: descriptionUnits,
  // Less something for the topic.
  commentLimit: 148_000,
}
