import {
  createBareRepository,
  createGitHttpServer,
  createTree,
  type BareRepository,
  type GitHttpServer,
  type Tree,
} from '@lg/test-kit'
import { demoFiles } from '../src/demo-files.ts'

export const token = 'lg-secret-token-5f2b'

/** The demo's repository on a real HTTP remote. */
export interface Garage {
  readonly tree: Tree
  readonly remote: BareRepository
  readonly server: GitHttpServer
  readonly args: readonly string[]
  readonly env: Record<string, string>
  close(): Promise<void>
}

export async function createGarage(files: Readonly<Record<string, string>> = demoFiles): Promise<Garage> {
  const tree = await createTree({})
  const remote = await createBareRepository({ dir: tree.path('repositories/cars.git'), files })
  const server = await createGitHttpServer({
    root: tree.path('repositories'),
    accounts: [{ user: 'bot', token }],
  })
  return {
    tree,
    remote,
    server,
    args: ['--git-url', server.url('cars.git'), '--provider', 'local', '--interval', '0.2'],
    env: { LG_TOKEN: token, LG_USERNAME: 'bot' },
    async close() {
      await server.close()
      await tree.close()
    },
  }
}
