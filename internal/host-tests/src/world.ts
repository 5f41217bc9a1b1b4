import { parseRepositoryReference, type RepositoryReference } from '@lg/git'
import type { PullRequestProvider, PullRequestSpec } from '@lg/pull-request'
import type { HttpOptions, Token } from '@lg/pull-request/http'
import {
  createSkippingClock,
  createTree,
  type FakeHost,
  type HostMilestone,
  type HostRepository,
} from '@lg/test-kit'
import { expect } from 'vitest'

/** What the providers of all hosts take. */
export interface HostProviderOptions extends HttpOptions {
  readonly token: Token
  readonly apiUrl?: string | undefined
  /** What becomes of labels that the repository does not have, on hosts where that can be said. */
  readonly labels?: 'create' | 'require' | 'ignore' | undefined
}

/** A host, one repository there, and a provider in front of it. */
export interface HostWorld<Host extends FakeHost, Options extends HostProviderOptions> {
  readonly host: Host
  readonly cars: HostRepository
  readonly repository: RepositoryReference
  /** As the provider takes it. */
  readonly apiUrl: string
  readonly provider: PullRequestProvider
  /** Another provider, with other options. */
  providerWith(options: Partial<Options>): PullRequestProvider
  /** A head branch with one commit, and the spec of a pull request for it. */
  propose(changes?: Partial<PullRequestSpec>): Promise<PullRequestSpec>
  /** Method and path, below the repository, of each request since the last call. */
  sent(): readonly string[]
  /** Ends, and fails when an exchange did not agree with the description of the API. */
  close(): Promise<void>
}

/** What tells the world of one host from that of another. */
export interface HostWorldParts<Host extends FakeHost, Options extends HostProviderOptions> {
  /** @param dir a folder for its repositories, gone when the world ends. */
  createHost(dir: string): Promise<Host>
  readonly repository: { readonly owner: string; readonly name: string }
  /** Labels that the repository has, and their colour as the host keeps it. */
  readonly labels?: readonly string[]
  readonly labelColor?: string
  readonly milestones?: readonly HostMilestone[]
  apiUrl(host: Host): string
  createProvider(options: Basics & Partial<Options>): PullRequestProvider
  /** Where the repository is in the API: `sent` leaves it out. */
  readonly below: string | RegExp
}

/** What a provider gets when a test does not say otherwise. */
type Basics = Required<Pick<HostProviderOptions, 'token' | 'clock'>> & { readonly apiUrl: string }

export async function createHostWorld<Host extends FakeHost, Options extends HostProviderOptions>(
  parts: HostWorldParts<Host, Options>,
): Promise<HostWorld<Host, Options>> {
  const { labels = [], labelColor: color = 'ff0000', milestones = [] } = parts
  const tree = await createTree()
  const host = await parts.createHost(tree.dir)
  const cars = await host.addRepository(parts.repository)
  cars.state.labels.push(...labels.map((name, index) => ({ id: index + 1, name, color })))
  cars.state.milestones.push(...milestones)
  const repository = parseRepositoryReference(host.cloneUrl(cars))
  const apiUrl = parts.apiUrl(host)
  const providerWith = (options: Partial<Options>): PullRequestProvider => {
    const clock = createSkippingClock({ longest: 30_000 })
    return parts.createProvider({ apiUrl, token: host.token, clock, ...options })
  }
  return {
    host,
    cars,
    repository,
    apiUrl,
    provider: providerWith({}),
    providerWith,
    async propose(changes = {}) {
      const head = changes.head ?? 'change'
      await cars.git.commit({ branch: head, files: { [`cars/${head}.yaml`]: 'kind: Car\n' } })
      return { repository, head, base: 'main', title: 'Change a car', ...changes }
    },
    sent() {
      const lines = host.requests.entries.map(
        ({ method, path }) => `${method} ${path.replace(parts.below, '')}`,
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
