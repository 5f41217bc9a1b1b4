import type { Credentials } from '../credentials.ts'
import type { FileChange, FileMode, Signature } from '../commit.ts'
import type { Git, GitRepository } from '../git.ts'
import type { Oid } from '../oid.ts'
import type { RepositoryReference } from '../repository-reference.ts'

/** What an adapter lends to the suite: itself, and real remotes. */
export interface GitHarness {
  readonly git: Git
  /** An absolute path where nothing is yet. */
  newDir(): Promise<string>
  /** A new remote whose HEAD names `main`; with `files`, a commit of them on that branch. */
  newRemote(files?: Readonly<Record<string, string>>): Promise<GitRemoteHarness>
  /** Every file below a folder on disk, by path with `/`. */
  readFiles(dir: string): Promise<Readonly<Record<string, FileOnDisk>>>
  /** Writes a file on disk as somebody else would, with its folders. */
  writeFile(dir: string, path: string, content: string): Promise<void>
  /** Frees all that it made. */
  close(): Promise<void>
}

export interface FileOnDisk {
  /** Of a symlink: where it points to. */
  readonly content: string
  readonly mode: FileMode
  /** The same for as long as nobody has written the file or put another in its place. */
  readonly identity: string
}

export interface GitRemoteHarness {
  readonly reference: RepositoryReference
  readonly credentials?: Credentials | undefined
  /** Credentials of the right kind that the remote does not accept; absent when it asks for none. */
  readonly wrongCredentials?: Credentials | undefined
  /** A repository of the same server that does not exist. */
  readonly missing: RepositoryReference
  readonly observer: RemoteObserver
}

/** What somebody else sees and does on the remote, by other means than the engine under test. */
export interface RemoteObserver {
  /** Object name by full ref name, HEAD left out. */
  refs(): Promise<Readonly<Record<string, Oid>>>
  readFile(ref: string, path: string): Promise<string>
  listFiles(ref: string): Promise<readonly string[]>
  /** A commit of another developer; `null` deletes a file. The branch is created from HEAD's when it is missing. */
  commit(request: {
    readonly branch?: string
    readonly files: Readonly<Record<string, string | null>>
    readonly message?: string
  }): Promise<Oid>
  /** Replaces the last commit of a branch. */
  forcePush(request: {
    readonly branch?: string
    readonly files: Readonly<Record<string, string | null>>
  }): Promise<Oid>
  deleteBranch(branch: string): Promise<void>
  setHead(branch: string): Promise<void>
  /** From now on refuses every push with these words, or with `null` no longer. */
  refusePushes(words: string | null): Promise<void>
  /** What is wrong with the objects there; empty when all is well. */
  fsck(): Promise<readonly string[]>
}

/** One promise of the port. Its id is API: waivers name it. */
export interface GitCase {
  readonly id: string
  readonly title: string
  run(suite: GitSuite): Promise<void>
}

/** What the cases work with. */
export interface GitSuite extends GitHarness {
  /** A store in a new directory, with the remote's commits; closed after the case. */
  open(remote?: GitRemoteHarness): Promise<GitRepository>
}

export const ada: Signature = {
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  time: 1_700_000_000_000,
  offset: 90,
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function text(content: Uint8Array): string {
  return new TextDecoder().decode(content)
}

export function write(path: string, content: string): FileChange {
  return { type: 'write', path, content: bytes(content) }
}

export function remove(path: string): FileChange {
  return { type: 'delete', path }
}

/** A commit by Ada. */
export function commitFiles(
  repository: GitRepository,
  parents: readonly Oid[],
  changes: readonly FileChange[],
  message = 'Change files',
): Promise<Oid> {
  return repository.createCommit({ parents, changes, author: ada, message })
}

/** Path and content of every file, to compare in one go. */
export async function contents(
  repository: GitRepository,
  commit: Oid,
): Promise<Readonly<Record<string, string>>> {
  const entries = await repository.listTree(commit)
  const files: [string, string][] = []
  for (const { path, oid } of entries) files.push([path, text(await repository.readBlob(oid))])
  return Object.fromEntries(files)
}

/** A name that no object has. */
export function noObject(like: Oid): Oid {
  return 'deadbeef'.repeat(like.length / 8)
}
