import { checkBranchName, type Commit, type Person } from '@lg/git'
import { gitDirectoryErrors } from '@lg/gitdir'
import { keyOf, silentLogger, systemClock, systemRandom, type CallOptions } from '@lg/runtime'
import { createStorage, observeEvents, type ReadStorage, type Storage } from '@lg/storage'
import { createPathRules, createPlacement } from '@lg/storage-raw'
import { completeBranchName } from './branch-name.ts'
import { createCommitRawStorage } from './commit-raw-storage.ts'
import { changedPaths, type CommitState } from './commit-state.ts'
import { createCommitStates } from './commit-states.ts'
import { storageGitErrors } from './errors.ts'
import type { GitStorage, GitStorageOptions } from './git-storage.ts'
import { openPullRequest } from './open-pull-request.ts'
import { createOwnCommits } from './own-commits.ts'
import { runTransaction, type Staged } from './run-transaction.ts'
import { createTransactionScope } from './transaction-scope.ts'
import { createWatches } from './watches.ts'

const defaultAuthor: Person = { name: 'lg', email: 'lg@localhost' }

/**
 * A storage on a Git directory. `start()` starts the directory too, if need be; `close()` ends watches and
 * transactions, and leaves the directory open for others: who made it closes it.
 *
 * @example
 * ```ts
 * const gitDirectory = createGitDirectory({ git: createGitCli(), repository, auth })
 * const storage = createGitStorage({ gitDirectory, serializer: createSerializer({ scheme }) })
 * await storage.start()
 * const cars = await storage.list(carKind)
 * ```
 */
export function createGitStorage(options: GitStorageOptions): GitStorage {
  const { gitDirectory, serializer, identifiers, author = defaultAuthor, pullRequests: provider } = options
  const { clock = systemClock, random = systemRandom, logger = silentLogger } = options
  const { recognize } = serializer
  const rules = createPathRules(options)
  const place = createPlacement(options.pathTemplate)
  const tools = () => ({ repository: gitDirectory.repository, recognize, rules })
  const states = createCommitStates(tools)
  const storages = new WeakMap<CommitState, Storage>()
  const own = createOwnCommits()
  const scope = createTransactionScope()
  const closing = new AbortController()

  const layer = (state: CommitState, writable: boolean) => {
    const { files, raw } = createCommitRawStorage({ ...tools(), state, writable, place, logger })
    return { files, storage: createStorage({ raw, serializer, identifiers, logger }) }
  }
  const storageOf = (state: CommitState): Storage => {
    const known = storages.get(state) ?? layer(state, false).storage
    storages.set(state, known)
    return known
  }
  const headNow = (): Commit => {
    if (gitDirectory.head !== undefined) return gitDirectory.head
    const reason = 'the branch has no commit yet, or start() was not awaited'
    throw storageGitErrors.create('NOT_READY', `Nothing to read from ${gitDirectory.remote}: ${reason}`, {
      reason,
    })
  }
  /** Every read runs on one commit from start to end, whatever the head does meanwhile. */
  const current = async (call: CallOptions = {}): Promise<Storage> => {
    if (closing.signal.aborted) throw closing.signal.reason
    return storageOf(await states.of(headNow().oid, call))
  }

  const watches = createWatches({
    gitDirectory,
    stateOf: (commit, call) => states.of(commit, call),
    storageOf,
    originOf: own.originOf,
    changedPaths: (from, to, call) => changedPaths(tools(), from, to, call),
  })

  const context = {
    gitDirectory,
    serializer,
    provider,
    author,
    clock,
    random,
    logger,
    remember: own.add,
    async stage(base: Commit, call: CallOptions): Promise<Staged> {
      const { files, storage } = layer(await states.of(base.oid, call), true)
      return { storage, changes: () => files.changes() }
    },
  }

  const reads: Pick<ReadStorage, ForwardedReads> = {
    read: async (key, call) => (await current(call)).read(key, call),
    get: async (key, call) => (await current(call)).get(key, call),
    getMeta: async (key, call) => (await current(call)).getMeta(key, call),
    list: (async (kind: never, call: never) => (await current(call)).list(kind, call)) as ReadStorage['list'],
    listMeta: async (kind, call) => (await current(call)).listMeta(kind, call),
    find: async (kind, call) => (await current(call)).find(kind, call),
    checksum: async (key, call) => (await current(call)).checksum(key, call),
    count: async (kind, call) => (await current(call)).count(kind, call),
    kinds: async (call) => (await current(call)).kinds(call),
    problems: async (call) => (await current(call)).problems(call),
    keyOf: (object) => keyOf(object, { scopes: serializer.scheme }),
  }

  const close = async (): Promise<void> => {
    if (closing.signal.aborted) return
    closing.abort(
      storageGitErrors.create('CLOSED', `The storage of ${gitDirectory.remote} is closed`, {
        remote: gitDirectory.remote,
      }),
    )
    watches.close()
  }

  return {
    ...reads,
    get commit() {
      return headNow().oid
    },
    start: (call) => gitDirectory.start(call),
    async at(revision, call) {
      return storageOf(await states.of(await gitDirectory.repository.resolve(revision, call), call))
    },
    async transaction(name, change, transactionOptions = {}) {
      const { signal } = transactionOptions
      const completed = completeBranchName(name, random)
      checkBranchName(completed)
      if (gitDirectory.readOnly) {
        const { remote } = gitDirectory
        throw gitDirectoryErrors.create(
          'READ_ONLY',
          `${remote} is read without credentials; pass auth to write`,
          {
            remote,
          },
        )
      }
      return scope.run(completed, () =>
        runTransaction(context, {
          name: completed,
          change,
          signal: signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]),
          options: transactionOptions,
        }),
      )
    },
    resumePullRequest: (failure, call) => openPullRequest(provider, failure, call),
    watch: watches.watch,
    events: (watchOptions) => observeEvents(watches.watch, watchOptions),
    async sync(call) {
      await gitDirectory.pull(call)
      await watches.delivered(call)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

type ForwardedReads =
  | 'read'
  | 'get'
  | 'getMeta'
  | 'list'
  | 'listMeta'
  | 'find'
  | 'checksum'
  | 'count'
  | 'kinds'
  | 'problems'
  | 'keyOf'
