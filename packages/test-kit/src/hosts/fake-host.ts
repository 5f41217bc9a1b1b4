import { join } from 'node:path'
import { systemClock, type Clock } from '@lg/runtime'
import { createBareRepository, openBareRepository } from '../bare-repository.ts'
import type { FileContent } from '../commit-stream.ts'
import type { Recording } from '../recording.ts'
import type { CheckExchange, HostAnswer, HostExchange, HostRequest } from './exchange.ts'
import type { HostFault, HostFaultOptions } from './host-fault.ts'
import { createHostRepository, type HostRepository } from './host-repository.ts'
import { createHostServer, type HostView } from './host-server.ts'
import { matchRoute, type Route } from './routes.ts'

export interface FakeHostOptions {
  /** A folder for the repositories. */
  readonly dir: string
  /** What the token has to be; the default is a field of the host. */
  readonly token?: string
  /** Whose token it is. */
  readonly login?: string
  /** Login names of all others. */
  readonly users?: readonly string[]
  readonly teams?: readonly string[]
  /** Most entries of a page, whatever is asked for. The host's own by default. */
  readonly pageLimit?: number
  /** Where the host lives below its origin, without a slash at the end: `/forge`. At the root by default. */
  readonly path?: string
  readonly clock?: Clock
  /** Compares every exchange with a description of the API; what does not agree stands in `problems`. */
  readonly check?: CheckExchange
}

/**
 * A host that speaks its own API over HTTP, in front of real bare repositories: whether a branch is there, whether
 * there is anything to merge, and what a merge gives, comes from Git.
 */
export interface FakeHost {
  /** Scheme, host and port, and the path below which the host lives. */
  readonly url: string
  /** Root of the API. */
  readonly apiUrl: string
  readonly token: string
  /** Whose token it is. */
  readonly login: string
  readonly requests: Recording<HostExchange>
  /** Where an exchange does not agree with the description of the API, and failures of the fake itself. */
  readonly problems: readonly string[]
  addRepository(request: NewFakeRepository): Promise<HostRepository>
  /** The clone URL that people see. Git is not served there. */
  cloneUrl(repository: HostRepository): string
  /** Switches a fault on, besides those that are. The first one that fits a request hits it. */
  addFault(fault: HostFault, options?: HostFaultOptions): void
  clearFaults(): void
  /** From now on only this token is accepted, and given out. */
  setToken(token: string): void
  close(): Promise<void>
}

export interface NewFakeRepository {
  readonly owner: string
  readonly name: string
  readonly files?: Readonly<Record<string, FileContent>>
  /** The repository that this one is a fork of; then it begins with its commits. */
  readonly forkOf?: HostRepository
}

/** What a request is served with. */
export interface HostContext {
  /** Scheme, host and port, and the path below which the host lives. */
  readonly url: string
  readonly apiUrl: string
  /** What is accepted now. */
  readonly token: string
  readonly login: string
  readonly users: readonly string[]
  readonly teams: readonly string[]
  readonly pageLimit: number
  readonly view: HostView
  now(): number
  nextId(): number
  repository(fullName: string): HostRepository | undefined
  repositories(): readonly HostRepository[]
  repositoryWithId(id: number): HostRepository | undefined
  /** Itself and its forks. */
  network(repository: HostRepository): readonly HostRepository[]
}

/** What tells one kind of host from another. */
export interface HostDialect {
  /** Path of its API, without a slash at the end. */
  readonly root: string
  readonly pageLimit: number
  readonly routes: readonly Route<HostContext>[]
  /** The token of a request, if it has one. */
  tokenOf(request: HostRequest): string | undefined
  /** Paths that are served to everybody. */
  isOpen?(request: HostRequest): boolean
  readonly unauthenticated: HostAnswer
  readonly notFound: HostAnswer
  /** Where it is not `URL/owner/name.git`. */
  cloneUrl?(url: string, repository: HostRepository): string
}

export async function createFakeHost(dialect: HostDialect, options: FakeHostOptions): Promise<FakeHost> {
  const { dir, login = 'lg-bot', users = [], teams = [], clock = systemClock } = options
  const { pageLimit = dialect.pageLimit, path = '', check } = options
  const root = `${path}${dialect.root}`
  const repositories = new Map<string, HostRepository>()
  let { token = 'fake-token-0123456789' } = options
  let lastId = 1000

  const answer = async (request: HostRequest, view: HostView): Promise<HostAnswer> => {
    if (dialect.isOpen?.(request) !== true && dialect.tokenOf(request) !== token)
      return dialect.unauthenticated
    const context: HostContext = {
      url: `${server.url}${path}`,
      apiUrl: `${server.url}${root}`,
      token,
      login,
      users: [login, ...users],
      teams,
      pageLimit,
      view,
      now: () => clock.now(),
      nextId: () => ++lastId,
      repository: (fullName) => repositories.get(fullName.toLowerCase()),
      repositories: () => [...repositories.values()],
      repositoryWithId: (id) => [...repositories.values()].find((one) => one.id === id),
      network: ({ network }) => [...repositories.values()].filter((other) => other.network === network),
    }
    const match = matchRoute(dialect.routes, request)
    if (match === undefined) return dialect.notFound
    const writes = request.method === 'GET' ? [] : [...repositories.values()].map((one) => one.remember())
    const given = await match.route.serve({ ...request, params: match.params }, context)
    if (given.status < 400) for (const confirm of writes) confirm()
    return given
  }

  const server = await createHostServer({ root, answer }, { clock, check })
  return {
    url: `${server.url}${path}`,
    apiUrl: `${server.url}${root}`,
    get token() {
      return token
    },
    login,
    requests: server.requests,
    problems: server.problems,
    async addRepository({ owner, name, files = { 'README.md': '# Cars\n' }, forkOf }) {
      const at = join(dir, `${owner.replaceAll('/', '-')}-${name}.git`)
      if (forkOf !== undefined) await forkOf.git.git(['clone', '--quiet', '--bare', forkOf.git.dir, at])
      const git =
        forkOf === undefined ?
          await createBareRepository({ dir: at, files })
        : openBareRepository({ dir: at })
      const find = (fullName: string): HostRepository | undefined => repositories.get(fullName.toLowerCase())
      const repository = createHostRepository(
        { id: ++lastId, owner, name, git, network: forkOf?.network },
        find,
      )
      repositories.set(repository.fullName.toLowerCase(), repository)
      return repository
    },
    cloneUrl: (repository) =>
      dialect.cloneUrl?.(`${server.url}${path}`, repository) ??
      `${server.url}${path}/${repository.fullName}.git`,
    addFault: server.faults.add,
    clearFaults: server.faults.clear,
    setToken: (next) => void (token = next),
    close: server.close,
  }
}

/** One page of a list, as `page` and `limit` of a query ask for it. */
export function pageOf<Item>(
  items: readonly Item[],
  { query }: HostRequest,
  { pageLimit }: Pick<HostContext, 'pageLimit'>,
  names: { readonly size: string; readonly usual: number },
): { readonly items: readonly Item[]; readonly page: number; readonly size: number; readonly last: number } {
  const asked = Number(query.get(names.size) ?? names.usual)
  const size = Math.min(Math.max(asked, 1), pageLimit)
  const page = Math.max(Number(query.get('page') ?? 1), 1)
  return {
    items: items.slice((page - 1) * size, page * size),
    page,
    size,
    last: Math.ceil(items.length / size) || 1,
  }
}
