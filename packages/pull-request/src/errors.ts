import type { Oid, RepositoryReference } from '@lg/git'
import { defineErrors, type ErrorFamily } from '@lg/runtime'
import type { MergeBlocker } from './merge.ts'
import type { PullRequestState } from './pull-request.ts'
import type { PullRequestSpec } from './spec.ts'

/** What a provider was doing when it failed. */
export type PullRequestStep =
  | 'validate'
  | 'resolve'
  | 'create'
  | 'update'
  | 'labels'
  | 'assignees'
  | 'reviewers'
  | 'milestone'
  | 'draft'
  | 'autoMerge'
  | 'find'
  | 'list'
  | 'get'
  | 'close'
  | 'reopen'
  | 'merge'
  | 'deleteBranch'
  | 'comment'
  | 'mergeability'
  | 'checks'
  | 'diff'

/** Where it happened. Every error of a provider tells this, also in its message. */
export interface ErrorPlace {
  /** The provider's name: the host. */
  readonly provider: string
  /** As {@link formatRepository} writes it. */
  readonly repository: string
  readonly step: PullRequestStep
}

/** The codes of the pull request port; every provider maps its host's failures to these. */
export interface PullRequestErrors {
  /** No token, or one that the host does not accept. */
  UNAUTHENTICATED: ErrorPlace
  /** The host knows the caller, who may not do this. `reason` is the host's own words. */
  FORBIDDEN: ErrorPlace & { readonly reason?: string }
  /** The repository, or with `number` the pull request, is not there or not visible. */
  NOT_FOUND: ErrorPlace & { readonly number?: number }
  /** The repository is on no host (a `file` URL), on one that is not known, or on another than the provider's. */
  NO_HOST: Partial<ErrorPlace> & { readonly repository: string; readonly host: string }
  BRANCH_NOT_FOUND: ErrorPlace & { readonly branch: string }
  /** The head has no commit that the base lacks. */
  NO_CHANGES: ErrorPlace & { readonly head: string; readonly base: string }
  /** Another pull request of the same head and base is open. */
  ALREADY_EXISTS: ErrorPlace & { readonly number?: number; readonly url?: string }
  UNKNOWN_USER: ErrorPlace & { readonly users: readonly string[] }
  /** No milestone has that title, or several have. */
  UNKNOWN_MILESTONE: ErrorPlace & { readonly milestone: string }
  UNKNOWN_LABEL: ErrorPlace & { readonly labels: readonly string[] }
  /** What was asked for is wrong in itself; nothing was done. */
  VALIDATION: ErrorPlace & { readonly faults: readonly SpecFault[] }
  /** The host cannot do this; see the provider's capabilities. Nothing was done. */
  UNSUPPORTED: ErrorPlace & { readonly features: readonly string[] }
  /** Milliseconds since the epoch when the host takes calls again. */
  RATE_LIMITED: ErrorPlace & { readonly retryAt: number }
  /** Somebody else was first: the head moved, or the pull request changed or was merged. */
  CONFLICT: ErrorPlace & {
    readonly number?: number
    readonly state?: PullRequestState
    readonly expectedHead?: Oid
    readonly actualHead?: Oid
  }
  NOT_MERGEABLE: ErrorPlace & { readonly number: number; readonly blockers: readonly MergeBlocker[] }
  /** The pull request exists, `failed` did not work; the cause says why. The same call again repairs it. */
  INCOMPLETE: ErrorPlace & {
    readonly pullRequest: { readonly number: number; readonly url: string; readonly state: PullRequestState }
    readonly failed: PullRequestStep
  }
  /** No answer. `sent`: a write may have arrived. */
  NETWORK: ErrorPlace & { readonly sent: boolean }
  TIMEOUT: ErrorPlace & { readonly timeout: number; readonly sent: boolean }
  /** The host answered with something that cannot be understood. */
  BAD_RESPONSE: ErrorPlace & { readonly number?: number; readonly reason: string }
}

export type PullRequestErrorCode = keyof PullRequestErrors

/** One field of a spec, update or merge that is wrong. */
export interface SpecFault {
  readonly field:
    keyof PullRequestSpec | 'body' | 'topic' | 'number' | 'limit' | 'method' | 'expectedHead' | 'message'
  /** For people, without the value. */
  readonly reason: string
}

export const pullRequestErrors: ErrorFamily<PullRequestErrors> = defineErrors()

/** A repository as messages show it: `github.com/owner/name`, or the path of a local one. */
export function formatRepository({ transport, host, owner, name, path }: RepositoryReference): string {
  return transport === 'file' ? path : [host, owner, name].filter((part) => part !== '').join('/')
}
