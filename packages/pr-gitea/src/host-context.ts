import type { RepositoryReference } from '@lg/git'
import type { HostedContext } from '@lg/pull-request/hosted'
import type { CallOptions } from '@lg/runtime'
import type { Api } from './api.ts'
import type { DraftTitles } from './draft-titles.ts'
import type { LabelMode } from './options.ts'

/** What every call needs. */
export interface HostContext extends HostedContext {
  readonly api: Api
  readonly labels: LabelMode
  readonly labelColor: string
  readonly draftTitles: DraftTitles
  /** Path that the server lives below; empty at the root. */
  readonly serverPath: string
  /** What every request about the repository begins with. */
  readonly target: Target
}

/** Owner and name, encoded: the library puts them into the path as they are. */
export type Target = readonly [owner: string, name: string]

/** `owner/name`, without the path of the server that web addresses have before it. */
export function fullNameOf({ transport, owner, name }: RepositoryReference, serverPath: string): string {
  const below = `${serverPath.slice(1)}/`
  const inner = transport !== 'ssh' && below !== '/' && `${owner}/`.startsWith(below)
  return `${inner ? owner.slice(below.length) : owner}/${name}`
}

export function targetOf(fullName: string): Target {
  const slash = fullName.lastIndexOf('/')
  return [encodeURIComponent(fullName.slice(0, slash)), encodeURIComponent(fullName.slice(slash + 1))]
}

/** The last argument of every call of the library. */
export function paramsOf({ signal }: CallOptions): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal }
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
