import type { RepositoryReference } from '@lg/git'
import type { ErrorPlace, ProviderTraits, PullRequestStep } from '@lg/pull-request'
import type { CallOptions, Clock } from '@lg/runtime'
import type { Api } from './api.ts'
import type { LabelMode } from './options.ts'

/** What every call needs: the provider's parts and the one repository that it is about. */
export interface HostContext {
  readonly api: Api
  readonly clock: Clock
  readonly traits: ProviderTraits
  readonly labels: LabelMode
  readonly labelColor: string | undefined
  readonly repository: RepositoryReference
  /** Of every error, unless a later step has its own. */
  readonly place: ErrorPlace
  /** The caller's signal. */
  readonly call: CallOptions
  /** What every request of the client library begins with. */
  readonly target: Target
}

export interface Target {
  readonly owner: string
  readonly repo: string
  readonly request: { readonly signal?: AbortSignal }
}

export function targetOf({ owner, name }: RepositoryReference, { signal }: CallOptions): Target {
  return { owner, repo: name, request: signal === undefined ? {} : { signal } }
}

export function atStep({ place }: HostContext, step: PullRequestStep): ErrorPlace {
  return { ...place, step }
}

/** Host names and logins have no case here. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** The names of `wanted` that are not among `present`. */
export function missingFrom(present: readonly string[], wanted: readonly string[]): readonly string[] {
  const known = new Set(present.map((name) => name.toLowerCase()))
  return wanted.filter((name) => !known.has(name.toLowerCase()))
}
