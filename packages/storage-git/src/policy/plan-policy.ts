import type { PullRequest } from '@lg/pull-request'
import type { CloseReason } from './pull-request-policy.ts'

/** An open pull request whose branch is one of the policy. */
export interface OpenPullRequest {
  readonly pullRequest: PullRequest
  /** Slug of its key. */
  readonly slug: string
}

export interface PolicyRequest {
  readonly slug: string
  /** Where the change goes; `undefined` when nothing is left to change. */
  readonly branch: string | undefined
  readonly open: readonly OpenPullRequest[]
  readonly limit: number
}

/** What keeps order: pull requests to close, or that there are too many to open another one. */
export type PolicyPlan =
  | { readonly type: 'refuse'; readonly open: readonly number[] }
  | {
      readonly type: 'go'
      readonly close: readonly { readonly pullRequest: PullRequest; readonly reason: CloseReason }[]
    }

/** Pure. */
export function planPolicy({ slug, branch, open, limit }: PolicyRequest): PolicyPlan {
  const [same, others] = [
    open.filter((entry) => entry.slug === slug),
    open.filter((entry) => entry.slug !== slug),
  ]
  const isThere = same.some(({ pullRequest }) => pullRequest.head === branch)
  if (branch !== undefined && !isThere && others.length + 1 > limit) {
    return { type: 'refuse', open: others.map(({ pullRequest }) => pullRequest.number) }
  }
  const reason = branch === undefined ? 'resolved' : 'superseded'
  const close = same.filter(({ pullRequest }) => pullRequest.head !== branch)
  return { type: 'go', close: close.map(({ pullRequest }) => ({ pullRequest, reason })) }
}
