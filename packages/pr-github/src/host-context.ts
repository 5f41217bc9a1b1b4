import type { RepositoryReference } from '@lg/git'
import type { HostedContext } from '@lg/pull-request/hosted'
import type { CallOptions } from '@lg/runtime'
import type { Api } from './api.ts'
import type { LabelMode } from './options.ts'

/** What every call needs. */
export interface HostContext extends HostedContext {
  readonly api: Api
  readonly labels: LabelMode
  readonly labelColor: string | undefined
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

/** Host names and logins have no case here. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** The names of `wanted` that are not among `present`. */
export function missingFrom(present: readonly string[], wanted: readonly string[]): readonly string[] {
  const known = new Set(present.map((name) => name.toLowerCase()))
  return wanted.filter((name) => !known.has(name.toLowerCase()))
}
