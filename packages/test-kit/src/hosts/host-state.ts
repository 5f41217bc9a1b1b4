/** A pull request as a fake host keeps it, in words of no host. */
export interface HostPull {
  readonly number: number
  title: string
  body: string
  state: 'open' | 'closed' | 'merged'
  draft: boolean
  readonly head: string
  /** `owner/name` of the repository of the head. */
  readonly headRepository: string
  /** While it is open, the tip of the head. */
  headCommit: string
  base: string
  baseCommit: string
  readonly author: string
  labels: string[]
  assignees: string[]
  reviewers: string[]
  /** Who was asked and has answered. */
  reviewed: string[]
  teams: string[]
  /** Number of the milestone. */
  milestone: number | undefined
  autoMerge: string | undefined
  readonly createdAt: number
  updatedAt: number
  closedAt: number | undefined
  mergeCommit: string | undefined
}

export interface HostLabel {
  readonly id: number
  readonly name: string
  readonly color: string
}

export interface HostMilestone {
  readonly number: number
  readonly title: string
  readonly state: 'open' | 'closed'
  /** It belongs to a group above the repository, on hosts that have such. */
  readonly inherited?: boolean
}

export interface HostComment {
  readonly id: number
  readonly pull: number
  readonly author: string
  body: string
  readonly createdAt: number
  updatedAt: number
}

/** What an automatic check says of a commit. `kind`: hosts that have two keep them apart. */
export interface HostCheck {
  readonly commit: string
  readonly name: string
  readonly kind: 'status' | 'run'
  readonly state: 'pending' | 'success' | 'failure' | 'neutral'
  readonly description?: string
}

/** All that a repository holds besides Git. */
export interface HostState {
  readonly pulls: HostPull[]
  readonly labels: HostLabel[]
  readonly milestones: HostMilestone[]
  readonly comments: HostComment[]
  readonly checks: HostCheck[]
}

/** What an owner can switch, and a test with it. */
export interface HostSettings {
  archived: boolean
  /** Whether the token sees the repository at all. */
  visible: boolean
  /** Whether the token may write. */
  push: boolean
  /** Issues, and with them labels, assignees and milestones. */
  issues: boolean
  pullRequests: boolean
  drafts: boolean
  autoMerge: boolean
  /** Allowed merge methods, in the words of lg. */
  mergeMethods: readonly string[]
  /** Whether the token may make labels, on hosts that drop unknown ones else. */
  makeLabels: boolean
  /** How many assignees and how many reviewers are kept, on hosts where that is a matter of the plan. */
  peopleLimit: number
  /** People whom the host knows, and who may not be assigned here. */
  outsiders: readonly string[]
  /** Checks that must be there before a merge. */
  requiredChecks: readonly string[]
  /** How many have to approve before a merge. */
  requiredApprovals: number
  /** For so many reads pull requests do not know yet what was pushed to their heads. */
  headLag: number
  /** Branches that may not be deleted. */
  lockedBranches: readonly string[]
  /** For so many reads the host has not worked out whether a pull request can be merged. */
  mergeabilityUnknown: number
}

export const usualSettings: HostSettings = {
  archived: false,
  visible: true,
  push: true,
  issues: true,
  pullRequests: true,
  drafts: true,
  autoMerge: true,
  mergeMethods: ['merge', 'squash', 'rebase'],
  makeLabels: true,
  peopleLimit: Infinity,
  outsiders: [],
  requiredChecks: [],
  requiredApprovals: 0,
  headLag: 0,
  lockedBranches: [],
  mergeabilityUnknown: 0,
}
