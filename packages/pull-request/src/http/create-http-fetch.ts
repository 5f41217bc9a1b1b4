import { isLgError, silentLogger, systemClock, systemRandom, type CallOptions } from '@lg/runtime'
import { parseBaseUrl } from './base-url.ts'
import { httpErrors, type HttpPlace } from './errors.ts'
import { exchange, isWrite, type Answer, type PlainRequest } from './exchange.ts'
import { createGate } from './gate.ts'
import type { Fetch, HttpFetchOptions, TokenRequest } from './options.ts'
import { judge, redirectTarget } from './judge.ts'
import { planRetry, type Outcome, type RetryPlan } from './plan-retry.ts'

const redirectLimit = 3

/**
 * A `fetch` for the API of one host, for client libraries to send with. It resolves only with a success, read to its
 * end; whatever else comes is an error of {@link httpErrors}, so what a library makes of failures, retries and
 * timeouts does not matter.
 *
 * - The token is set here and goes to the origin of `baseUrl` only. A request or redirect to another one is refused.
 * - Reads are tried up to 4 times on 429, 502, 503, 504 and network failures; a write only when the host says that
 *   it did not take it and when it will (429, or GitHub's 403, with a time). Waits are bounded by `maxWait`.
 * - While a rate limit lasts, further requests wait as well, or fail at once with `RATE_LIMITED`. A success with
 *   `Retry-After` makes the next request wait, no longer than `maxWait`.
 * - A refused token (401) is asked for again once, when it comes from a function.
 * - JSON is expected where the request accepts it, or names nothing.
 *
 * @throws {LgError} `INVALID_OPTION`.
 */
export function createHttpFetch(options: HttpFetchOptions): Fetch {
  const {
    token,
    userAgent = 'lg',
    timeout = 30_000,
    maxWait = 60_000,
    bodyLimit = 16 * 1024 * 1024,
  } = options
  const { clock = systemClock, random = systemRandom, logger = silentLogger } = options
  const { fetch = globalThis.fetch, authorize = bearer, writePace, insecureHttp } = options
  const { origin } = new URL(parseBaseUrl(options.baseUrl, { insecureHttp }))
  if (typeof token === 'string') checkToken(token, origin)
  const gate = createGate(clock, writePace)
  const wire = { fetch, clock, timeout, bodyLimit }

  const tokenFor = async (
    refused: string | undefined,
    { signal }: CallOptions,
  ): Promise<string | undefined> => {
    if (typeof token !== 'function') return token
    const value = await askForToken(token, { origin, signal, ...(refused !== undefined && { refused }) })
    checkToken(value, origin)
    return value
  }

  /** Waits until a request may go. */
  const passGate = async (request: PlainRequest, place: HttpPlace, deadline: number): Promise<void> => {
    const { url, method, signal } = request
    for (;;) {
      const wait = gate.waitFor(url, isWrite(method))
      if (wait === 0) return
      if (clock.now() + wait > deadline) throw limited(place, clock.now() + wait)
      await clock.sleep(wait, { signal })
    }
  }

  const send = async (request: PlainRequest, place: HttpPlace): Promise<Answer> => {
    const { signal, method, url } = request
    const deadline = clock.now() + maxWait
    let renewed: string | undefined
    // Also of earlier attempts: a page may show the token that was refused before.
    const secrets = new Set<string>()
    for (let attempt = 1; ; attempt++) {
      await passGate(request, place, deadline)
      const current = renewed ?? (await tokenFor(undefined, { signal }))
      const headers = new Headers(request.headers)
      const carried = current === undefined ? {} : authorize(current)
      for (const entry of Object.entries(carried)) headers.set(...entry)
      if (current !== undefined) secrets.add(current)
      for (const header of Object.values(carried)) secrets.add(withoutScheme(header))
      let outcome: Outcome
      let failure: unknown
      try {
        const answer = await exchange({ ...request, headers }, place, { ...wire, secrets: [...secrets] })
        outcome = { type: 'answer', answer: withoutSecrets(answer, [...secrets]) }
      } catch (error) {
        if (!httpErrors.is(error, 'NETWORK')) throw error
        outcome = { type: 'network' }
        failure = error
      }
      const status = outcome.type === 'answer' ? outcome.answer.status : undefined
      logger.debug('HTTP request', { ...place, status, attempt })
      if (status === 401 && renewed === undefined && typeof token === 'function') {
        renewed = await tokenFor(current, { signal })
        if (renewed !== current) continue
      }
      const now = clock.now()
      const plan = planRetry(outcome, { method, attempt, now, deadline, jitter: random.fraction() })
      if (plan.type === 'take') {
        if (outcome.type === 'network') throw failure
        // No longer than a request may wait, so that none fails for good manners.
        if (plan.pauseUntil !== undefined) gate.block(url, Math.min(plan.pauseUntil, now + maxWait))
        return outcome.answer
      }
      if (plan.block) gate.block(url, timeOf(plan))
      if (plan.type === 'limited') throw limited(place, plan.retryAt)
      const wait = plan.at - now
      logger.warn('HTTP request is tried again', { ...place, status, attempt, wait })
      await clock.sleep(wait, { signal })
    }
  }

  return async (input, init) => {
    let request = await readRequest(input, init, userAgent)
    for (let redirects = 0; ; redirects++) {
      const place = placeOf(request)
      if (new URL(request.url).origin !== origin) {
        const problem = `${request.method} ${place.url} would leave ${origin}, where the token belongs; not sent`
        throw httpErrors.create('FOREIGN_ORIGIN', problem, { ...place, origin })
      }
      const answer = await send(request, place)
      const target = redirects < redirectLimit ? redirectTarget(answer, request, origin) : undefined
      if (target === undefined) return judge(answer, request, place)
      request = { ...request, url: target }
    }
  }
}

function bearer(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` }
}

async function readRequest(
  input: Parameters<Fetch>[0],
  init: Parameters<Fetch>[1],
  userAgent: string,
): Promise<PlainRequest> {
  // Given on as it is: the one of a `Request` is a copy that ends with it.
  const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined)
  const { method, url, headers, body } = new Request(input, { ...init, signal: null, redirect: 'manual' })
  const plain = new Headers(headers)
  plain.set('user-agent', userAgent)
  plain.delete('authorization')
  const bytes = body === null ? undefined : new Uint8Array(await new Response(body).arrayBuffer())
  return { method, url, headers: plain, body: bytes, signal }
}

function placeOf({ method, url }: PlainRequest): HttpPlace {
  return { method, url: url.replace(/[?#].*$/s, '') }
}

function timeOf(plan: Exclude<RetryPlan, { type: 'take' }>): number {
  return plan.type === 'retry' ? plan.at : plan.retryAt
}

function limited(place: HttpPlace, retryAt: number): Error {
  const problem = `${place.method} ${place.url}: too many requests; try again after ${new Date(retryAt).toISOString()}`
  return httpErrors.create('RATE_LIMITED', problem, { ...place, retryAt })
}

/** A host, or a page in front of it, may show a token that it refuses, also as it was sent. */
function withoutSecrets(answer: Answer, secrets: readonly string[]): Answer {
  if (answer.status < 300) return answer
  const hide = (shown: string): string =>
    secrets.reduce((text, secret) => text.split(secret).join('***'), shown)
  const headers = new Headers()
  answer.headers.forEach((value, name) => headers.append(name, hide(value)))
  return { ...answer, headers, text: hide(answer.text) }
}

function withoutScheme(header: string): string {
  return header.replace(/^\S+ /, '')
}

/** What the function throws may hold the token that it had; errors of lg do not. */
async function askForToken(
  token: (request: TokenRequest) => string | Promise<string>,
  request: TokenRequest,
): Promise<string> {
  try {
    return await token(request)
  } catch (error) {
    request.signal?.throwIfAborted()
    if (isLgError(error)) throw error
    const reason = `the function that gives the token for ${request.origin} has failed`
    throw httpErrors.create('INVALID_OPTION', `Option token: ${reason}`, { option: 'token', reason })
  }
}

function checkToken(token: unknown, origin: string): void {
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return
  const reason = `the token for ${origin} is empty, or holds white space or other characters that no token has`
  throw httpErrors.create('INVALID_OPTION', `Option token: ${reason}`, { option: 'token', reason })
}
