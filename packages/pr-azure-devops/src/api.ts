import {
  itemsOf,
  readAnswer,
  readAnswers,
  refusalOf,
  type AnswerReader,
  type Fetch,
} from '@lg/pull-request/http'
import { equalValues } from '@lg/runtime'
import { typeOf } from './failure.ts'

/** One request, without what all have in common. */
export interface ApiRequest {
  /** Default `GET`. */
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Without a query. */
  readonly url: string
  readonly query?: Readonly<Record<string, string | number | undefined>>
  /** Sent as JSON. */
  readonly body?: unknown
  /** Microsoft has not released this call in any version of the API. */
  readonly preview?: boolean
}

export interface Api {
  /** The parsed answer; `undefined` when it is empty. */
  send(request: ApiRequest, signal: AbortSignal | undefined): Promise<unknown>
  bytes(request: ApiRequest, signal: AbortSignal | undefined): Promise<Uint8Array>
}

/** Sends with the HTTP layer of lg, which has the token and decides on retries, redirects and failures. */
export function createApi(fetch: Fetch, version: string): Api {
  const respondAs = async (
    { method = 'GET', url, query = {}, body }: ApiRequest,
    apiVersion: string,
    accept: string,
    signal: AbortSignal | undefined,
  ): Promise<Response> => {
    const parameters = new URLSearchParams()
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) parameters.set(name, String(value))
    parameters.set('api-version', apiVersion)
    return await fetch(`${url}?${parameters}`, {
      method,
      headers: {
        accept,
        // A token that is refused is then 401, and no sign-in page.
        'x-tfs-fedauthredirect': 'Suppress',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    })
  }
  const respond = async (
    request: ApiRequest,
    accept: string,
    signal: AbortSignal | undefined,
  ): Promise<Response> => {
    if (request.preview === true) return await respondAs(request, `${version}-preview`, accept, signal)
    try {
      return await respondAs(request, version, accept, signal)
    } catch (error) {
      // Older servers have calls as a preview that were released since. Nothing was done.
      if (typeOf(refusalOf(error)) !== 'VssInvalidPreviewVersionException') throw error
      return await respondAs(request, `${version}-preview`, accept, signal)
    }
  }
  return {
    async send(request, signal) {
      const text = await (await respond(request, 'application/json', signal)).text()
      return text === '' ? undefined : (JSON.parse(text) as unknown)
    },
    async bytes(request, signal) {
      const response = await respond(request, 'application/octet-stream', signal)
      return new Uint8Array(await response.arrayBuffer())
    },
  }
}

/** What is asked for at once of a list. */
const pageSize = 100

/**
 * All entries of a list that has `$top` and `$skip`, or what they are called there. It is asked for until a page is
 * empty: a short one may be the server's own limit, and none says that it is the last.
 */
export function pagesOf(
  send: (request: ApiRequest) => Promise<unknown>,
  request: ApiRequest,
  what: string,
  names: { readonly top: string; readonly skip: string } = { top: '$top', skip: '$skip' },
): AsyncGenerator<AnswerReader, void> {
  let skip = 0
  let before: unknown
  return itemsOf(async () => {
    const query = { ...request.query, [names.top]: pageSize, [names.skip]: skip }
    const items = readAnswers(readAnswer(await send({ ...request, query }), what).value['value'], what)
    const first = items[0]?.value
    // A server that does not know the parameters gives the first page again.
    if (skip > 0 && equalValues(first, before)) return { items: [], more: false }
    before = first
    skip += items.length
    return { items, more: items.length > 0 }
  })
}
