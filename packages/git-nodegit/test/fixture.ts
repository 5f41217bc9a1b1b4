import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseRepositoryReference } from '@lg/git'
import type { Credentials, FileChange, GitRepository, Oid } from '@lg/git'
import { createNodeGit } from '@lg/git-nodegit'
import type { NodeGitOptions } from '@lg/git-nodegit'
import { createBareRepository } from '@lg/test-kit'
import type { BareRepository } from '@lg/test-kit'
import { onTestFinished } from 'vitest'
import { folder } from './build.ts'

/** A folder of the test, removed after it. */
export async function createFolder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'git-nodegit-test-'))
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

export interface OpenCars {
  readonly root: string
  readonly url?: string
  readonly credentials?: Credentials | undefined
  readonly options?: NodeGitOptions
  readonly dir?: string
}

/** A store of that remote, closed after the test. */
export async function openCars({ root, url, credentials, options, dir }: OpenCars): Promise<GitRepository> {
  const repository = await createNodeGit({ module: folder, ...options }).open({
    dir: dir ?? join(root, 'store'),
    remote: parseRepositoryReference(url ?? join(root, 'cars.git')),
    credentials,
  })
  onTestFinished(() => repository.close())
  return repository
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
