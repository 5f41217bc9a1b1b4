import type { KeyObject } from 'node:crypto'
import { createFakeHost, type FakeHost, type FakeHostOptions, type HostDialect } from '../fake-host.ts'
import { failed, notFound } from './answers.ts'
import { appRoute, isAppRequest } from './app-route.ts'
import { graphqlRoute } from './graphql-route.ts'
import { issueRoutes } from './issue-routes.ts'
import { mergeRoutes } from './merge-routes.ts'
import { pullRoutes } from './pull-routes.ts'

export interface FakeGitHubOptions extends FakeHostOptions {
  /** An app that gets the host's token for its installation. */
  readonly app?: FakeApp
}

export interface FakeApp {
  readonly id: string
  readonly installation: number
  readonly publicKey: KeyObject
  /** Milliseconds that a token of it lasts. */
  readonly lifetime: number
}

/** A {@link FakeHost} that speaks as GitHub Enterprise Server does. */
export type FakeGitHub = FakeHost

function dialectWith(app: FakeApp | undefined): HostDialect {
  return {
    root: '/api/v3',
    pageLimit: 100,
    routes: [...pullRoutes, ...mergeRoutes, ...issueRoutes, graphqlRoute, appRoute(app)],
    tokenOf: ({ headers }) => /^(?:bearer|token) (.+)$/i.exec(headers.authorization ?? '')?.[1],
    isOpen: isAppRequest,
    unauthenticated: failed(401, 'Bad credentials'),
    notFound,
  }
}

/**
 * A GitHub Enterprise Server for tests: the REST calls that pull requests need at `/api/v3`, and the GraphQL mutations
 * for drafts and auto-merge at `/api/graphql`.
 *
 * @example
 * ```ts
 * const github = await createFakeGitHub({ dir: tree.dir, users: ['ann'] })
 * const cars = await github.addRepository({ owner: 'lg', name: 'cars' })
 * await cars.git.commit({ branch: 'faster', files: { 'car.yaml': 'speed: 2\n' } })
 * github.addFault({ type: 'status', status: 502 }, { times: 1, on: { method: 'GET' } })
 * ```
 */
export async function createFakeGitHub({ app, ...options }: FakeGitHubOptions): Promise<FakeGitHub> {
  return await createFakeHost(dialectWith(app), options)
}
