import type { PullRequestHarness } from '@lg/pull-request/testing'
import type { FakeHost } from '@lg/test-kit'
import type { HostProviderOptions, HostWorld } from './world.ts'

/** What the suite of the port has to know of a fake host. */
export interface HostNames extends Pick<PullRequestHarness, 'users' | 'teams' | 'labels'> {
  /** Default: a user and a milestone that no fake host has. */
  readonly unknown?: PullRequestHarness['unknown']
}

/** Entries of a page, small enough that the suite fills more than one: `pageLimit` of the fake host. */
export const harnessPageSize = 5

/** A world as the suite of the port takes it. */
export function createHostHarness(
  world: HostWorld<FakeHost, HostProviderOptions>,
  { users, teams, labels, unknown = { user: 'nobody-here', milestone: 'v99' } }: HostNames,
): PullRequestHarness {
  const { cars, provider, repository, close } = world
  return {
    provider,
    repository,
    base: 'main',
    users,
    teams,
    milestones: ['v1', '2'],
    labels,
    unknown,
    pageSize: harnessPageSize,
    commit: (request) => cars.git.commit(request),
    deleteBranch: (branch) => cars.git.deleteBranch(branch),
    branches: () => cars.git.branches(),
    readFile: (revision, path) => cars.git.readFile(revision, path).catch(() => undefined),
    close,
  }
}
