import { itemsOf, readAnswer, type AnswerReader, type Fetch } from '@lg/pull-request/http'

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
  const respond = async (
    { method = 'GET', url, query = {}, body, preview = false }: ApiRequest,
    accept: string,
    signal: AbortSignal | undefined,
  ): Promise<Response> => {
    const parameters = new URLSearchParams()
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) parameters.set(name, String(value))
    parameters.set('api-version', preview ? `${version}-preview` : version)
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

/** What Azure DevOps gives of a list at once, by default or at most. */
const pageSize = 100

/**
 * All entries of a list that has `$top` and `$skip`. It is asked for until a page is empty: a short one may be the
 * server's own limit, and none says that it is the last.
 */
export function pagesOf(
  send: (request: ApiRequest) => Promise<unknown>,
  request: ApiRequest,
  what: string,
): AsyncGenerator<AnswerReader, void> {
  let skip = 0
  return itemsOf(async () => {
    const query = { ...request.query, $top: pageSize, $skip: skip }
    const items = readAnswer(await send({ ...request, query }), what).list('value')
    skip += items.length
    return { items, more: items.length > 0 }
  })
}
