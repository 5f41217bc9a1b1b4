import { createFakeHost, type FakeHost, type FakeHostOptions, type HostDialect } from '../fake-host.ts'
import type { HostLabel } from '../host-state.ts'
import type { Route } from '../routes.ts'
import { failed, notFound, readsJson } from './answers.ts'
import { issueRoutes } from './issue-routes.ts'
import { mergeRoutes } from './merge-routes.ts'
import { pullRoutes } from './pull-routes.ts'
import type { GiteaServer } from './server.ts'

export interface FakeGiteaOptions extends FakeHostOptions {
  /** `1.26.3` by default; one with `+gitea-` in it is Forgejo: `16.0.1+gitea-1.22.0`. */
  readonly version?: string
  /** Owners that are organisations, and so have teams and labels of their own. */
  readonly organizations?: readonly string[]
  /** Beginnings of titles that make a draft; `WIP:` and `[WIP]` by default. */
  readonly draftPrefixes?: readonly string[]
}

/** A {@link FakeHost} that speaks as Gitea or Forgejo. */
export interface FakeGitea extends FakeHost {
  /** Labels that all repositories of an organisation have. A test may add some. */
  organizationLabels(name: string): HostLabel[]
}

function dialectOf(server: GiteaServer): HostDialect {
  const routes = [...mergeRoutes, ...pullRoutes, ...issueRoutes].map(readsJson)
  return {
    root: '/api/v1',
    pageLimit: 50,
    routes: routes.map(
      ({ serve, ...route }): Route<Parameters<HostDialect['routes'][number]['serve']>[1]> => {
        return { ...route, serve: (request, context) => serve(request, { ...context, server }) }
      },
    ),
    tokenOf: ({ headers }) => /^(?:bearer|token) (.+)$/i.exec(headers.authorization ?? '')?.[1],
    unauthenticated: failed(401, 'invalid username, password or token'),
    notFound,
  }
}

/**
 * A Gitea or Forgejo for tests: the calls that pull requests need, at `/api/v1`.
 *
 * @example
 * ```ts
 * const gitea = await createFakeGitea({ dir: tree.dir, users: ['ann'], version: '16.0.1+gitea-1.22.0' })
 * const cars = await gitea.addRepository({ owner: 'lg', name: 'cars' })
 * await cars.git.commit({ branch: 'faster', files: { 'car.yaml': 'speed: 2\n' } })
 * ```
 */
export async function createFakeGitea(options: FakeGiteaOptions): Promise<FakeGitea> {
  const { version = '1.26.3', organizations = [], draftPrefixes = ['WIP:', '[WIP]'], ...rest } = options
  const labels = new Map(organizations.map((name): [string, HostLabel[]] => [name, []]))
  const host = await createFakeHost(
    dialectOf({ version, organizations: labels, draftPrefixes, contents: new Map() }),
    rest,
  )
  // Not a copy: the token of a host changes.
  return Object.assign(host, { organizationLabels: (name: string) => labels.get(name) ?? [] })
}
