import type { Fetch } from '@lg/pull-request/http'
import { silentLogger } from '@lg/runtime'
import { Octokit } from '@octokit/rest'

export interface Api {
  readonly rest: Octokit['rest']
  /** One GraphQL request; the whole answer. */
  graphql(
    query: string,
    variables: Readonly<Record<string, unknown>>,
    signal: AbortSignal | undefined,
  ): Promise<unknown>
}

/**
 * The client library on the HTTP layer of lg, which has the token and decides on retries, redirects and failures.
 *
 * @param baseUrl without a slash at the end.
 */
export function createApi(baseUrl: string, fetch: Fetch): Api {
  // Its own log goes to the console.
  const octokit = new Octokit({ baseUrl, log: silentLogger, request: { fetch } })
  // GitHub Enterprise Server has GraphQL beside the REST API.
  const graphqlUrl = `${baseUrl.replace(/\/api\/v3$/, '/api')}/graphql`
  return {
    rest: octokit.rest,
    async graphql(query, variables, signal) {
      const { data } = (await octokit.request({
        method: 'POST',
        url: graphqlUrl,
        query,
        variables,
        ...(signal && { request: { signal } }),
      })) as { readonly data: unknown }
      return data
    },
  }
}
