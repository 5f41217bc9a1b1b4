import { createHttpsCredentials, parseRepositoryReference } from '@lg/git'
import { createGitCli } from '@lg/git-cli'
import { createGitDirectory, type GitDirectory } from '@lg/gitdir'
import { createLocalProvider } from '@lg/pr-local'
import type { PullRequestProvider } from '@lg/pull-request'
import { createScheme, defineKind, objectKey, type Kind, type ObjectKey, type ObjectOf } from '@lg/runtime'
import { createSerializer } from '@lg/serializer'
import {
  createBareRepository,
  createGitHttpServer,
  createRecordingLogger,
  createTree,
  type BareRepository,
  type GitHttpServer,
  type RecordingLogger,
  type Tree,
} from '@lg/test-kit'
import { z } from 'zod'
import {
  createGitStorage,
  type GitStorage,
  type GitStorageOptions,
  type TransactionOutcome,
} from '../src/index.ts'

const schema = z.object({
  apiVersion: z.literal('example.org/v1'),
  kind: z.literal('Car'),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  spec: z.object({ brand: z.string(), color: z.string().optional() }),
  status: z
    .object({ speed: z.number(), distance: z.union([z.number(), z.bigint()]) })
    .partial()
    .optional(),
})

export type Car = ObjectOf<typeof schema>

export const carKind: Kind<Car> = defineKind({
  group: 'example.org',
  version: 'v1',
  kind: 'Car',
  scope: 'namespaced',
  schema,
})

export const carKey = (name: string, namespace = 'default'): ObjectKey =>
  objectKey({ group: 'example.org', kind: 'Car', namespace, name })

export const carText = (name: string, brand = 'SAAB'): string => `# ${name} is dear to us.
apiVersion: example.org/v1
kind: Car
metadata:
  name: ${name}   # its name
spec:
  brand: ${brand} # its brand
status:
  speed: 1.5
  distance: 12176941420362965433
`

export const newCar = (name: string): Car => ({
  apiVersion: 'example.org/v1',
  kind: 'Car',
  metadata: { name },
  spec: { brand: 'Volvo' },
})

/** A storage over a clone of a real remote. */
export interface Fleet {
  readonly remote: BareRepository
  readonly server: GitHttpServer
  readonly directory: GitDirectory
  readonly storage: GitStorage
  readonly provider: PullRequestProvider
  readonly logger: RecordingLogger
  /** Another storage with a clone of its own on the same remote; a given folder is kept, and can be used again. */
  second(dir?: string, options?: Partial<GitStorageOptions>): Promise<GitStorage>
  readonly tree: Tree
  /** Changes the speed of a car in a transaction to the base. */
  drive(speed: number, name?: string): Promise<TransactionOutcome>
  close(): Promise<void>
}

export const fleetFiles: Readonly<Record<string, string>> = {
  'README.md': 'Not a manifest.\n',
  'cars/foo.yaml': carText('foo'),
  'cars/pair.yaml': `${carText('left')}---\n${carText('right')}`,
}

export async function createFleet(
  files: Readonly<Record<string, string>> = fleetFiles,
  options: Partial<GitStorageOptions> = {},
): Promise<Fleet> {
  const tree = await createTree({})
  const remote = await createBareRepository({ dir: tree.path('cars.git'), files })
  const server = await createGitHttpServer({
    root: tree.path('.'),
    accounts: [{ user: 'bot', token: 't0ken' }],
  })
  const logger = createRecordingLogger()
  const opened: { close(): Promise<void> }[] = []

  const open = async (dir?: string, more: Partial<GitStorageOptions> = {}) => {
    const directory = createGitDirectory({
      ...(dir !== undefined && { dir }),
      git: createGitCli(),
      repository: parseRepositoryReference(server.url('cars.git')),
      auth: createHttpsCredentials({ username: 'bot', password: 't0ken' }),
      interval: 60_000,
      worktree: false,
      logger,
    })
    const provider = createLocalProvider({
      git: () => directory.repository,
      identity: { name: 'lg', email: 'lg@localhost' },
    })
    const scheme = createScheme()
    scheme.register(carKind)
    const storage = createGitStorage({
      gitDirectory: directory,
      serializer: createSerializer({ scheme }),
      pullRequests: provider,
      pathTemplate: 'cars/{namespace}/{name}.yaml',
      logger,
      ...options,
      ...more,
    })
    opened.push(storage, directory)
    if (dir !== undefined) {
      const { close } = storage
      storage.close = async () => {
        await close()
        await directory.close()
      }
    }
    await storage.start()
    return { directory, provider, storage }
  }

  const first = await open()
  return {
    remote,
    server,
    logger,
    ...first,
    drive: (speed, name = 'foo') =>
      first.storage.transaction('drive-', async (tx) => {
        const car = await tx.get<Car>(carKey(name))
        car.status = { ...car.status, speed }
        await tx.update(car)
        return { target: 'base', title: `Drive ${name} at ${speed}` }
      }),
    tree,
    second: async (dir, more) => (await open(dir, more)).storage,
    async close() {
      for (const resource of opened) await resource.close()
      await server.close()
      await tree.close()
    },
  }
}
