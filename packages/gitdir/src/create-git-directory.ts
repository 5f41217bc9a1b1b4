import { checkBranchName, gitErrors } from '@lg/git'
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
import { createPulling } from './pulling.ts'
import { runAll } from './run-all.ts'
import { createShared } from './shared.ts'
import { checkScope, sizeOf, storeCommit } from './store-commit.ts'
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
  const { remote, timeout, clock, logger, onStep } = settings
  const readOnly = settings.auth === undefined && settings.repository.transport !== 'file'
  const head = createBranchHead()
  const health = createHealthCell()
  const lane = createLane()
  const moves = new Subject<BranchMove>()
  const measure = createMeasure(settings.onMetric, logger)
  const operate = createDeadline({ clock, timeout, measure })
  const packing = createPacking(clock, settings.git.capabilities.gc && settings.gcInterval, packInBackground)
  const pulling = createPulling({
    settings,
    lane,
    health,
    sync: (signal) => opened().follower.sync({ signal }),
    onPulled: packing.whenDue,
  })
  let session: Session | undefined
  let closing: Promise<void> | undefined

  const starting = createShared<void>(({ signal }) => lane.run(() => open(signal)))

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
    pulling.begin(began)
    if (session.empty === undefined) pulling.succeeded()
    else pulling.failed(session.empty)
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
    await Promise.all([starting.cancel(reason), pulling.close(reason)])
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
      return await pulling.now(options)
    },
    async ensureFresh(freshness, options) {
      opened()
      const current = head.current?.commit
      if (current === undefined || freshness === 'fetch') return await pulling.now(options)
      if (freshness === 'local') return current
      const age = pulling.age()
      // A clock that was set back makes the age negative, which tells nothing.
      return age >= 0 && age <= freshness.maxAge ? current : await pulling.now(options)
    },
    commits: () =>
      head.updates().pipe(
        map(({ commit }) => commit),
        distinctUntilChanged((a, b) => a.oid === b.oid),
      ),
    updates: () => head.updates(),
    branchMoves: () => moves.asObservable(),
    notify() {
      if (session !== undefined && closing === undefined) pulling.due()
    },
    async suspend({ signal } = {}) {
      opened()
      signal?.throwIfAborted()
      pulling.hold()
      try {
        await lane.idle({ signal })
      } catch (error) {
        directory.resume()
        throw error
      }
    },
    resume() {
      if (pulling.release()) return
      throw gitDirectoryErrors.create('NOT_SUSPENDED', `The clone of ${remote} is not suspended`, { remote })
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
      onStep?.('commit pushed')
      if (branch !== follower.branch) {
        const { branches } = settings
        if (branches === 'all' || branches.includes(branch)) directory.notify()
        return
      }
      // The push itself has succeeded; what goes wrong from here on concerns the clone, and is reported as its health.
      await lane.run(async () => {
        try {
          if (await follower.advanceTo(commit)) pulling.succeeded()
          else directory.notify()
        } catch (error) {
          pulling.failed(error)
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
