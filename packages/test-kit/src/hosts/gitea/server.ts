import type { HostContext } from '../fake-host.ts'
import type { HostLabel } from '../host-state.ts'

/** What tells one Gitea from another, and Forgejo from both. */
export interface GiteaServer {
  /** As `/version` answers: `1.26.3`, or `16.0.1+gitea-1.22.0` for Forgejo. */
  readonly version: string
  /** Owners that are organisations, and the labels that all of their repositories have. */
  readonly organizations: ReadonlyMap<string, HostLabel[]>
  /** Beginnings of titles that make a draft. */
  readonly draftPrefixes: readonly string[]
}

/** Gitea 1.26 has other names in the body of a merge, besides those of old; and schedules what it could merge at once. */
export function isNewest({ version }: GiteaServer): boolean {
  return version.startsWith('1.26.')
}

/** What a request is served with, for this kind of host. */
export interface GiteaContext extends HostContext {
  readonly server: GiteaServer
}
