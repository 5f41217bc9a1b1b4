import { parseRepositoryReference, type RepositoryReference } from '@lg/git'
import { loadDescription } from '@lg/host-tests'
import { createGitLabProvider, type GitLabProviderOptions } from '@lg/pr-gitlab'
import {
  pullRequestErrors,
  type PullRequestErrorCode,
  type PullRequestErrors,
  type PullRequestProvider,
  type PullRequestSpec,
} from '@lg/pull-request'
import type { PullRequestHarness } from '@lg/pull-request/testing'
import {
  createFakeGitLab,
  createSkippingClock,
  createTree,
  type FakeHost,
  type FakeHostOptions,
  type HostRepository,
} from '@lg/test-kit'
import { expect } from 'vitest'

const users = ['alice', 'bob', 'carol'] as const
const check = loadDescription('gitlab.json', { prefix: '/api/v4', overlay: 'gitlab.overlay.json' })

/** A GitLab below a path, one project in a group of a group there, and a provider in front of it. */
export interface World {
  readonly host: FakeHost
  readonly cars: HostRepository
  readonly repository: RepositoryReference
  readonly provider: PullRequestProvider
  /** Another provider, with other options. */
  providerWith(options: Partial<GitLabProviderOptions>): PullRequestProvider
  /** A head branch with one commit, and the spec of a pull request for it. */
  propose(changes?: Partial<PullRequestSpec>): Promise<PullRequestSpec>
  /** Method and path of each request since the last call. */
  sent(): readonly string[]
  /** Ends, and fails when an exchange did not agree with the description of the API. */
  close(): Promise<void>
}

export async function createWorld(options: Partial<FakeHostOptions> = {}): Promise<World> {
  const tree = await createTree()
  const host = await createFakeGitLab({
    dir: tree.dir,
    users,
    path: '/gitlab',
    ...(check && { check }),
    ...options,
  })
  const cars = await host.addRepository({ owner: 'lg/fleet', name: 'cars' })
  for (const name of ['user/bot', 'kind::update', 'a b'])
    cars.state.labels.push({ id: cars.state.labels.length + 1, name, color: '#ff0000' })
  cars.state.milestones.push(
    { number: 11, title: 'v1', state: 'open' },
    { number: 17, title: '2', state: 'open', inherited: true },
  )
  const repository = parseRepositoryReference(host.cloneUrl(cars))
  const providerWith = (more: Partial<GitLabProviderOptions>): PullRequestProvider =>
    createGitLabProvider({ apiUrl: host.apiUrl, token: host.token, ...more })
  return {
    host,
    cars,
    repository,
    provider: providerWith({ clock: createSkippingClock({ longest: 30_000 }) }),
    providerWith,
    async propose(changes = {}) {
      const head = changes.head ?? 'change'
      await cars.git.commit({ branch: head, files: { [`cars/${head}.yaml`]: 'kind: Car\n' } })
      return { repository, head, base: 'main', title: 'Change a car', ...changes }
    },
    sent() {
      const lines = host.requests.entries.map(
        ({ method, path }) => `${method} ${path.replace('/projects/lg%2Ffleet%2Fcars', '')}`,
      )
      host.requests.clear()
      return lines
    },
    async close() {
      await host.close()
      await tree.close()
      expect(host.problems).toEqual([])
    },
  }
}

/** The details of what a call fails with; anything but this code is thrown. */
export async function failure<Code extends PullRequestErrorCode>(
  call: Promise<unknown>,
  code: Code,
): Promise<PullRequestErrors[Code]> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!pullRequestErrors.is(error, code)) throw error ?? new Error(`Expected ${code}`)
  return error.details
}

export async function createHarness(): Promise<PullRequestHarness> {
  const pageSize = 5
  const { cars, provider, repository, close } = await createWorld({ pageLimit: pageSize })
  return {
    provider,
    repository,
    base: 'main',
    users,
    teams: [],
    milestones: ['v1', '2'],
    labels: ['user/bot', 'kind::update', 'a b'],
    unknown: { user: 'nobody-here', milestone: 'v99' },
    pageSize,
    commit: (request) => cars.git.commit(request),
    deleteBranch: (branch) => cars.git.deleteBranch(branch),
    branches: () => cars.git.branches(),
    readFile: (revision, path) => cars.git.readFile(revision, path).catch(() => undefined),
    close,
  }
}
