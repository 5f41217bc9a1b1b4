import { httpErrors } from '@lg/pull-request/http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createApi, failureOf, type Api } from './api.ts'

let api: Api
beforeEach(async () => void (api = await createApi()))
afterEach(() => api.close())

const sent = (): number => api.host.requests.entries.length
const start = Date.UTC(2024, 0, 1)

describe('reads', () => {
  it.each([429, 502, 503, 504])('are tried again on %i, with growing waits', async (status) => {
    api.host.addFault({ type: 'status', status }, { times: 3 })
    expect((await api.fetchWith()(api.url)).status).toBe(200)
    expect(sent()).toBe(4)
    const [first = 0, second = 0, third = 0] = api.clock.waits
    expect([first >= 250 && first < 500, second > first, third > second]).toEqual([true, true, true])
  })

  it.each(['cut', 'half'] as const)('are tried again when the connection is lost (%s)', async (type) => {
    api.host.addFault(type === 'cut' ? { type, served: true } : { type }, { times: 2 })
    expect((await api.fetchWith()(api.url)).status).toBe(200)
    expect(sent()).toBe(3)
  })

  it('give up after four attempts', async () => {
    api.host.addFault({ type: 'status', status: 503 })
    const error = await failureOf(api.fetchWith()(api.url))
    expect(httpErrors.is(error, 'STATUS') && error.details.status).toBe(503)
    expect(sent()).toBe(4)
  })

  it.each([500, 404, 403, 422])('are not tried again on %i', async (status) => {
    api.host.addFault({ type: 'status', status })
    const error = await failureOf(api.fetchWith()(api.url))
    expect(httpErrors.is(error, 'STATUS') && error.details.status).toBe(status)
    expect(sent()).toBe(1)
  })

  it('wait as long as Retry-After says', async () => {
    api.host.addFault({ type: 'status', status: 503, headers: { 'retry-after': '7' } }, { times: 1 })
    await api.fetchWith()(api.url)
    expect(api.clock.waits).toEqual([7000])
  })
})

describe('writes', () => {
  const write = { method: 'PATCH', body: '{}' }
  it.each([500, 502, 503, 504])('are not tried again on %i', async (status) => {
    api.host.addFault({ type: 'status', status })
    await failureOf(api.fetchWith()(`${api.url}/pulls/1`, write))
    expect(sent()).toBe(1)
  })

  it('are not tried again when the connection is lost, and may have arrived', async () => {
    api.host.addFault({ type: 'cut', served: true })
    const error = await failureOf(api.fetchWith()(`${api.url}/pulls/1`, write))
    expect(httpErrors.is(error, 'NETWORK') && error.details.sent).toBe(true)
    expect(sent()).toBe(1)
  })

  it('are tried again on 429 that says when', async () => {
    api.host.addFault({ type: 'status', status: 429, headers: { 'retry-after': '2' } }, { times: 1 })
    const error = await failureOf(api.fetchWith()(`${api.url}/pulls/1`, write))
    expect(httpErrors.is(error, 'STATUS') && error.details.status).toBe(404)
    expect(sent()).toBe(2)
    expect(api.clock.waits[0]).toBeGreaterThanOrEqual(2000)
  })

  it('end with RATE_LIMITED on 429 that does not say when', async () => {
    api.host.addFault({ type: 'status', status: 429, body: 'Retry later' })
    const error = await failureOf(api.fetchWith()(`${api.url}/pulls/1`, write))
    expect(httpErrors.is(error, 'RATE_LIMITED') && error.details.retryAt).toBe(start + 60_000)
    expect(sent()).toBe(1)
  })

  it('keep their pace: a few at once, then one after the other', async () => {
    const fetch = api.fetchWith({ writePace: { interval: 1000, burst: 3 } })
    for (let count = 0; count < 5; count++) await failureOf(fetch(`${api.url}/pulls/1`, write))
    await fetch(api.url)
    expect(api.clock.waits).toEqual([1000, 1000])
  })
})

describe('rate limits', () => {
  it('that end within the bound are waited for', async () => {
    const reset = String(start / 1000 + 30)
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }
    api.host.addFault({ type: 'status', status: 403, headers }, { times: 1 })
    expect((await api.fetchWith()(api.url)).status).toBe(200)
    expect(api.clock.waits[0]).toBeGreaterThanOrEqual(30_000)
    expect(sent()).toBe(2)
  })

  it('beyond the bound are told with their end, and further requests are not sent', async () => {
    api.host.addFault({ type: 'status', status: 429, headers: { 'retry-after': '3600' } }, { times: 1 })
    const fetch = api.fetchWith()
    for (let attempt = 0; attempt < 2; attempt++) {
      const error = await failureOf(fetch(api.url))
      expect(httpErrors.is(error, 'RATE_LIMITED') && error.details.retryAt).toBe(start + 3_600_000)
    }
    expect(sent()).toBe(1)
    expect(api.clock.waits).toEqual([])
  })

  it('that GitHub calls secondary count, also without a time', async () => {
    const body = { message: 'You have exceeded a secondary rate limit. Please wait.' }
    api.host.addFault({ type: 'status', status: 403, body }, { times: 1 })
    const error = await failureOf(api.fetchWith({ maxWait: 10_000 })(api.url))
    expect(httpErrors.is(error, 'RATE_LIMITED') && error.details.retryAt).toBe(start + 60_000)
  })

  it('of GraphQL leave REST alone', async () => {
    api.host.addFault(
      { type: 'status', status: 429, headers: { 'retry-after': '3600' } },
      { times: 1, on: { path: /graphql$/ } },
    )
    const fetch = api.fetchWith()
    await failureOf(fetch(`${api.host.url}/api/graphql`, { method: 'POST', body: '{}' }))
    expect((await fetch(api.url)).status).toBe(200)
  })

  it('that a success announces are kept, no longer than a request may wait', async () => {
    for (const [seconds, wait] of [
      [5, 5000],
      [3600, 60_000],
    ] as const) {
      const headers = { 'retry-after': String(seconds) }
      api.host.addFault({ type: 'status', status: 200, body: {}, headers }, { times: 1 })
      const fetch = api.fetchWith()
      await fetch(api.url)
      expect((await fetch(api.url)).status).toBe(200)
      expect(api.clock.waits.at(-1)).toBe(wait)
    }
    api.host.addFault(
      { type: 'status', status: 202, body: {}, headers: { 'retry-after': '5' } },
      { times: 1 },
    )
    const fetch = api.fetchWith()
    await fetch(api.url)
    await fetch(api.url)
    expect(api.clock.waits).toHaveLength(2)
  })

  it('are not seen in a 403 that is one', async () => {
    api.host.addFault({ type: 'status', status: 403, body: { message: 'Resource not accessible' } })
    expect(httpErrors.is(await failureOf(api.fetchWith()(api.url)), 'STATUS')).toBe(true)
  })
})
