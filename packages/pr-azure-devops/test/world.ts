import { parseRepositoryReference, type RepositoryReference } from '@lg/git'
import { loadDescription } from '@lg/host-tests'
import { createAzureDevOpsProvider, type AzureDevOpsProviderOptions } from '@lg/pr-azure-devops'
import type { PullRequestProvider, PullRequestSpec } from '@lg/pull-request'
import type { PullRequestHarness } from '@lg/pull-request/testing'
import {
  createFakeAzureDevOps,
  createSkippingClock,
  createTree,
  type CheckExchange,
  type FakeAzureDevOps,
  type FakeAzureDevOpsOptions,
  type HostAnswer,
  type HostRepository,
} from '@lg/test-kit'
import { expect } from 'vitest'

const users = ['alice@example.com', 'bob@example.com', 'carol@example.com'] as const
const described = loadDescription('azure-devops-git-7.1.json')

/** The description has bare lists where the server wraps them, 200 where it says 201, and no failures at all. */
const check: CheckExchange | undefined =
  described &&
  ((exchange) => described({ ...exchange, answer: exchange.answer && asDescribed(exchange.answer) }))

function asDescribed({ status, body, headers }: HostAnswer): HostAnswer | undefined {
  if (status >= 400) return undefined
  const isWrapped = typeof body === 'object' && body !== null && 'value' in body && 'count' in body
  return {
    status: status === 201 ? 200 : status,
    body: isWrapped ? body.value : body,
    ...(headers && { headers }),
  }
}

/** An Azure DevOps Server, one repository there, and a provider in front of it. */
export interface World {
  readonly host: FakeAzureDevOps
  readonly cars: HostRepository
  readonly repository: RepositoryReference
  readonly provider: PullRequestProvider
  /** Another provider, with other options. */
  providerWith(options: Partial<AzureDevOpsProviderOptions>): PullRequestProvider
  /** A head branch with one commit, and the spec of a pull request for it. */
  propose(changes?: Partial<PullRequestSpec>): Promise<PullRequestSpec>
  /** Method and path, below the repository, of each request since the last call. */
  sent(): readonly string[]
  /** Ends, and fails when an exchange did not agree with the description of the API. */
  close(): Promise<void>
}

export async function createWorld(options: Partial<FakeAzureDevOpsOptions> = {}): Promise<World> {
  const tree = await createTree()
  const host = await createFakeAzureDevOps({
    dir: tree.dir,
    users,
    teams: ['pit', 'paint shop'],
    ...(check && { check }),
    ...options,
  })
  const cars = await host.addRepository({ owner: 'DefaultCollection/My Garage', name: 'cars' })
  const repository = parseRepositoryReference(host.cloneUrl(cars))
  const providerWith = (more: Partial<AzureDevOpsProviderOptions>): PullRequestProvider =>
    createAzureDevOpsProvider({
      apiUrl: `${host.apiUrl}/DefaultCollection/`,
      token: host.token,
      clock: createSkippingClock({ longest: 30_000 }),
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
        ({ method, path }) => `${method} ${path.replace(/^.*\/_apis(?:\/git\/repositories\/cars)?/, '')}`,
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
    teams: ['pit', 'paint shop'],
    milestones: ['v1', '2'],
    labels: ['user/bot', 'kind/update', 'a "b" c'],
    unknown: {},
    pageSize,
    commit: (request) => cars.git.commit(request),
    deleteBranch: (branch) => cars.git.deleteBranch(branch),
    branches: () => cars.git.branches(),
    readFile: (revision, path) => cars.git.readFile(revision, path).catch(() => undefined),
    close,
  }
}
