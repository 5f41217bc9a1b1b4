import type { Answer } from './exchange.ts'

/** Longest wait that GitHub asks for where it names none; good manners elsewhere. */
export const unnamedWait = 60_000

/**
 * Whether an answer says that there were too many requests, and until when. 403 counts where the headers or the
 * words say so, as GitHub does. Pure.
 */
export function rateLimitOf(
  { status, headers, text }: Answer,
  now: number,
): { readonly retryAt: number | undefined } | undefined {
  const spent = headers.get('x-ratelimit-remaining') === '0' || headers.get('ratelimit-remaining') === '0'
  const secondary = /secondary rate limit|abuse detection/i.test(text)
  if (status !== 429 && !(status === 403 && (spent || secondary || headers.has('retry-after'))))
    return undefined
  const named = retryAfter(headers, now) ?? (spent ? resetOf(headers, now) : undefined)
  return { retryAt: named ?? (secondary ? now + unnamedWait : undefined) }
}

/** What `Retry-After` says (RFC 9110, 10.2.3), in milliseconds since the epoch: it is in seconds, or a date. */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? ''
  if (/^\d{1,9}$/.test(value)) return now + Number(value) * 1000
  const time = value === '' ? Number.NaN : Date.parse(value)
  return Number.isNaN(time) ? undefined : Math.max(time, now)
}

/** Hosts give the time of the reset in seconds since the epoch; the draft standard, in seconds from now. */
function resetOf(headers: Headers, now: number): number | undefined {
  const value = headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset') ?? ''
  if (!/^\d{1,12}$/.test(value)) return undefined
  const seconds = Number(value)
  return Math.max(seconds > 1_000_000_000 ? seconds * 1000 : now + seconds * 1000, now)
}
