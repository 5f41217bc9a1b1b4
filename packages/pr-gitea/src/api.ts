import { httpErrors, itemsOf, type Fetch, type Page } from '@lg/pull-request/http'
import { giteaApi } from 'gitea-js'

export type Api = ReturnType<typeof giteaApi>

/**
 * The client library on the HTTP layer of lg, which has the token and decides on retries, redirects and failures. The
 * library itself would throw the `Response` of a refusal, which is no error.
 *
 * @param serverUrl without a slash at the end, and without `/api/v1`.
 */
export function createApi(serverUrl: string, fetch: Fetch): Api {
  return giteaApi(serverUrl, { customFetch: fetch })
}

/** What the library makes of an answer. */
export interface Answer {
  readonly data: unknown
  readonly error: unknown
  readonly headers: Headers
}

/**
 * The content of an answer that has to have one: the library gives `null` where nothing came, and the SyntaxError beside
 * it.
 *
 * @throws {LgError} `BAD_ANSWER`.
 */
export function dataOf({ data, error }: Answer): unknown {
  if (error === null) return data
  const reason = 'it is empty where there should be JSON'
  throw httpErrors.create('BAD_ANSWER', `The host's answer: ${reason}`, { reason })
}

/** What is asked for: the most that Gitea gives in its usual configuration. */
const pageSize = 50

/**
 * All items of a list. How many a page has, the server decides without a word, and not every list has a `Link`: the
 * total tells whether there is more, and an empty page where there is no total.
 */
export function allOf(
  readPage: (query: { readonly page: number; readonly limit: number }) => Promise<Answer>,
): AsyncGenerator<unknown, void> {
  let seen = 0
  return itemsOf(async (page): Promise<Page<unknown>> => {
    const answer = await readPage({ page, limit: pageSize })
    const items = listOf(answer)
    seen += items.length
    const total = answer.headers.get('x-total-count')
    return { items, more: items.length > 0 && !(total !== null && seen >= Number(total)) }
  })
}

/** A list that comes whole. Go writes an empty one as `null` in places. */
export function listOf(answer: Answer): readonly unknown[] {
  const items = dataOf(answer) ?? []
  if (Array.isArray(items)) return items as readonly unknown[]
  const reason = 'it is not a list'
  throw httpErrors.create('BAD_ANSWER', `The host's answer: ${reason}`, { reason })
}
