import { isWrite, type Answer } from './exchange.ts'
import { rateLimitOf, retryAfter, unnamedWait } from './rate-limit.ts'

/** What an attempt came to. */
export type Outcome = { readonly type: 'answer'; readonly answer: Answer } | { readonly type: 'network' }

export type RetryPlan =
  /** `pauseUntil`: a success that asks to send nothing more before that. */
  | { readonly type: 'take'; readonly pauseUntil?: number | undefined }
  /** Ask again, no sooner than `at`. `block`: nobody may ask before. */
  | { readonly type: 'retry'; readonly at: number; readonly block: boolean }
  /** Too many requests, and no more of them now. */
  | { readonly type: 'limited'; readonly retryAt: number; readonly block: boolean }

export interface RetryState {
  readonly method: string
  /** From 1. */
  readonly attempt: number
  readonly now: number
  /** Latest time at which another attempt may begin. */
  readonly deadline: number
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly jitter: number
}

const attemptLimit = 4
const firstWait = 500

/**
 * Whether to ask again, and when. Reads are asked again where that may help; a write only when the host says that it
 * did not take it, and when it will. Pure.
 */
export function planRetry(outcome: Outcome, state: RetryState): RetryPlan {
  const { method, attempt, now, deadline, jitter } = state
  const writes = isWrite(method)
  const again = (at: number, block: boolean): RetryPlan | undefined =>
    attempt < attemptLimit && at <= deadline ? { type: 'retry', at, block } : undefined
  const soon = now + firstWait * 2 ** (attempt - 1) * (0.5 + jitter / 2)

  if (outcome.type === 'network') return (writes ? undefined : again(soon, false)) ?? { type: 'take' }
  const { answer } = outcome
  const limit = rateLimitOf(answer, now)
  if (limit !== undefined) {
    const { retryAt } = limit
    if (retryAt === undefined) {
      return (
        (writes ? undefined : again(soon, false)) ?? {
          type: 'limited',
          retryAt: now + unnamedWait,
          block: false,
        }
      )
    }
    // All who wait wake at once; a little apart they do less harm.
    return again(retryAt + jitter * 200, true) ?? { type: 'limited', retryAt, block: true }
  }
  if (!writes && (answer.status === 502 || answer.status === 503 || answer.status === 504)) {
    return again(retryAfter(answer.headers, now) ?? soon, false) ?? { type: 'take' }
  }
  // 202 tells when to ask for what it has accepted.
  const isDone = answer.status < 300 && answer.status !== 202
  return { type: 'take', pauseUntil: isDone ? retryAfter(answer.headers, now) : undefined }
}
