import type { Commit } from '@lg/git'
import type { CallOptions } from '@lg/runtime'
import { gitDirectoryErrors } from './errors.ts'
import type { HealthCell } from './health.ts'
import type { Lane } from './lane.ts'
import type { Settings } from './options.ts'
import { createShared } from './shared.ts'
import { createTimer, retryDelay } from './timer.ts'

/** Keeps the head in step, asked for or in the background, and tells in the health how that goes. */
export interface Pulling {
  /** Begins the background pulls, after a first fetch that began at `began`. */
  begin(began: number): void
  /** Waits for a pull that begins after the call. */
  now(options?: CallOptions): Promise<Commit>
  /** Milliseconds since the last pull that succeeded began; negative when the clock was set back. */
  age(): number
  /** A background pull is due now. */
  due(): void
  /** Holds background pulls off; calls are counted. */
  hold(): void
  /** @returns false when nothing was held off. */
  release(): boolean
  /** In step with the remote, as something else than a pull has shown. */
  succeeded(): void
  failed(error: unknown): void
  /** Ends what runs, and waits for it; nothing is told any more. */
  close(reason: Error): Promise<void>
}

export interface PullingOptions {
  readonly settings: Settings
  readonly lane: Lane
  readonly health: HealthCell
  /** Fetches, and moves the head. */
  readonly sync: (signal: AbortSignal) => Promise<Commit>
  /** Told of each background pull that succeeded. */
  readonly onPulled: () => void
}

export function createPulling({ settings, lane, health, sync, onPulled }: PullingOptions): Pulling {
  const { remote, interval, clock, random, logger } = settings
  const timer = createTimer(clock, pullInBackground)
  let fetchedAt: number | undefined
  let holds = 0
  let overdue = false
  let closing = false

  const pulls = createShared<Commit>(({ signal, seal }) =>
    lane.run(async () => {
      seal()
      signal.throwIfAborted()
      const began = clock.now()
      try {
        const commit = await sync(signal)
        fetchedAt = began
        succeeded()
        return commit
      } catch (error) {
        if (!signal.aborted) failed(error)
        throw error
      }
    }),
  )

  function succeeded(): void {
    const before = health.current
    if (before.state === 'ready' || closing) return
    if (before.state === 'degraded') {
      timer.plan(interval)
      logger.info('In step with the remote again', { remote, failures: before.failures })
    }
    health.set({ state: 'ready', since: clock.now() })
  }

  function failed(error: unknown): void {
    if (closing) return
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
    if (holds > 0) {
      overdue = true
      return
    }
    timer.plan(interval)
    // `failed` has reported it.
    pulls.join().then(onPulled, () => {})
  }

  return {
    begin(began) {
      fetchedAt = began
      timer.plan(interval)
    },
    now: (options) => pulls.join(options),
    age: () => (fetchedAt === undefined ? Infinity : clock.now() - fetchedAt),
    due: () => timer.plan(0),
    hold: () => void holds++,
    release() {
      if (holds === 0) return false
      holds--
      if (holds === 0 && overdue) {
        overdue = false
        if (!closing) timer.plan(0)
      }
      return true
    },
    succeeded,
    failed,
    async close(reason) {
      closing = true
      await pulls.cancel(reason)
      timer.stop()
    },
  }
}

function isWaiting(error: unknown): boolean {
  return gitDirectoryErrors.is(error, 'REPOSITORY_EMPTY') || gitDirectoryErrors.is(error, 'BRANCH_NOT_FOUND')
}
