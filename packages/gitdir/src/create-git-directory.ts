import { checkBranchName, gitErrors, type Commit } from '@lg/git'
import { distinctUntilChanged, map, Subject } from 'rxjs'
import { createBranchHead } from './branch-head.ts'
import { createDeadline } from './deadline.ts'
import { gitDirectoryErrors } from './errors.ts'
import type { GitDirectory } from './git-directory.ts'
import { createHealthCell } from './health.ts'
import { createLane } from './lane.ts'
import { createMeasure } from './metric.ts'
import { openSession, type Session } from './open-session.ts'
import { settle, type GitDirectoryOptions } from './options.ts'
import { createPacking } from './packing.ts'
import { runAll } from './run-all.ts'
import { createShared } from './shared.ts'
import { checkScope, sizeOf, storeCommit } from './store-commit.ts'
import { createTimer, retryDelay } from './timer.ts'
import type { BranchMove } from './tracked-branches.ts'

/**
 * Makes a Git directory; nothing happens before `start()`.
 *
 * @throws {LgError} `INVALID_OPTION`, `INVALID_REF`.
 *
 * @example
 * ```ts
 * const directory = createGitDirectory({
 *   git: createGitCli(),
 *   repository: parseRepositoryReference('https://git.example.org/fleet/cars.git'),
 * })
 * try {
 *   await directory.start()
 *   directory.commits().subscribe((commit) => console.log(commitTitle(commit)))
 *   await finished
 * } finally {
 *   await directory.close()
 * }
 * ```
 */
export function createGitDirectory(options: GitDirectoryOptions): GitDirectory {
  const settings = settle(options)
  const { remote, interval, timeout, clock, random, logger } = settings
  const readOnly = settings.auth === undefined && settings.repository.transport !== 'file'
  const head = createBranchHead()
  const health = createHealthCell()
  const lane = createLane()
  const moves = new Subject<BranchMove>()
  const measure = createMeasure(settings.onMetric, logger)
  const operate = createDeadline({ clock, timeout, measure })
  const timer = createTimer(clock, pullInBackground)
  const packing = createPacking(clock, settings.git.capabilities.gc && settings.gcInterval, packInBackground)
  let session: Session | undefined
  let fetchedAt: number | undefined
  let suspensions = 0
  let overdue = false
  let closing: Promise<void> | undefined

  const starting = createShared<void>(({ signal }) => lane.run(() => open(signal)))

  const pulls = createShared<Commit>(({ signal, seal }) =>
    lane.run(async () => {
      seal()
      signal.throwIfAborted()
      const { follower } = opened()
      const began = clock.now()
      try {
        const commit = await follower.sync({ signal })
        fetchedAt = began
        succeeded()
        return commit
      } catch (error) {
        if (!signal.aborted) failed(error)
        throw error
      }
    }),
  )

  async function open(signal: AbortSignal): Promise<void> {
    if (session !== undefined) return
    signal.throwIfAborted()
    health.set({ state: 'starting' })
    const began = clock.now()
    try {
      session = await openSession({ settings, head, onMove: (move) => moves.next(move), operate, signal })
    } catch (error) {
      if (closing === undefined) health.set({ state: 'idle', error })
      throw error
    }
    timer.plan(interval)
    if (session.empty !== undefined) return failed(session.empty)
    fetchedAt = began
    succeeded()
  }

  function succeeded(): void {
    const before = health.current
    if (before.state === 'ready' || closing !== undefined) return
    if (before.state === 'degraded') {
      timer.plan(interval)
      logger.info('In step with the remote again', { remote, failures: before.failures })
    }
    health.set({ state: 'ready', since: clock.now() })
  }

  function failed(error: unknown): void {
    if (closing !== undefined) return
    const before = health.current
    const [since, failures] =
      before.state === 'degraded' ? [before.since, before.failures + 1] : [clock.now(), 1]
    // A remote that answers, but has no such branch yet, is simply asked again in its turn.
    if (!isWaiting(error)) timer.plan(retryDelay(failures, { interval, random }))
    else if (before.state === 'degraded' && !isWaiting(before.error)) timer.plan(interval)
    logger.warn('Could not pull', { remote, error, failures, nextAttempt: timer.due })
    health.set({ state: 'degraded', error, since, failures, nextAttempt: timer.due })
  }

  function pullInBackground(): void {
    if (suspensions > 0) {
      overdue = true
      return
    }
    timer.plan(interval)
    // `failed` has reported it.
    pulls.join().then(packing.whenDue, () => {})
  }

  function packInBackground(): void {
    if (session === undefined || closing !== undefined) return
    directory.gc().catch((error: unknown) => {
      if (closing === undefined) logger.warn('Could not pack the store', { remote, error })
    })
  }

  function opened(): Session {
    if (closing !== undefined) throw closedError()
    if (session !== undefined) return session
    throw gitDirectoryErrors.create(
      'NOT_STARTED',
      `The clone of ${remote} is not started; await start() first`,
      {
        remote,
      },
    )
  }

  function closedError(): Error {
    const dir = session?.folder.dir ?? settings.dir ?? 'a temporary folder'
    return gitErrors.create('CLOSED', `The clone of ${remote} in ${dir} is closed`, { dir })
  }

  async function close(): Promise<void> {
    const reason = closedError()
    await Promise.all([starting.cancel(reason), pulls.cancel(reason)])
    timer.stop()
    const errors = await runAll([
      async () => session?.repository.close(),
      async () => session?.folder.release(),
    ])
    head.complete()
    moves.complete()
    health.set({ state: 'closed' })
    if (errors.length === 1) throw errors[0]
    if (errors.length > 1) throw new AggregateError(errors, `Closing the clone of ${remote} failed`)
  }

  const directory: GitDirectory = {
    remote,
    reference: settings.repository,
    isKept: settings.dir !== undefined,
    under: settings.under,
    readOnly,
    health,
    get dir() {
      return settings.dir ?? session?.folder.dir ?? opened().folder.dir
    },
    get worktree() {
      return settings.worktree ? (session ?? opened()).folder.worktree : undefined
    },
    get branch() {
      const branch = opened().follower.branch
      if (branch !== undefined) return branch
      throw gitDirectoryErrors.create('REPOSITORY_EMPTY', `${remote} has no commit and names no branch yet`, {
        remote,
      })
    },
    get branches() {
      return opened().branches.current
    },
    get head() {
      return head.current?.commit
    },
    get repository() {
      return opened().repository
    },
    async start(options) {
      if (closing !== undefined) throw closedError()
      if (session === undefined) await starting.join(options)
    },
    async pull(options) {
      opened()
      return await pulls.join(options)
    },
    async ensureFresh(freshness, options) {
      opened()
      const current = head.current?.commit
      if (current === undefined || freshness === 'fetch') return await pulls.join(options)
      if (freshness === 'local') return current
      const age = fetchedAt === undefined ? Infinity : clock.now() - fetchedAt
      // A clock that was set back makes the age negative, which tells nothing.
      return age >= 0 && age <= freshness.maxAge ? current : await pulls.join(options)
    },
    commits: () =>
      head.updates().pipe(
        map(({ commit }) => commit),
        distinctUntilChanged((a, b) => a.oid === b.oid),
      ),
    updates: () => head.updates(),
    branchMoves: () => moves.asObservable(),
    notify() {
      if (session !== undefined && closing === undefined) timer.plan(0)
    },
    async suspend({ signal } = {}) {
      opened()
      signal?.throwIfAborted()
      suspensions++
      try {
        await lane.idle({ signal })
      } catch (error) {
        directory.resume()
        throw error
      }
    },
    resume() {
      if (suspensions === 0) {
        throw gitDirectoryErrors.create('NOT_SUSPENDED', `The clone of ${remote} is not suspended`, {
          remote,
        })
      }
      suspensions--
      if (suspensions > 0 || !overdue) return
      overdue = false
      directory.notify()
    },
    async commit(commit, options) {
      const { repository } = opened()
      const base = commit.base ?? head.current?.commit.oid
      checkScope(commit.changes, settings.under)
      return await operate(
        ['commit', `Storing a commit for ${remote}`],
        (signal, count) => {
          count(sizeOf(commit.changes))
          return storeCommit(repository, { ...commit, base }, { clock, signal })
        },
        options,
      )
    },
    async push(commit, branch, { expected, signal } = {}) {
      const { repository, follower } = opened()
      if (readOnly) {
        const message = `${remote} is read-only here: give the option auth to push ${branch}`
        throw gitDirectoryErrors.create('READ_ONLY', message, { remote })
      }
      checkBranchName(branch)
      const update = { ref: `refs/heads/${branch}`, target: commit, expected }
      const operation = `Pushing ${branch} to ${remote}`
      await operate(['push', operation], (signal) => repository.push([update], { signal }), { signal })
      if (branch !== follower.branch) {
        const { branches } = settings
        if (branches === 'all' || branches.includes(branch)) directory.notify()
        return
      }
      // The push itself has succeeded; what goes wrong from here on concerns the clone, and is reported as its health.
      await lane.run(async () => {
        try {
          if (await follower.advanceTo(commit)) succeeded()
          else directory.notify()
        } catch (error) {
          failed(error)
        }
      })
    },
    async gc(options = {}) {
      const { repository } = opened()
      packing.began()
      await measure('gc', options.signal, () => repository.gc(options))
    },
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => directory.close(),
  }
  return directory
}

function isWaiting(error: unknown): boolean {
  return gitDirectoryErrors.is(error, 'REPOSITORY_EMPTY') || gitDirectoryErrors.is(error, 'BRANCH_NOT_FOUND')
}
