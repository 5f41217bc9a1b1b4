import { createHttpFetch, type Fetch, type HttpFetchOptions } from '@lg/pull-request/http'
import {
  createFakeGitHub,
  createSeededRandom,
  createSkippingClock,
  createTree,
  type FakeGitHub,
  type SkippingClock,
} from '@lg/test-kit'

/** An API over real HTTP, and what sends to it. */
export interface Api {
  readonly host: FakeGitHub
  /** One repository of the host, which can be read. */
  readonly url: string
  readonly clock: SkippingClock
  fetchWith(options?: Partial<HttpFetchOptions>): Fetch
  close(): Promise<void>
}

export async function createApi(): Promise<Api> {
  const tree = await createTree()
  const host = await createFakeGitHub({ dir: tree.dir })
  await host.addRepository({ owner: 'lg', name: 'cars' })
  const clock = createSkippingClock({ longest: 30_000 * 1000 })
  return {
    host,
    url: `${host.apiUrl}/repos/lg/cars`,
    clock,
    fetchWith: (options = {}) =>
      createHttpFetch({
        baseUrl: host.apiUrl,
        token: host.token,
        clock,
        random: createSeededRandom(1),
        // Longer than any wait, so that the clock takes it for a limit.
        timeout: 30_000 * 1000,
        ...options,
      }),
    async close() {
      await host.close()
      await tree.close()
    },
  }
}

/** What a call failed with. */
export async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return await call.then(
    () => new Error('It did not fail'),
    (error: unknown) => error,
  )
}
