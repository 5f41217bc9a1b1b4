import type { CallOptions } from '@lg/runtime'
import type { Commit, CommitHeaders, FileChange, Signature, TreeChange, TreeEntry } from './commit.ts'
import type { Credentials } from './credentials.ts'
import type { Oid } from './oid.ts'
import type { RepositoryReference } from './repository-reference.ts'

/**
 * Knows how to open local repositories that follow a remote.
 * Implementations must pass `gitConformance` of `@lg/git/testing`.
 */
export interface Git {
  /** Name of the engine for messages: `git 2.39.5`, `libgit2`. */
  readonly name: string
  readonly capabilities: GitCapabilities
  /**
   * Opens the bare store in `dir`, creating it when the directory is absent or empty. Nothing is fetched.
   * The store's own configuration is rewritten, so nothing that somebody left in it can run or redirect.
   * One owner a directory: it is locked until `close()`, also against other processes, and what a killed
   * owner left behind (lock files, half packs, `refs/lg/tx/*`) is swept.
   *
   * @throws {LgError} `DIRECTORY_IN_USE`, `DIRECTORY_NOT_OURS`, `INVALID_CREDENTIALS`, `ENGINE_UNAVAILABLE`.
   */
  open(options: OpenOptions): Promise<GitRepository>
}

/** What an engine can do; asking for the rest is refused with `UNSUPPORTED`. */
export interface GitCapabilities {
  /** A push can demand the value that the remote ref must have. */
  readonly pushExpected: boolean
  /** Several refs are pushed all or none. */
  readonly pushAtomic: boolean
  /** A fetch can leave out old history (`depth`). */
  readonly shallow: boolean
  /** A store can leave out file contents until they are read (`filter`). */
  readonly partial: boolean
  /** A store can be packed, and freed of what nothing refers to. */
  readonly gc: boolean
  /** Two commits can be merged without a worktree. */
  readonly merge: boolean
}

export interface OpenOptions extends CallOptions {
  /** Absolute path of the bare store. */
  readonly dir: string
  /** The remote; without one the store is local only, and remote calls are `UNSUPPORTED`. */
  readonly remote?: RepositoryReference | undefined
  /** Without credentials only what the remote gives to everybody. */
  readonly credentials?: Credentials | undefined
  /**
   * `blob:none`: fetches bring history and folders only, and each file's content comes when it is first read. Needs the
   * remote then, and a remote that offers it (others send everything). Give the same at every open of a store.
   * Default: all content. `UNSUPPORTED` without the capability `partial`.
   */
  readonly filter?: 'blob:none' | undefined
  /** Milliseconds that one step of a call may take, in place of the engine's own limits. */
  readonly timeout?: number | undefined
  /** Accept a bare repository that lg did not make, and leave its configuration alone. Default false. */
  readonly foreign?: boolean | undefined
}

/** Objects, refs and the remote of one repository. No branch is ever checked out in it. */
export interface GitRepository extends GitObjects, GitRefs, GitRemote, GitWorktree {
  readonly dir: string
  /**
   * Packs the store and removes what no ref has led to for `grace`, at low priority. Calls under way go on, and so do
   * new ones. Commits that a ref left within `grace`, as far as this owner saw it, stay. Runs one at a time.
   *
   * @throws {LgError} `UNSUPPORTED` without the capability, and for a `foreign` store.
   */
  gc(options?: GcOptions): Promise<void>
  /** Ends every process and frees the lock. Calls under way reject with `CLOSED`. Idempotent. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface GcOptions extends CallOptions {
  /** Milliseconds for which an object is kept that nothing refers to. Default one day. */
  readonly grace?: number | undefined
}

/**
 * Immutable things, by name. Any number of calls may run at once. An object that is damaged on disk is fetched anew
 * where the engine can; else the call fails with `OBJECT_CORRUPT`.
 */
export interface GitObjects {
  /** @throws {LgError} `OBJECT_NOT_FOUND` also when the object is no commit. */
  readCommit(oid: Oid, options?: CallOptions): Promise<Commit>
  /**
   * @param options.limit refuse larger blobs; bytes. Default: none.
   * @throws {LgError} `OBJECT_NOT_FOUND`, `BLOB_TOO_LARGE`.
   */
  readBlob(oid: Oid, options?: CallOptions & { readonly limit?: number }): Promise<Uint8Array>
  /** Blobs in the order asked for, one at a time, read ahead within a bound. A missing one throws. */
  readBlobs(
    oids: Iterable<Oid>,
    options?: CallOptions,
  ): AsyncIterable<{ readonly oid: Oid; readonly bytes: Uint8Array }>
  /** Every file below `under` (default: the root), ordered by path. A path that is not there has no files. */
  listTree(commit: Oid, options?: CallOptions & { readonly under?: string }): Promise<readonly TreeEntry[]>
  /** One path of a commit, or `undefined` when no file is there. */
  findEntry(commit: Oid, path: string, options?: CallOptions): Promise<TreeEntry | undefined>
  /** What differs between two commits, ordered by path; `undefined` stands for the empty tree. */
  diffTrees(
    from: Oid | undefined,
    to: Oid,
    options?: CallOptions & { readonly under?: string },
  ): Promise<readonly TreeChange[]>
  /** The name that this repository gives to `bytes` as a blob, without storing it. */
  hashBlob(bytes: Uint8Array): Oid
  /**
   * Stores a commit: the tree of the first parent (or the empty tree) with `changes` applied. No ref moves.
   * Paths are checked first (`INVALID_PATH`): no empty, `.`, `..`, `.git` or NUL part, no file where a folder is
   * unless every file of that folder is deleted by the same call, and the other way round.
   * The same input gives the same name.
   */
  createCommit(commit: NewCommit, options?: CallOptions): Promise<Oid>
  /**
   * Merges two commits by their best common ancestor and stores a merge commit with both as parents.
   *
   * @throws {LgError} `MERGE_CONFLICT` with the paths; `UNSUPPORTED` without the capability.
   */
  mergeCommits(merge: NewMerge, options?: CallOptions): Promise<Oid>
  /** @throws {LgError} `HISTORY_INCOMPLETE` when a shallow store cannot tell. */
  mergeBase(a: Oid, b: Oid, options?: CallOptions): Promise<Oid | undefined>
  /** @throws {LgError} `HISTORY_INCOMPLETE` when a shallow store cannot tell. */
  isAncestor(ancestor: Oid, descendant: Oid, options?: CallOptions): Promise<boolean>
  /**
   * Commits reachable from `from` and not from `exclude`, newest first, parents after children.
   *
   * @param options.paths only commits that change one of these files or folders.
   * @throws {LgError} `HISTORY_INCOMPLETE` after the last commit that is here, when a shallow store ends before the
   *   history does.
   */
  log(from: Oid, options?: LogOptions): AsyncIterable<Commit>
}

export interface LogOptions extends CallOptions {
  readonly exclude?: Oid | undefined
  readonly paths?: readonly string[] | undefined
  readonly limit?: number | undefined
  readonly firstParent?: boolean | undefined
}

export interface NewCommit {
  readonly parents: readonly Oid[]
  readonly changes: readonly FileChange[]
  readonly author: Signature
  /** Default: the author. */
  readonly committer?: Signature | undefined
  readonly message: string
  /**
   * More headers of the commit object, which git keeps and does not show: they make two commits with the same content
   * different ones. Names of letters, digits and `-`; values of one line. A function makes them for the tree that the
   * commit gets.
   */
  readonly headers?: CommitHeaders | ((tree: Oid) => CommitHeaders) | undefined
  /**
   * Signs the commit: gets its bytes without the signature, and gives this in armor. An engine that cannot carry one
   * refuses with `UNSUPPORTED`.
   */
  readonly sign?: ((commit: Uint8Array) => Promise<string>) | undefined
}

export interface NewMerge extends Omit<NewCommit, 'parents' | 'changes'> {
  readonly ours: Oid
  readonly theirs: Oid
}

/** A commit's files on disk, for programs that read files. */
export interface GitWorktree {
  /**
   * Makes the folder `dir` show exactly the files of `commit` (below `under`, default all). Touches only files
   * that differ from what the last call put there, or that somebody changed since; a file is replaced by
   * renaming, so a reader sees the old or the new one.
   */
  updateWorktree(worktree: WorktreeUpdate, options?: CallOptions): Promise<void>
}

export interface WorktreeUpdate {
  readonly dir: string
  readonly commit: Oid
  /** Only the files of this folder of the repository; their paths stay whole. */
  readonly under?: string | undefined
}

/** Names in the local store. */
export interface GitRefs {
  /**
   * The commit that a full ref, branch, tag or object name (also a unique short one) means here; annotated
   * tags are peeled. Branches are looked up among those of the remote.
   *
   * @throws {LgError} `REF_NOT_FOUND`, `REF_AMBIGUOUS`, `INVALID_REF`.
   */
  resolve(revision: string, options?: CallOptions): Promise<Oid>
  /** Refs whose full name begins with `prefix`, ordered by name. */
  listRefs(prefix: string, options?: CallOptions): Promise<ReadonlyMap<string, Oid>>
  /**
   * Sets (`target`) or removes (`null`) one local ref, all at once.
   *
   * @param update.expected the value it must have now; `null`: it must not exist. Default: whatever it has.
   * @throws {LgError} `REF_CHANGED`, `INVALID_REF`, `OBJECT_NOT_FOUND`.
   */
  updateRef(update: RefUpdate, options?: CallOptions): Promise<void>
}

export interface RefUpdate {
  /** Full name: `refs/heads/main`. */
  readonly ref: string
  readonly target: Oid | null
  readonly expected?: Oid | null | undefined
}

/** Talks to the remote. Every call may fail with a connection or authentication code of `GitErrors`. */
export interface GitRemote {
  /** Branches, tags and other refs as the remote has them now, and the branch that its HEAD names. */
  remoteRefs(options?: CallOptions & { readonly prefixes?: readonly string[] }): Promise<RemoteRefs>
  /**
   * Brings refs and their objects over; forced updates are taken. Default: every branch, to
   * `refs/remotes/origin/*`, and branches that are gone there are removed here.
   *
   * @returns the refs that changed here.
   * @throws {LgError} `REF_NOT_FOUND` when a refspec without `*` names a ref that the remote does not have.
   */
  fetch(options?: FetchOptions): Promise<FetchResult>
  /**
   * Sets refs on the remote, all or none where the engine can (`pushAtomic`).
   *
   * @throws {LgError} `REF_CHANGED` when a ref is not as expected, or without `expected` when the push is no
   *   fast-forward; `PUSH_REJECTED`; `REMOTE_UNAVAILABLE` with `sent: true` when the outcome is unknown.
   */
  push(updates: readonly RefUpdate[], options?: CallOptions): Promise<void>
}

export interface RemoteRefs {
  /** Branch name that HEAD points to, also when that branch has no commit yet; absent when detached. */
  readonly head?: string | undefined
  readonly refs: ReadonlyMap<string, Oid>
}

export interface FetchOptions extends CallOptions {
  /** Git refspecs; `+refs/heads/main:refs/remotes/origin/main`. */
  readonly refspecs?: readonly string[] | undefined
  /** Remove refs here that match a refspec and are gone there. Default: only without `refspecs`. */
  readonly prune?: boolean | undefined
  /**
   * Commits of history to bring, from each tip. Default: in a new store all, later what is new. `Infinity` also brings
   * what earlier fetches left out. `UNSUPPORTED` without the capability `shallow`.
   */
  readonly depth?: number | undefined
  /** Bytes received and objects done, a few times a second. */
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined
}

export interface FetchProgress {
  readonly phase: string
  readonly done: number
  readonly total?: number | undefined
  /** Received so far in this phase, where the engine tells. */
  readonly bytes?: number | undefined
}

export interface FetchResult {
  readonly changed: readonly {
    readonly ref: string
    readonly before: Oid | null
    readonly after: Oid | null
  }[]
}
