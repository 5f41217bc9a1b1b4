import { createFakeHost, type FakeHost, type FakeHostOptions, type HostDialect } from '../fake-host.ts'
import type { HostRequest } from '../exchange.ts'
import { notFound } from './answers.ts'
import type { Merges } from './completion.ts'
import { decorationRoutes } from './decoration-routes.ts'
import { gitRoutes } from './git-routes.ts'
import { identityRoutes } from './identity-routes.ts'
import { policyRoutes } from './policies.ts'
import { pullRoutes } from './pull-routes.ts'
import { threadRoutes } from './thread-routes.ts'

export interface FakeAzureDevOpsOptions extends FakeHostOptions {
  /** After how many reads of a pull request a merge is done that was asked for. Default 1. */
  readonly mergeReads?: number
}

/** A {@link FakeHost} that speaks as Azure DevOps Server does. */
export type FakeAzureDevOps = FakeHost

function dialectWith(mergeReads: number): HostDialect {
  const merges: Merges = { queue: new WeakMap(), looks: new WeakMap() }
  return {
    root: '',
    pageLimit: 1000,
    routes: [
      ...pullRoutes(merges, mergeReads),
      ...decorationRoutes,
      ...threadRoutes,
      ...policyRoutes,
      ...gitRoutes,
      ...identityRoutes,
    ],
    tokenOf,
    unauthenticated: { status: 401, body: '' },
    notFound,
    cloneUrl(url, { owner, name }) {
      const parts = [...owner.split('/'), '_git', name].map(encodeURIComponent)
      return `${url}/${parts.join('/')}`
    },
  }
}

/** A personal access token is the password of basic authentication; others are sent as they are. */
function tokenOf({ headers }: HostRequest): string | undefined {
  const [, scheme = '', value = ''] = /^(\S+) (\S+)$/.exec(headers.authorization ?? '') ?? []
  if (scheme.toLowerCase() === 'bearer') return value
  return Buffer.from(value, 'base64').toString().replace(/^:/, '')
}

/**
 * An Azure DevOps Server for tests, at `/tfs`: the calls of its REST API, version 7.1, that pull requests need. The
 * owner of a repository is `collection/project`; `apiUrl` is above the collections. Users are mail addresses.
 *
 * @example
 * ```ts
 * const azure = await createFakeAzureDevOps({ dir: tree.dir, users: ['ann@example.com'] })
 * const cars = await azure.addRepository({ owner: 'DefaultCollection/garage', name: 'cars' })
 * await cars.git.commit({ branch: 'faster', files: { 'car.yaml': 'speed: 2\n' } })
 * azure.addFault({ type: 'html', status: 203 }, { times: 1 })
 * ```
 */
export async function createFakeAzureDevOps(options: FakeAzureDevOpsOptions): Promise<FakeAzureDevOps> {
  const { mergeReads = 1, ...rest } = options
  return await createFakeHost(dialectWith(mergeReads), { path: '/tfs', ...rest })
}
