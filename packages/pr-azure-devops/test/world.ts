import { createHostHarness, createHostWorld, harnessPageSize, loadDescription } from '@lg/host-tests'
import type { HostWorld } from '@lg/host-tests'
import { createAzureDevOpsProvider, type AzureDevOpsProviderOptions } from '@lg/pr-azure-devops'
import type { PullRequestHarness } from '@lg/pull-request/testing'
import {
  createFakeAzureDevOps,
  type CheckExchange,
  type FakeAzureDevOps,
  type FakeAzureDevOpsOptions,
  type HostAnswer,
} from '@lg/test-kit'

const users = ['alice@example.com', 'bob@example.com', 'carol@example.com'] as const
const teams = ['pit', 'paint shop'] as const
const labels = ['user/bot', 'kind/update', 'a "b" c'] as const
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

/** An Azure DevOps Server, with one repository. */
export type World = HostWorld<FakeAzureDevOps, AzureDevOpsProviderOptions>

export function createWorld(options: Partial<FakeAzureDevOpsOptions> = {}): Promise<World> {
  return createHostWorld({
    createHost: (dir) => createFakeAzureDevOps({ dir, users, teams, ...(check && { check }), ...options }),
    repository: { owner: 'DefaultCollection/My Garage', name: 'cars' },
    apiUrl: (host) => `${host.apiUrl}/DefaultCollection/`,
    createProvider: createAzureDevOpsProvider,
    below: /^.*\/_apis(?:\/git\/repositories\/cars)?/,
  })
}

export async function createHarness(): Promise<PullRequestHarness> {
  const world = await createWorld({ pageLimit: harnessPageSize })
  return createHostHarness(world, { users, teams, labels, unknown: {} })
}
