import type { Clock } from '@lg/runtime'
import { storageGitErrors } from './errors.ts'
import type { TransactionOptions } from './git-storage.ts'

/** How often, and for how long, a transaction may be made again. */
export interface TransactionLimits {
  /** Whether this attempt may begin. The first always may. */
  allow(attempt: number): boolean
  /** How many were allowed. */
  made(): number
  /** Stops measuring. */
  end(): void
}

const defaultAttempts = 100
const defaultRetryFor = 120_000

/** @throws {LgError} `INVALID_OPTION`. */
export function settleLimits(options: TransactionOptions, clock: Clock): TransactionLimits {
  const { attempts = defaultAttempts, retryFor = defaultRetryFor } = options
  if (!Number.isInteger(attempts) || attempts < 1) throw invalid('attempts', attempts, 'at least 1')
  if (!(retryFor >= 0)) throw invalid('retryFor', retryFor, 'milliseconds')
  const ended = new AbortController()
  let isOver = false
  let made = 0
  // A sleep, as the time of day may jump.
  clock.sleep(retryFor, { signal: ended.signal }).then(
    () => (isOver = true),
    () => {},
  )
  return {
    allow(attempt) {
      if (attempt > 1 && (isOver || attempt > attempts)) return false
      made = attempt
      return true
    },
    made: () => made,
    end: () => ended.abort(),
  }
}

const invalid = (option: string, value: unknown, wanted: string): Error =>
  storageGitErrors.create('INVALID_OPTION', `${option} is ${String(value)}; give ${wanted}`, { option })
