import { createFakeHost, type FakeHost, type FakeHostOptions, type HostDialect } from '../fake-host.ts'
import { failed, notFound } from './answers.ts'
import { mergeRoutes } from './merge-routes.ts'
import { noteRoutes } from './note-routes.ts'
import { projectRoutes } from './project-routes.ts'
import { pullRoutes } from './pull-routes.ts'

const dialect: HostDialect = {
  root: '/api/v4',
  pageLimit: 100,
  routes: [...pullRoutes, ...mergeRoutes, ...noteRoutes, ...projectRoutes],
  tokenOf: ({ headers }) =>
    headers['private-token']?.toString() ?? /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1],
  unauthenticated: failed(401, '401 Unauthorized'),
  notFound,
}

/**
 * A GitLab for tests: the REST calls that merge requests need at `/api/v4`. Owners may be groups in groups; people go by
 * numbers, which count `users` from 1, the token's own first.
 *
 * @example
 * ```ts
 * const gitlab = await createFakeGitLab({ dir: tree.dir, users: ['ann'], path: '/gitlab' })
 * const cars = await gitlab.addRepository({ owner: 'lg/fleet', name: 'cars' })
 * await cars.git.commit({ branch: 'faster', files: { 'car.yaml': 'speed: 2\n' } })
 * ```
 */
export async function createFakeGitLab(options: FakeHostOptions): Promise<FakeHost> {
  return await createFakeHost(dialect, options)
}
