import type { Clock } from '@lg/runtime'
import type { WritePace } from './options.ts'

/** Says when the next request may go: after a rate limit has passed, and writes at their pace. */
export interface Gate {
  /** Milliseconds to wait now; 0 for go. Counts the write when it may go. */
  waitFor(url: string, writes: boolean): number
  block(url: string, until: number): void
}

export function createGate(clock: Clock, pace: WritePace | undefined): Gate {
  const blocked = new Map<string, number>()
  // The time at which all writes so far would be done, at one every interval.
  let drained = 0
  const blockedUntil = (url: string): number | undefined => {
    const until = blocked.get(bucketOf(url))
    return until !== undefined && until > clock.now() ? until : undefined
  }
  return {
    block: (url, until) => void blocked.set(bucketOf(url), Math.max(until, blocked.get(bucketOf(url)) ?? 0)),
    waitFor(url, writes) {
      const now = clock.now()
      const until = blockedUntil(url)
      if (until !== undefined) return until - now
      if (!writes || pace === undefined) return 0
      const next = Math.max(drained, now)
      const wait = next - now - (pace.burst - 1) * pace.interval
      if (wait > 0) return wait
      drained = next + pace.interval
      return 0
    },
  }
}

/** Hosts count GraphQL apart from all else. */
function bucketOf(url: string): string {
  return new URL(url).pathname.endsWith('/graphql') ? 'graphql' : 'rest'
}
