import { createHostHarness, createHostWorld, harnessPageSize, loadDescription } from '@lg/host-tests'
import type { HostWorld } from '@lg/host-tests'
import { createGitLabProvider, type GitLabProviderOptions } from '@lg/pr-gitlab'
import type { PullRequestHarness } from '@lg/pull-request/testing'
import { createFakeGitLab, type FakeHost, type FakeHostOptions } from '@lg/test-kit'

const users = ['alice', 'bob', 'carol'] as const
const labels = ['user/bot', 'kind::update', 'a b'] as const
const check = loadDescription('gitlab.json', { prefix: '/api/v4', overlay: 'gitlab.overlay.json' })

/** A GitLab below a path, with one project in a group of a group. */
export type World = HostWorld<FakeHost, GitLabProviderOptions>

export function createWorld(options: Partial<FakeHostOptions> = {}): Promise<World> {
  return createHostWorld({
    createHost: (dir) =>
      createFakeGitLab({ dir, users, path: '/gitlab', ...(check && { check }), ...options }),
    repository: { owner: 'lg/fleet', name: 'cars' },
    labels,
    labelColor: '#ff0000',
    milestones: [
      { number: 11, title: 'v1', state: 'open' },
      { number: 17, title: '2', state: 'open', inherited: true },
    ],
    apiUrl: (host) => host.apiUrl,
    createProvider: createGitLabProvider,
    below: '/projects/lg%2Ffleet%2Fcars',
  })
}

export async function createHarness(): Promise<PullRequestHarness> {
  return createHostHarness(await createWorld({ pageLimit: harnessPageSize }), { users, teams: [], labels })
}
