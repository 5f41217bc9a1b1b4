import { parseRepositoryReference, type RepositoryReference } from '@lg/git'
import { loadDescription } from '@lg/host-tests'
import { createGitHubProvider, type GitHubProviderOptions } from '@lg/pr-github'
import type { PullRequestProvider, PullRequestSpec } from '@lg/pull-request'
import type { PullRequestHarness } from '@lg/pull-request/testing'
import {
  createFakeGitHub,
  createTree,
  type FakeGitHub,
  type FakeGitHubOptions,
  type HostRepository,
} from '@lg/test-kit'
import { expect } from 'vitest'

const users = ['alice', 'bob', 'carol'] as const
const check = loadDescription('github.json')

/** A GitHub, one repository there, and a provider in front of it. */
export interface World {
  readonly host: FakeGitHub
  readonly cars: HostRepository
  readonly repository: RepositoryReference
  readonly provider: PullRequestProvider
  /** Another provider, with other options. */
  providerWith(options: Partial<GitHubProviderOptions>): PullRequestProvider
  /** A head branch with one commit, and the spec of a pull request for it. */
  propose(changes?: Partial<PullRequestSpec>): Promise<PullRequestSpec>
  /** Method and path of each request since the last call. */
  sent(): readonly string[]
  /** Ends, and fails when an exchange did not agree with the description of the API. */
  close(): Promise<void>
}

export async function createWorld(options: Partial<FakeGitHubOptions> = {}): Promise<World> {
  const tree = await createTree()
  const host = await createFakeGitHub({
    dir: tree.dir,
    users,
    teams: ['garage', 'pit'],
    ...(check && { check }),
    ...options,
  })
  const cars = await host.addRepository({ owner: 'lg', name: 'cars' })
  for (const name of ['user/bot', 'kind/update', 'a, b'])
    cars.state.labels.push({ id: cars.state.labels.length, name, color: 'ff0000' })
  cars.state.milestones.push(
    { number: 1, title: 'v1', state: 'open' },
    { number: 7, title: '2', state: 'open' },
  )
  const repository = parseRepositoryReference(host.cloneUrl(cars))
  const providerWith = (more: Partial<GitHubProviderOptions>): PullRequestProvider =>
    createGitHubProvider({
      apiUrl: host.apiUrl,
      token: host.token,
      writePace: { interval: 0, burst: 1 },
      ...more,
    })
  return {
    host,
    cars,
    repository,
    provider: providerWith({}),
    providerWith,
    async propose(changes = {}) {
      const head = changes.head ?? 'change'
      await cars.git.commit({ branch: head, files: { [`cars/${head}.yaml`]: 'kind: Car\n' } })
      return { repository, head, base: 'main', title: 'Change a car', ...changes }
    },
    sent() {
      const lines = host.requests.entries.map(
        ({ method, path }) => `${method} ${path.replace('/repos/lg/cars', '')}`,
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

export async function createHarness(): Promise<PullRequestHarness> {
  const pageSize = 5
  const { cars, provider, repository, close } = await createWorld({ pageLimit: pageSize })
  return {
    provider,
    repository,
    base: 'main',
    users,
    teams: ['garage', 'pit'],
    milestones: ['v1', '2'],
    labels: ['user/bot', 'kind/update', 'a, b'],
    unknown: { user: 'nobody-here', milestone: 'v99' },
    pageSize,
    commit: (request) => cars.git.commit(request),
    deleteBranch: (branch) => cars.git.deleteBranch(branch),
    branches: () => cars.git.branches(),
    readFile: (revision, path) => cars.git.readFile(revision, path).catch(() => undefined),
    close,
  }
}
