import { createHostHarness, createHostWorld, harnessPageSize, loadDescription } from '@lg/host-tests'
import type { HostWorld } from '@lg/host-tests'
import { createGitHubProvider, type GitHubProviderOptions } from '@lg/pr-github'
import type { PullRequestHarness } from '@lg/pull-request/testing'
import { createFakeGitHub, type FakeGitHub, type FakeGitHubOptions } from '@lg/test-kit'

const users = ['alice', 'bob', 'carol'] as const
const teams = ['garage', 'pit'] as const
const labels = ['user/bot', 'kind/update', 'a, b'] as const
const check = loadDescription('github.json')

export type World = HostWorld<FakeGitHub, GitHubProviderOptions>

export function createWorld(options: Partial<FakeGitHubOptions> = {}): Promise<World> {
  return createHostWorld({
    createHost: (dir) => createFakeGitHub({ dir, users, teams, ...(check && { check }), ...options }),
    repository: { owner: 'lg', name: 'cars' },
    labels,
    milestones: [
      { number: 1, title: 'v1', state: 'open' },
      { number: 7, title: '2', state: 'open' },
    ],
    apiUrl: (host) => host.apiUrl,
    createProvider: (given) => createGitHubProvider({ writePace: { interval: 0, burst: 1 }, ...given }),
    below: '/repos/lg/cars',
  })
}

export async function createHarness(): Promise<PullRequestHarness> {
  return createHostHarness(await createWorld({ pageLimit: harnessPageSize }), { users, teams, labels })
}
