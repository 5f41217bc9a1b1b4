import type { HostContext } from '../fake-host.ts'
import type { HostLabel, HostPull } from '../host-state.ts'

/** What tells one Gitea from another, and Forgejo from both. */
export interface GiteaServer {
  /** As `/version` answers: `1.26.3`, or `16.0.1+gitea-1.22.0` for Forgejo. */
  readonly version: string
  /** Owners that are organisations, and the labels that all of their repositories have. */
  readonly organizations: ReadonlyMap<string, HostLabel[]>
  /** Beginnings of titles that make a draft. */
  readonly draftPrefixes: readonly string[]
  /** How often each description was changed, as far as it was looked at. */
  readonly contents: Map<string, { readonly body: string; readonly version: number }>
}

/**
 * Gitea 1.26 has other names in the body of a merge, besides those of old; merges at once what is to be merged when
 * nothing is missing; and counts the changes of a description.
 */
export function isNewest({ version }: GiteaServer): boolean {
  return version.startsWith('1.26.')
}

/** Goes up with each change of the description, whoever makes it. */
export function contentVersionOf({ contents }: GiteaServer, repository: string, pull: HostPull): number {
  const key = `${repository}#${pull.number}`
  const last = contents.get(key) ?? { body: pull.body, version: 0 }
  const version = last.body === pull.body ? last.version : last.version + 1
  contents.set(key, { body: pull.body, version })
  return version
}

/** What a request is served with, for this kind of host. */
export interface GiteaContext extends HostContext {
  readonly server: GiteaServer
}
