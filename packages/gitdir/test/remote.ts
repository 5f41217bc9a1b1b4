import {
  createHttpsCredentials,
  parseRepositoryReference,
  type Commit,
  type Credentials,
  type FileChange,
  type Person,
} from '@lg/git'
import { createGitCli } from '@lg/git-cli'
import type { Clock, Logger, Random } from '@lg/runtime'
import {
  createBareRepository,
  createFakeClock,
  createGitHttpServer,
  createRecordingLogger,
  createSeededRandom,
  createTree,
  type BareRepository,
  type FakeClock,
  type FileContent,
  type GitHttpServer,
  type RecordingLogger,
  type Tree,
} from '@lg/test-kit'
import { filter, firstValueFrom } from 'rxjs'
import { createGitDirectory } from '../src/create-git-directory.ts'
import type { GitDirectory } from '../src/git-directory.ts'
import type { Health } from '../src/health.ts'
import type { GitDirectoryOptions } from '../src/options.ts'

export const token = 'tkn-4f9a1c77e2'
export const author: Person = { name: 'Ada', email: 'ada@example.org' }

export function write(path: string, text: string): FileChange {
  return { type: 'write', path, content: new TextEncoder().encode(text) }
}

/** A repository on a real HTTP remote that wants a token, and Git directories that follow it. */
export interface RemoteFixture {
  readonly tree: Tree
  readonly bare: BareRepository
  readonly server: GitHttpServer
  readonly clock: FakeClock
  readonly logger: RecordingLogger
  readonly auth: Credentials
  /** How many times the remote began to serve a look at its refs, or a fetch. */
  fetches(): number
  /** A directory that follows `main`, unless told otherwise. */
  open(options?: Partial<GitDirectoryOptions>): GitDirectory
  close(): Promise<void>
}

export interface RemoteFixtureOptions {
  readonly files?: Readonly<Record<string, FileContent>>
  readonly anonymous?: 'read' | 'write' | 'none'
}

export async function createRemoteFixture(options: RemoteFixtureOptions = {}): Promise<RemoteFixture> {
  const { files = { 'cars/foo.yaml': 'kind: Car\n', 'cars/bar.yaml': 'kind: Car\n' }, anonymous = 'none' } =
    options
  const tree = await createTree()
  const bare = await createBareRepository({ dir: tree.path('remotes/fleet/cars.git'), files })
  const accounts = [{ user: 'bot', token }]
  const server = await createGitHttpServer({ root: tree.path('remotes'), accounts, anonymous })
  const clock = createFakeClock()
  const logger = createRecordingLogger()
  const auth = createHttpsCredentials({ username: 'bot', password: token })
  const repository = parseRepositoryReference(server.url('fleet/cars.git'))
  const shared = { git: createGitCli(), repository, auth, branch: 'main' }
  const opened: GitDirectory[] = []
  return {
    tree,
    bare,
    server,
    clock,
    logger,
    auth,
    fetches: () =>
      server.requests.entries.filter(
        // The first request of each comes without credentials and is turned away.
        ({ url, status }) => url.endsWith('/info/refs?service=git-upload-pack') && status === 200,
      ).length,
    open(options = {}) {
      const world: { clock: Clock; random: Random; logger: Logger } = {
        clock,
        random: createSeededRandom(1),
        logger,
      }
      const directory = createGitDirectory({ ...shared, ...world, ...options })
      opened.push(directory)
      return directory
    },
    async close() {
      await server.clearFault()
      await Promise.all(opened.map((directory) => directory.close()))
      await server.close()
      await tree.close()
    },
  }
}

/** Waits until the directory follows the commit with that name. */
export async function followed(directory: GitDirectory, oid: string): Promise<Commit> {
  return await firstValueFrom(directory.commits().pipe(filter((commit) => commit.oid === oid)))
}

type In<State extends Health['state']> = Extract<Health, { readonly state: State }>

/** Waits for a health of that state, and of that kind. */
export async function healthy<State extends Health['state']>(
  directory: GitDirectory,
  state: State,
  matches: (health: In<State>) => boolean = () => true,
): Promise<In<State>> {
  const isIt = (health: Health): health is In<State> => health.state === state && matches(health as In<State>)
  return await firstValueFrom(directory.health.changes().pipe(filter(isIt)))
}

/** Something that is held until it is let go. */
export interface Hold {
  /** Resolves when somebody waits. */
  readonly reached: Promise<void>
  readonly wait: () => Promise<void>
  readonly release: () => void
}

export function createHold(): Hold {
  let reach: () => void = () => {}
  let release: () => void = () => {}
  const reached = new Promise<void>((resolve) => (reach = resolve))
  const released = new Promise<void>((resolve) => (release = resolve))
  const wait = async (): Promise<void> => {
    reach()
    await released
  }
  return { reached, wait, release }
}
