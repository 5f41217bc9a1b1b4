import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseRepositoryReference } from '@lg/git'
import type { Credentials, FileChange, Git, GitRepository, Oid } from '@lg/git'
import { createBareRepository } from '@lg/test-kit'
import type { BareRepository } from '@lg/test-kit'
import { onTestFinished } from 'vitest'

/** A folder of the test, removed after it. */
export async function createFolder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'git-test-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  return root
}

/** A remote with two commits on `main`, at `<root>/cars.git`. */
export async function createCars(root: string): Promise<BareRepository> {
  const dir = join(root, 'cars.git')
  const cars = await createBareRepository({ dir, files: { 'cars/a.yaml': 'speed: 1\n' } })
  await cars.commit({ files: { 'cars/b.yaml': 'speed: 2\n' } })
  return cars
}

export interface OpenCars<Options> {
  readonly root: string
  readonly url?: string
  readonly credentials?: Credentials | undefined
  readonly options?: Options
  readonly dir?: string
}

/** Opens a store of that remote, which is closed after the test. */
export type Opener<Options> = (request: OpenCars<Options>) => Promise<GitRepository>

export function createOpener<Options>(createGit: (options?: Options) => Git): Opener<Options> {
  return async ({ root, url, credentials, options, dir }) => {
    const repository = await createGit(options).open({
      dir: dir ?? join(root, 'store'),
      remote: parseRepositoryReference(url ?? join(root, 'cars.git')),
      credentials,
    })
    onTestFinished(() => repository.close())
    return repository
  }
}

export function write(path: string, text: string): FileChange {
  return { type: 'write', path, content: new TextEncoder().encode(text) }
}

export function commit(
  repository: GitRepository,
  parents: readonly Oid[],
  ...changes: FileChange[]
): Promise<Oid> {
  const author = { name: 'Ada', email: 'ada@example.com', time: 1_700_000_000_000 }
  return repository.createCommit({ parents, changes, author, message: 'Change cars' })
}

/** The error that a call rejects with. */
export async function failure(
  call: Promise<unknown>,
): Promise<Error & { readonly code: string; readonly details: object }> {
  try {
    await call
  } catch (error) {
    return error as Error & { readonly code: string; readonly details: object }
  }
  throw new Error('The call was expected to reject')
}
