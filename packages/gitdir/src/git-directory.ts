import type {
  Commit,
  FileChange,
  GcOptions,
  GitRepository,
  Oid,
  Person,
  RepositoryReference,
  Signature,
} from '@lg/git'
import type { CallOptions } from '@lg/runtime'
import type { Observable } from 'rxjs'
import type { BranchUpdate } from './branch-head.ts'
import type { HealthReport } from './health.ts'
import type { BranchMove } from './tracked-branches.ts'

/**
 * A clone of one repository that stays in step with one branch of its remote.
 *
 * Any number of calls may run at once. Besides the codes named here, calls that talk to the remote reject with
 * the connection and authentication codes of `GitErrors`, `TIMEOUT` when one git operation took longer than
 * allowed, and `CLOSED` after `close()`. All but `start`, `close`, `notify`, `commits`, `updates` and `health`
 * need a successful `start()` and fail with `NOT_STARTED` before.
 */
export interface GitDirectory {
  /** Absolute path of the folder that holds the clone. A temporary one exists once started. */
  readonly dir: string
  /** True when the folder was given, and stays after `close()`; a temporary one goes. */
  readonly isKept: boolean
  /** Folder with the files of `head`, or `undefined` without the option `worktree`. Exists once started. */
  readonly worktree: string | undefined
  /** The remote without secrets, for messages. */
  readonly remote: string
  /** The remote in parts: what a pull request provider takes. */
  readonly reference: RepositoryReference
  /** True without credentials, unless the remote is a local path: `push` is refused with `READ_ONLY`. */
  readonly readOnly: boolean
  /**
   * The branch followed: the one asked for, else the one that the remote's HEAD names. When a default branch
   * vanishes (it was renamed), HEAD is looked at again.
   *
   * @throws {LgError} `NOT_STARTED`; `REPOSITORY_EMPTY` while an empty remote does not tell its default branch.
   */
  readonly branch: string
  /** The folder of the repository that this is about; `undefined` for all of it. */
  readonly under: string | undefined
  /** Where the branches are that are kept current, by name: with the option `branches`, else none. Exists once started. */
  readonly branches: ReadonlyMap<string, Oid>
  /** The commit in step with; `undefined` before the start and for a repository without commits. */
  readonly head: Commit | undefined
  /** The opened store, for reading objects at any commit. It is closed together with the directory. */
  readonly repository: GitRepository
  readonly health: HealthReport

  /**
   * Opens the store, fetches, reports the first commit and starts pulling in the background. Again: no effect.
   * A failed start leaves nothing behind and can be tried again. The one exception: an empty repository starts,
   * is reported as degraded with `REPOSITORY_EMPTY`, and gets its first commit when somebody pushes one.
   *
   * @throws {LgError} `BRANCH_NOT_FOUND`, `DEFAULT_BRANCH_UNKNOWN`, `DIRECTORY_IN_USE`, `DIRECTORY_NOT_OURS`, and
   *   what the engine reports about remote and credentials.
   */
  start(options?: CallOptions): Promise<void>
  /**
   * Brings the head in step with the remote now. Never answers with a state older than the call: a fetch that
   * runs already is not shared, the one after it is.
   *
   * @throws {LgError} `REPOSITORY_EMPTY`, `BRANCH_NOT_FOUND`.
   */
  pull(options?: CallOptions): Promise<Commit>
  /** The head, as fresh as asked for. `pull` is `ensureFresh('fetch')`. */
  ensureFresh(freshness: Freshness, options?: CallOptions): Promise<Commit>
  /**
   * The head at the time of subscribing, then each new one; completes on `close()`. An error thrown by a
   * subscriber is reported as RxJS does for every unhandled error, and stops neither other subscribers nor the
   * directory.
   */
  commits(): Observable<Commit>
  /** As `commits()`, with the branch and how it came to the commit: fast-forward or rewritten. */
  updates(): Observable<BranchUpdate>
  /** Each change of `branches` from the subscription on; completes on `close()`. */
  branchMoves(): Observable<BranchMove>
  /** The remote may have something new (a webhook came): pulls soon. Without effect before the start and after the end. */
  notify(): void
  /**
   * Holds off background pulls and waits for the operation that runs. Calls are counted: each needs its own
   * `resume()`. What is asked for explicitly (`pull`, `ensureFresh`, `push`) still runs.
   */
  suspend(options?: CallOptions): Promise<void>
  /**
   * Takes one `suspend` back. A pull that came due meanwhile follows at once.
   *
   * @throws {LgError} `NOT_SUSPENDED`.
   */
  resume(): void
  /**
   * Stores a commit in the clone. No branch moves and nothing is sent; `push` does that.
   *
   * @returns the commit, or `undefined` when the changes leave every file as it is.
   * @throws {LgError} `INVALID_PATH` also for a path outside `under`.
   */
  commit(commit: DirectoryCommit, options?: CallOptions): Promise<Oid | undefined>
  /**
   * Sets a branch of the remote to a commit. The branch followed moves along here and is reported.
   *
   * With `expected` the branch must have exactly that commit (`null`: must not exist), and may be rewritten;
   * without, only a fast-forward is taken. A push that was aborted, timed out or lost its connection may have
   * arrived nevertheless.
   *
   * @throws {LgError} `READ_ONLY`, `REF_CHANGED` when somebody else was first, `PUSH_REJECTED`, `INVALID_REF`.
   */
  push(commit: Oid, branch: string, options?: PushOptions): Promise<void>
  /**
   * Packs the store now, at low priority; all else goes on meanwhile. Background pulls do it by themselves, see the
   * option `gcInterval`. Not bounded by the option `timeout`.
   *
   * @throws {LgError} `UNSUPPORTED` when the engine cannot.
   */
  gc(options?: GcOptions): Promise<void>
  /**
   * Aborts what runs, ends the engine's processes, frees the folder (a temporary one is removed) and completes
   * the Observables. Again: the same promise.
   */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** How new an answer must be: fetched for this call, at most that many milliseconds ago, or whatever is here. */
export type Freshness = 'fetch' | { readonly maxAge: number } | 'local'

export interface DirectoryCommit {
  /** Commit to build on. Default: the head; without one the commit is the first of its history. */
  readonly base?: Oid | undefined
  readonly changes: readonly FileChange[]
  /** Without a time: now. Also the committer. */
  readonly author: Person | Signature
  /** Title, blank line, description. A final newline is added when missing. */
  readonly message: string
}

export interface PushOptions extends CallOptions {
  readonly expected?: Oid | null | undefined
}
