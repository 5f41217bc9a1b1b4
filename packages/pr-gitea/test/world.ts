import { createHostHarness, createHostWorld, harnessPageSize, loadDescription } from '@lg/host-tests'
import type { HostWorld } from '@lg/host-tests'
import { createGiteaProvider, type GiteaProviderOptions } from '@lg/pr-gitea'
import type { PullRequestHarness } from '@lg/pull-request/testing'
import { isRecord } from '@lg/runtime'
import { createFakeGitea, type CheckExchange, type FakeGitea, type FakeGiteaOptions } from '@lg/test-kit'

const users = ['alice', 'bob', 'carol'] as const
const teams = ['garage', 'pit'] as const
const labels = ['user/bot', 'kind/update', 'a, b'] as const

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

/** A Gitea or Forgejo, with a repository that takes every merge method. */
export type World = HostWorld<FakeGitea, GiteaProviderOptions>

export async function createWorld(
  options: Partial<FakeGiteaOptions> = {},
  { version, check }: Flavour = gitea126,
): Promise<World> {
  const checked = check && { check: withGaps(check) }
  const world = await createHostWorld<FakeGitea, GiteaProviderOptions>({
    createHost: (dir) =>
      createFakeGitea({ dir, users, teams, organizations: ['lg'], version, ...checked, ...options }),
    repository: { owner: 'lg', name: 'cars' },
    labels,
    milestones: [
      { number: 1, title: 'v1', state: 'open' },
      { number: 7, title: '2', state: 'open' },
    ],
    apiUrl: (host) => host.url,
    createProvider: createGiteaProvider,
    below: '/repos/lg/cars',
  })
  world.cars.settings.mergeMethods = ['merge', 'squash', 'rebase', 'fast-forward']
  return world
}

export async function createHarness(flavour: Flavour): Promise<PullRequestHarness> {
  const world = await createWorld({ pageLimit: harnessPageSize }, flavour)
  return createHostHarness(world, { users, teams, labels })
}
