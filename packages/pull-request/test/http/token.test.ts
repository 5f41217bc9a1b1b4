import { inspect } from 'node:util'
import { httpErrors, type Fetch, type TokenRequest } from '@lg/pull-request/http'
import { createRecordingLogger } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createApi, failureOf, type Api } from './api.ts'

let api: Api
let other: Api
beforeEach(async () => void ([api, other] = await Promise.all([createApi(), createApi()])))
afterEach(() => Promise.all([api.close(), other.close()]))

const tokens = (from: Api): readonly (string | undefined)[] =>
  from.host.requests.entries.map(({ headers }) => headers.authorization)

describe('a token', () => {
  it('goes with every request, whatever a library sets', async () => {
    await api.fetchWith()(api.url, { headers: { authorization: 'Bearer of-the-library' } })
    expect(tokens(api)).toEqual([`Bearer ${api.host.token}`])
  })

  it('never goes to another origin', async () => {
    for (const url of [
      other.url,
      api.url.replace('127.0.0.1', 'localhost'),
      api.url.replace('http:', 'https:'),
    ]) {
      expect(httpErrors.is(await failureOf(api.fetchWith()(url)), 'FOREIGN_ORIGIN')).toBe(true)
    }
    expect([tokens(api), tokens(other)]).toEqual([[], []])
  })

  it.each([301, 302, 303, 307, 308] as const)(
    'does not follow a redirect (%i) to another origin',
    async (status) => {
      api.host.addFault({ type: 'redirect', status, to: other.url })
      for (const init of [{}, { method: 'POST', body: '{}' }]) {
        const error = await failureOf(api.fetchWith()(api.url, init))
        expect(httpErrors.is(error, 'REDIRECTED') && error.details.location).toBe(other.url)
      }
      expect(tokens(other)).toEqual([])
    },
  )

  it('stays with a redirect inside the origin, as for a repository with a new name', async () => {
    api.host.addFault({ type: 'redirect', status: 301, to: api.url }, { times: 1 })
    expect((await api.fetchWith()(`${api.host.apiUrl}/repos/lg/old`)).status).toBe(200)
    api.host.addFault({ type: 'redirect', status: 301, to: api.url })
    const post = api.fetchWith()(api.url, { method: 'POST', body: '{}' })
    expect(httpErrors.is(await failureOf(post), 'REDIRECTED')).toBe(true)
  })

  it('ends a circle of redirects', async () => {
    api.host.addFault({ type: 'redirect', to: api.url })
    expect(httpErrors.is(await failureOf(api.fetchWith()(api.url)), 'REDIRECTED')).toBe(true)
  })

  it('of a function is asked for again once when it is refused', async () => {
    const requests: TokenRequest[] = []
    const token = (request: TokenRequest): string => {
      requests.push(request)
      return request.refused === undefined ? 'worn-out' : api.host.token
    }
    expect((await api.fetchWith({ token })(api.url)).status).toBe(200)
    expect(requests.map(({ origin, refused }) => [origin, refused])).toEqual([
      [api.host.url, undefined],
      [api.host.url, 'worn-out'],
    ])
    expect(tokens(api)).toEqual(['Bearer worn-out', `Bearer ${api.host.token}`])
  })

  it('that stays refused is not tried for ever', async () => {
    let asked = 0
    const token = (): string => `wrong-${asked++}`
    const error = await failureOf(api.fetchWith({ token })(api.url))
    expect(httpErrors.is(error, 'STATUS') && error.details.status).toBe(401)
    expect(tokens(api)).toEqual(['Bearer wrong-0', 'Bearer wrong-1'])
  })

  it('that is given as text is sent once', async () => {
    await failureOf(api.fetchWith({ token: 'wrong' })(api.url))
    expect(tokens(api)).toEqual(['Bearer wrong'])
  })

  it.each(['', 'two words', 'line\nbreak'])('that is none is refused: %j', async (token) => {
    expect(() => api.fetchWith({ token })).toThrow(/Option token/)
    const error = await failureOf(api.fetchWith({ token: () => token })(api.url))
    expect(httpErrors.is(error, 'INVALID_OPTION')).toBe(true)
    expect(tokens(api)).toEqual([])
  })

  it('shows nowhere, though the host repeats it', async () => {
    const logger = createRecordingLogger()
    const { token } = api.host
    const faults = [
      { type: 'status', status: 403, body: { message: `Token ${token} is no good`, errors: [token] } },
      { type: 'status', status: 500, body: `<html>${token}` },
      { type: 'status', status: 503, body: token },
      { type: 'redirect', to: `https://elsewhere.example/?token=${token}` },
      { type: 'html' },
      { type: 'cut', served: false },
    ] as const
    for (const fault of faults) {
      api.host.clearFaults()
      api.host.addFault(fault)
      const error = await failureOf(api.fetchWith({ logger })(`${api.url}?private=${token}`))
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(token)
    }
    expect(logger.entries.length).toBeGreaterThan(faults.length)
    expect(logger.text()).not.toContain(token)
  })

  it('shows nowhere in the headers of an answer, nor in what a fetch throws', async () => {
    const { token } = api.host
    for (const status of [302, 403]) {
      const headers = { location: `https://elsewhere.example/${token}/x`, 'x-debug': `Bearer ${token}` }
      api.host.addFault({ type: 'status', status, headers }, { times: 1 })
      const error = await failureOf(api.fetchWith()(api.url))
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(token)
    }
    const failing: Fetch = async (_, init) => {
      throw new TypeError(`cannot send ${new Headers(init?.headers).get('authorization')}`)
    }
    const error = await failureOf(api.fetchWith({ fetch: failing })(api.url, { method: 'POST', body: '{}' }))
    expect(httpErrors.is(error, 'NETWORK') && error.message).toContain('cannot send')
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(token)
  })

  it('of a function that fails is said to be missing, without the words of the function', async () => {
    const token = (): Promise<string> => Promise.reject(new Error('vault refused s3cret-lease'))
    const error = await failureOf(api.fetchWith({ token })(api.url))
    expect(httpErrors.is(error, 'INVALID_OPTION')).toBe(true)
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('s3cret')
    const reason = new Error('no longer needed')
    const ending = new AbortController()
    const slow = async (): Promise<string> => {
      ending.abort(reason)
      throw new Error('aborted')
    }
    expect(await failureOf(api.fetchWith({ token: slow })(api.url, { signal: ending.signal }))).toBe(reason)
  })

  it('is not given to a fetch that follows redirects unnoticed', async () => {
    api.host.addFault({ type: 'redirect', to: `${api.url}/moved` }, { times: 1 })
    const following: Fetch = (input, init) => fetch(input, { ...init, redirect: 'follow' })
    const error = await failureOf(api.fetchWith({ fetch: following })(api.url))
    expect(httpErrors.is(error, 'BAD_ANSWER') && error.details.reason).toContain('follows redirects')
  })

  it('that another one has replaced shows nowhere either', async () => {
    api.host.addFault({ type: 'status', status: 401, body: `<html>${api.host.token}` })
    const token = ({ refused }: TokenRequest): string => (refused === undefined ? api.host.token : 'another')
    const error = await failureOf(api.fetchWith({ token })(api.url))
    expect(tokens(api)).toEqual([`Bearer ${api.host.token}`, 'Bearer another'])
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(api.host.token)
  })

  it('shows nowhere in the form that it was sent in', async () => {
    const sent = btoa(`:${api.host.token}`)
    const authorize = (token: string): Record<string, string> => ({
      authorization: `Basic ${btoa(`:${token}`)}`,
    })
    api.host.addFault({ type: 'status', status: 401, body: { message: `Bad header Basic ${sent}` } })
    const error = await failureOf(api.fetchWith({ authorize })(api.url))
    expect(tokens(api)).toEqual([`Basic ${sent}`])
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(sent)
  })
})
