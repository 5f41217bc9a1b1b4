import { httpErrors } from './errors.ts'

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[]
  /** Whether the host has another one after it. */
  readonly more: boolean
}

/** More pages than any list of a repository has: a host that never says "last" is not followed for ever. */
const pageLimit = 10_000

/**
 * All items of a list, page after page, as far as they are wanted. Pages are asked for by number, from 1, at the
 * address that the caller builds, so no link of an answer decides where a token goes.
 *
 * @throws {LgError} `BAD_ANSWER` for a list without end, and for what is no list.
 * @example
 * ```ts
 * for await (const milestone of itemsOf((page) => readMilestones(page))) if (milestone.title === title) return milestone
 * ```
 */
export async function* itemsOf<Item>(
  readPage: (page: number) => Promise<Page<Item>>,
): AsyncGenerator<Item, void> {
  for (let number = 1; number <= pageLimit; number++) {
    const { items, more } = await readPage(number)
    // Client libraries hand on what they got, whatever its type says; nothing at all is not an empty list.
    if (!Array.isArray(items)) {
      const reason = 'a list is missing or not as it should be'
      throw httpErrors.create('BAD_ANSWER', `The host's answer: ${reason}`, { reason })
    }
    yield* items
    if (!more) return
  }
  const reason = `a list has more than ${pageLimit} pages`
  throw httpErrors.create('BAD_ANSWER', reason, { reason })
}

/** Whether a `Link` header (RFC 8288) names a next page. Where it leads is not looked at. */
export function hasNextPage(link: string | null | undefined): boolean {
  return /;\s*rel="?(?:[^",;]*\s)?next(?:\s[^",;]*)?"?\s*(?:[,;]|$)/i.test(link ?? '')
}
