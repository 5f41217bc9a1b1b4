import { parseRepositoryReference, type GitRepository, type RepositoryReference } from '@lg/git'
import { createGitCli } from '@lg/git-cli'
import { createLocalProvider } from '@lg/pr-local'
import type { PullRequestProvider } from '@lg/pull-request'
import type { PullRequestHarness } from '@lg/pull-request/testing'
import {
  createBareRepository,
  createGitHttpServer,
  createTree,
  type BareRepository,
  type GitHttpServer,
  type Tree,
} from '@lg/test-kit'

export type Transport = 'file' | 'http'

/** A bare repository, and stores and providers in front of it as separate programs would have them. */
export interface World {
  readonly tree: Tree
  readonly remote: BareRepository
  readonly repository: RepositoryReference
  readonly server: GitHttpServer | undefined
  /** Another store of its own, with the same remote. */
  openStore(): Promise<GitRepository>
  openProvider(name?: string): Promise<PullRequestProvider>
  close(): Promise<void>
}

export async function createWorld(transport: Transport = 'file'): Promise<World> {
  const tree = await createTree()
  const remote = await createBareRepository({
    dir: tree.path('cars.git'),
    files: { 'cars/a.yaml': 'speed: 1\n' },
  })
  const server = transport === 'http' ? await createGitHttpServer({ root: tree.dir }) : undefined
  const repository = parseRepositoryReference(server?.url('cars.git') ?? remote.dir)
  const stores: GitRepository[] = []
  let opened = 0

  const openStore = async (): Promise<GitRepository> => {
    const store = await createGitCli().open({ dir: tree.path(`store-${opened++}`), remote: repository })
    stores.push(store)
    return store
  }

  return {
    tree,
    remote,
    repository,
    server,
    openStore,
    openProvider: async (name = 'Car bot') =>
      createLocalProvider({ git: await openStore(), identity: { name, email: 'bot@example.com' } }),
    async close() {
      await Promise.all(stores.map((store) => store.close()))
      await server?.close()
      await tree.close()
    },
  }
}

export async function createHarness(transport: Transport): Promise<PullRequestHarness> {
  const world = await createWorld(transport)
  const { remote, repository } = world
  return {
    provider: await world.openProvider(),
    repository,
    base: 'main',
    users: ['alice', 'bob', 'carol'],
    teams: ['garage', 'pit'],
    milestones: ['v1', '2'],
    labels: ['user/bot', 'kind/update', 'a, b'],
    unknown: {},
    pageSize: 5,
    commit: (request) => remote.commit(request),
    deleteBranch: (branch) => remote.deleteBranch(branch),
    branches: () => remote.branches(),
    readFile: (revision, path) => remote.readFile(revision, path).catch(() => undefined),
    close: () => world.close(),
  }
}
