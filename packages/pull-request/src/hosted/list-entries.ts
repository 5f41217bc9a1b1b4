import { httpErrors } from '../http/errors.ts'
import { toPortError, type ReadStatus } from '../http/port-error.ts'
import type { PullRequest, PullRequestList } from '../pull-request.ts'
import type { HostedContext } from './hosted-context.ts'

/** One pull request of a host's list: what was made of it, or why nothing could be. */
export type ListEntry<Host> =
  | { readonly type: 'readable'; readonly found: Host }
  | { readonly type: 'unreadable'; readonly number: number; readonly error: Error }

/** Reads one; an answer that is not as it should be spoils no more than its own entry. */
export function readEntry<Host>(read: () => Host, numberOf: () => number): ListEntry<Host> {
  try {
    return { type: 'readable', found: read() }
  } catch (error) {
    if (!httpErrors.is(error, 'BAD_ANSWER')) throw error
    return { type: 'unreadable', number: numberOf(), error }
  }
}

/**
 * The answer of `list`, as far as it is wanted.
 *
 * @param pick the pull request of an entry; `undefined` leaves it out.
 */
export async function listOfEntries<Host>(
  { place }: Pick<HostedContext, 'place'>,
  entries: AsyncIterable<ListEntry<Host>>,
  how: {
    readonly limit: number | undefined
    readonly readStatus: ReadStatus
    pick(found: Host): PullRequest | undefined | Promise<PullRequest | undefined>
  },
): Promise<PullRequestList> {
  const { limit = Infinity, readStatus } = how
  const pullRequests: PullRequest[] = []
  const unreadable: PullRequestList['unreadable'][number][] = []
  for await (const entry of entries) {
    if (entry.type === 'unreadable') {
      unreadable.push({ number: entry.number, error: toPortError(entry.error, place, readStatus) })
      continue
    }
    const picked = await how.pick(entry.found)
    if (picked !== undefined) pullRequests.push(picked)
    if (pullRequests.length >= limit) break
  }
  return { pullRequests, unreadable }
}
