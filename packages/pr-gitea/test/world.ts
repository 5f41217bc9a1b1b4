import { parseRepositoryReference, type RepositoryReference } from '@lg/git'
import { loadDescription } from '@lg/host-tests'
import { createGiteaProvider, type GiteaProviderOptions } from '@lg/pr-gitea'
import type { PullRequestProvider, PullRequestSpec } from '@lg/pull-request'
import type { PullRequestHarness } from '@lg/pull-request/testing'
import { isRecord } from '@lg/runtime'
import {
  createFakeGitea,
  createSkippingClock,
  createTree,
  type CheckExchange,
  type FakeGitea,
  type FakeGiteaOptions,
  type HostRepository,
} from '@lg/test-kit'
import { expect } from 'vitest'

const users = ['alice', 'bob', 'carol'] as const

/** A version of a server, and the description of its API. */
export interface Flavour {
  readonly name: string
  readonly version: string
  readonly check: CheckExchange | undefined
}

export const gitea126: Flavour = {
  name: 'Gitea 1.26',
  version: '1.26.3',
  check: withOldNames(loadDescription('gitea-1.26.json')),
}
export const gitea123: Flavour = {
  name: 'Gitea 1.23',
  version: '1.23.8',
  check: loadDescription('gitea-1.23.json'),
}
export const forgejo: Flavour = {
  name: 'Forgejo 16',
  version: '16.0.1+gitea-1.22.0',
  check: loadDescription('forgejo-16.json'),
}

/** The newest Gitea describes new names for the body of a merge, and takes those of old as well. */
function withOldNames(check: CheckExchange | undefined): CheckExchange | undefined {
  const names: Readonly<Record<string, string>> = {
    Do: 'do',
    MergeTitleField: 'merge_title_field',
    MergeMessageField: 'merge_message_field',
  }
  return (
    check &&
    ((exchange) => {
      const { body } = exchange
      if (!isRecord(body)) return check(exchange)
      const renamed = Object.entries(body).map(([name, value]) => [names[name] ?? name, value])
      return check({ ...exchange, body: Object.fromEntries(renamed) })
    })
  )
}

/** None of them describes that a merge may be for later; a diff would be taken for a pull request. */
function withGaps(check: CheckExchange): CheckExchange {
  return (exchange) => {
    if (exchange.path.endsWith('.diff')) return []
    return check(exchange).filter((problem) => !/\/merge: answer: status 201/.test(problem))
  }
}

/** A Gitea or Forgejo, one repository there, and a provider in front of it. */
export interface World {
  readonly host: FakeGitea
  readonly cars: HostRepository
  readonly repository: RepositoryReference
  readonly provider: PullRequestProvider
  /** Another provider, with other options. */
  providerWith(options: Partial<GiteaProviderOptions>): PullRequestProvider
  /** A head branch with one commit, and the spec of a pull request for it. */
  propose(changes?: Partial<PullRequestSpec>): Promise<PullRequestSpec>
  /** Method and path of each request since the last call. */
  sent(): readonly string[]
  /** Ends, and fails when an exchange did not agree with the description of the API. */
  close(): Promise<void>
}

export async function createWorld(
  options: Partial<FakeGiteaOptions> = {},
  { version, check }: Flavour = gitea126,
): Promise<World> {
  const tree = await createTree()
  const host = await createFakeGitea({
    dir: tree.dir,
    users,
    teams: ['garage', 'pit'],
    organizations: ['lg'],
    version,
    ...(check && { check: withGaps(check) }),
    ...options,
  })
  const cars = await host.addRepository({ owner: 'lg', name: 'cars' })
  cars.settings.mergeMethods = ['merge', 'squash', 'rebase', 'fast-forward']
  for (const [index, name] of ['user/bot', 'kind/update', 'a, b'].entries())
    cars.state.labels.push({ id: index + 1, name, color: 'ff0000' })
  cars.state.milestones.push(
    { number: 1, title: 'v1', state: 'open' },
    { number: 7, title: '2', state: 'open' },
  )
  const repository = parseRepositoryReference(host.cloneUrl(cars))
  const providerWith = (more: Partial<GiteaProviderOptions>): PullRequestProvider =>
    createGiteaProvider({
      apiUrl: host.url,
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

export async function createHarness(flavour: Flavour): Promise<PullRequestHarness> {
  const pageSize = 5
  const { cars, provider, repository, close } = await createWorld({ pageLimit: pageSize }, flavour)
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
