import { spawn } from 'node:child_process'
import { parseRepositoryReference } from '@lg/git'
import { createGitCli } from '@lg/git-cli'
import { createGitDirectory, type GitDirectory } from '@lg/gitdir'
import { createScheme, objectKey, type ObjectKey } from '@lg/runtime'
import { createSerializer } from '@lg/serializer'
import { createGitStorage, type GitStorage, type GitStorageOptions } from '@lg/storage-git'
import { createBareRepository, createTree, type BareRepository } from '@lg/test-kit'
import { z } from 'zod'

export const car = { group: 'example.org', kind: 'Car' }

export const keyOf = (index: number): ObjectKey =>
  objectKey({ ...car, namespace: `fleet-${index % 100}`, name: `car-${index}` })
export const pathOf = (index: number): string => `fleet-${index % 100}/car-${index}.yaml`
export const textOf = (index: number, speed = index % 200): string => `# Car number ${index}.
apiVersion: example.org/v1
kind: Car
metadata:
  name: car-${index}
  namespace: fleet-${index % 100}
  labels: { fleet: "${index % 100}" }
spec:
  engine: V8   # as ordered
  brand: SAAB
  yearModel: "${1990 + (index % 30)}"
status:
  speed: ${speed}
  acceleration: 3.7
  distance: ${10_000_000 + index}
`

/** A remote with that many objects, one a file, and a clone of it. */
export interface BenchRepository {
  readonly remote: BareRepository
  readonly directory: GitDirectory
  /** A bare clone that only git itself uses. */
  readonly plain: string
  open(options?: Partial<GitStorageOptions> & { readonly kept?: boolean }): Promise<GitStorage>
  close(): Promise<void>
}

export async function createBenchRepository(size: number): Promise<BenchRepository> {
  const tree = await createTree()
  const files = Object.fromEntries(Array.from({ length: size }, (_, index) => [pathOf(index), textOf(index)]))
  const remote = await createBareRepository({ dir: tree.path('cars.git'), files })
  const plain = tree.path('plain.git')
  await run(['clone', '--quiet', '--bare', '--no-local', remote.dir, plain])
  const directory = createGitDirectory({
    git: createGitCli(),
    repository: parseRepositoryReference(`file://${remote.dir}`),
    dir: tree.path('clone'),
    interval: 3_600_000,
    worktree: false,
  })
  await directory.start()
  const scheme = createScheme()
  const schema = z.looseObject({
    apiVersion: z.literal('example.org/v1'),
    kind: z.literal('Car'),
    metadata: z.looseObject({}),
  })
  scheme.register({ group: 'example.org', version: 'v1', kind: 'Car', scope: 'namespaced', schema })
  const serializer = createSerializer({ scheme })
  return {
    remote,
    directory,
    plain,
    async open({ kept = false, ...options } = {}) {
      const gitDirectory = withMembers(directory, { isKept: kept })
      return createGitStorage({ gitDirectory, serializer, strict: false, ...options } as GitStorageOptions)
    },
    async close() {
      await directory.close()
      await tree.close()
    },
  }
}

/** The directory with some of its members replaced. */
export function withMembers(directory: GitDirectory, members: Partial<GitDirectory>): GitDirectory {
  return new Proxy(directory, {
    get: (target, name) => Reflect.get(name in members ? members : target, name) as unknown,
  })
}

/** Runs git to its end; its output is read and dropped. */
export function run(args: readonly string[], input: string | Uint8Array = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { stdio: ['pipe', 'pipe', 'inherit'] })
    child.stdout.resume()
    child.on('error', reject)
    child.on('close', (status) =>
      status === 0 ? resolve() : reject(new Error(`git ${args.join(' ')} ended with ${status}`)),
    )
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
