import { setMaxListeners } from 'node:events'
import { checkBranchName, type Commit, type Oid, type Person } from '@lg/git'
import { gitDirectoryErrors } from '@lg/gitdir'
import { keyOf, silentLogger, systemClock, systemRandom, type CallOptions, type Random } from '@lg/runtime'
import { createObjectCache, createStorage, observeEvents, type ReadStorage } from '@lg/storage'
import { createPathRules, createPlacement } from '@lg/storage-raw'
import { applyObjects, type ApplyTools } from './apply-plan.ts'
import { completeBranchName } from './branch-name.ts'
import { createCommitRawStorage } from './commit-raw-storage.ts'
import { changedPaths, type CommitState } from './commit-state.ts'
import { createCommitStates } from './commit-states.ts'
import type { Layer } from './document-state.ts'
import { storageGitErrors } from './errors.ts'
import { forwardReads } from './forward-reads.ts'
import type { GitStorage, GitStorageOptions, TransactionOptions } from './git-storage.ts'
import { createHistoryReads } from './history-reads.ts'
import { createIndexStore, type IndexStore } from './index-store.ts'
import { openPullRequest } from './open-pull-request.ts'
import { createOwnCommits } from './own-commits.ts'
import { createOrderKeeper, type OrderKeeper } from './policy/keep-order.ts'
import { resolveRevision } from './resolve-revision.ts'
import { revertTitle } from './revert.ts'
import { runTransaction } from './run-transaction.ts'
import type { TransactionContext, TransactionRequest } from './transaction-context.ts'
import type { TransactionOutcome } from './transaction-result.ts'
import { createTransactionScope } from './transaction-scope.ts'
import { createTurns } from './turns.ts'
import { createWatches } from './watches.ts'

/** All that decides which objects a file holds, for an index that outlives the process. */
function recognition({ serializer, include, exclude }: GitStorageOptions): string {
  const kinds = serializer.scheme.kinds().map(({ group, kind, scope }) => `${group}/${kind} ${scope}`)
  return JSON.stringify({ include, exclude, kinds: [...new Set(kinds)].sort() })
}

const defaultAuthor: Person = { name: 'lg', email: 'lg@localhost' }
/** For how long a callback that runs again holds up the others. Milliseconds. */
const turnPatience = 10_000

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
  const {
    clock = systemClock,
    random = systemRandom,
    logger = silentLogger,
    unstructured = false,
    onStep,
  } = options
  const { recognize, scheme } = serializer
  const rules = createPathRules(options)
  const place = createPlacement(options.pathTemplate)
  const tools = () => ({ repository: gitDirectory.repository, recognize, rules })
  let store: IndexStore | undefined
  const states = createCommitStates({
    tools,
    store() {
      if (!gitDirectory.isKept) return undefined
      store ??= createIndexStore({
        dir: gitDirectory.dir,
        purpose: recognition(options),
        random,
        logger,
        onStep,
      })
      return store
    },
  })
  const layers = new WeakMap<CommitState, Layer>()
  const cache = createObjectCache({ size: options.cacheSize })
  const own = createOwnCommits()
  const scope = createTransactionScope()
  const closing = new AbortController()

  const layer = (state: CommitState, writable: boolean): Layer => {
    const { files, raw } = createCommitRawStorage({ ...tools(), state, writable, place, logger })
    const storage = createStorage({ raw, serializer, identifiers, unstructured, cache, logger })
    return { files, raw, storage }
  }
  const pinned = (state: CommitState): Layer => {
    const known = layers.get(state) ?? layer(state, false)
    layers.set(state, known)
    return known
  }
  const headNow = (): Commit => {
    if (gitDirectory.head !== undefined) return gitDirectory.head
    const reason = 'the branch has no commit yet, or start() was not awaited'
    throw storageGitErrors.create('NOT_READY', `Nothing to read from ${gitDirectory.remote}: ${reason}`, {
      reason,
    })
  }
  const requireOpen = (): void => closing.signal.throwIfAborted()
  /** Every read runs on one commit from start to end, whatever the head does meanwhile. */
  const current = async (call: CallOptions = {}): Promise<ReadStorage> => {
    requireOpen()
    return pinned(await states.of(headNow().oid, call)).storage
  }
  const ownKeyOf: ReadStorage['keyOf'] = (object) => keyOf(object, { scopes: scheme })
  const resolve = (revision: string, call?: CallOptions): Promise<Oid> =>
    resolveRevision(gitDirectory, revision, call)

  const past = createHistoryReads({
    tools,
    serializer,
    stateOf: (commit, call) => states.of(commit, call),
    pinned,
  })
  const watches = createWatches({
    gitDirectory,
    stateOf: (commit, call) => states.of(commit, call),
    storageOf: (state) => pinned(state).storage,
    serves: (key) => unstructured || scheme.versionsOf(key).length > 0,
    originOf: own.originOf,
    changedPaths: (from, to, call) => changedPaths(tools(), from, to, call),
  })

  const order = createOrder(options, author, random)
  const context: TransactionContext = {
    gitDirectory,
    serializer,
    provider,
    order,
    author,
    hooks: options.hooks ?? {},
    sign: options.sign,
    clock,
    random,
    logger,
    onStep,
    turns: createTurns(clock, turnPatience),
    remember: own.add,
    stage: async (base, call) => layer(await states.of(base.oid, call), true),
    pinned: async (base, call) => pinned(await states.of(base.oid, call)),
    lastChange: past.lastChange,
    textOf: past.textOf,
  }

  const applyTools = (base: Commit): ApplyTools => ({
    serializer,
    lastChange: (stored, call) => past.lastChange(base, stored, call),
  })

  const run = async (
    name: string,
    change: TransactionRequest['change'],
    transactionOptions: TransactionOptions = {},
  ): Promise<TransactionOutcome> => {
    requireOpen()
    const { signal } = transactionOptions
    const completed = completeBranchName(name, random)
    checkBranchName(completed)
    if (gitDirectory.readOnly) {
      const { remote } = gitDirectory
      const message = `${remote} is read without credentials; pass auth to write`
      throw gitDirectoryErrors.create('READ_ONLY', message, { remote })
    }
    const ended = AbortSignal.any(signal === undefined ? [closing.signal] : [signal, closing.signal])
    // Every call of the transaction listens to it.
    setMaxListeners(0, ended)
    const request = {
      name: completed,
      key: name.replace(/-$/, ''),
      change,
      signal: ended,
      options: transactionOptions,
    }
    return await scope.run(completed, () => runTransaction(context, request))
  }

  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    const { remote } = gitDirectory
    closing.abort(storageGitErrors.create('CLOSED', `The storage of ${remote} is closed`, { remote }))
    watches.close()
    return states.close()
  }

  return {
    ...forwardReads(current, ownKeyOf),
    get commit() {
      return headNow().oid
    },
    start: (call) => gitDirectory.start(call),
    async at(revision, call) {
      requireOpen()
      const { storage } = pinned(await states.of(await resolve(revision, call), call))
      const open = async (): Promise<ReadStorage> => {
        requireOpen()
        return storage
      }
      // It holds nothing of its own: the commit's state is shared.
      const end = async (): Promise<void> => {}
      return { ...forwardReads(open, ownKeyOf), close: end, [Symbol.asyncDispose]: end }
    },
    transaction: (name, change, call) => run(name, (tx) => change(tx), call),
    apply: (plan, call = {}) =>
      run(
        plan.transaction,
        async (tx, staged, base) => {
          await applyObjects(staged, plan.objects, applyTools(base), { signal: tx.signal })
          return call.decision ?? plan.decision
        },
        call,
      ),
    async *history(key, call) {
      requireOpen()
      yield* past.history(headNow().oid, key, call)
    },
    async blame(key, path = [], call = {}) {
      requireOpen()
      return await past.blame(headNow().oid, key, path, call)
    },
    async revert(what, call = {}) {
      requireOpen()
      const revision = 'commit' in what ? what.commit : what.to
      const to = revision === undefined ? undefined : await resolve(revision, call)
      return await run(
        'revert-',
        async (tx, staged, base) => {
          const at = { base: base.oid, layer: staged, tx, to }
          await past.revert(what, at, applyTools(base), { signal: tx.signal })
          return call.decision ?? { target: 'base', title: revertTitle(what, to) }
        },
        call,
      )
    },
    resumePullRequest: (failure, call) => openPullRequest(provider, failure, call),
    async tidyPullRequests(call = {}) {
      requireOpen()
      if (order !== undefined) return await order.tidy(call)
      const option = 'pullRequestPolicy'
      const message = `There is no policy to keep pull requests in order by; pass ${option}`
      throw storageGitErrors.create('INVALID_OPTION', message, { option })
    },
    watch: watches.watch,
    events: (watchOptions) => observeEvents(watches.watch, watchOptions),
    async sync(call) {
      requireOpen()
      await gitDirectory.pull(call)
      await watches.delivered(call)
    },
    close: () => (closed ??= close()),
    [Symbol.asyncDispose]: () => (closed ??= close()),
  }
}

function createOrder(
  { gitDirectory, pullRequests: provider, pullRequestPolicy: policy }: GitStorageOptions,
  author: Person,
  random: Random,
): OrderKeeper | undefined {
  if (policy === undefined) return undefined
  if (provider !== undefined) return createOrderKeeper(policy, { gitDirectory, provider, author, random })
  const option = 'pullRequestPolicy'
  const message = `${option} is for pull requests, and the storage opens none; pass pullRequests`
  throw storageGitErrors.create('INVALID_OPTION', message, { option })
}
