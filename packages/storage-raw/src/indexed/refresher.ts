import { abortable, type Clock } from '@lg/runtime'
import type { Scanner } from '../scanner.ts'

/**
 * When the files are looked at again: `always` for each list and for each key that is not known; at most every
 * `maxAge` milliseconds; or `never`, when somebody tells of each file through the mappings.
 */
export type ScanPolicy = 'always' | 'never' | { readonly maxAge: number }

/** Brings an index in step with its files. */
export interface Refresher {
  /** Sees all that is there at the call. */
  refresh(signal: AbortSignal | undefined): Promise<void>
  /** The same, when the policy says that it is time. */
  refreshIfDue(signal: AbortSignal | undefined): Promise<void>
}

export function createRefresher(scanner: Scanner, policy: ScanPolicy, clock: Clock): Refresher {
  let scannedAt: number | undefined
  let running: Promise<void> | undefined
  let following: Promise<void> | undefined

  const start = (): Promise<void> => {
    const began = clock.now()
    running = scanner
      .scan()
      .then(() => void (scannedAt = began))
      .finally(() => (running = undefined))
    return running
  }
  const isDue = (): boolean =>
    policy === 'always' ||
    (policy !== 'never' && (scannedAt === undefined || clock.now() - scannedAt >= policy.maxAge))

  const refresh = (signal: AbortSignal | undefined): Promise<void> => {
    if (running === undefined) return abortable(start(), signal)
    // A scan under way may have passed a file before the call: the next one is shared instead.
    following ??= running
      .catch(() => {})
      .then(() => {
        following = undefined
        return start()
      })
    return abortable(following, signal)
  }
  return {
    refresh,
    refreshIfDue: async (signal) => {
      if (isDue()) await refresh(signal)
    },
  }
}
