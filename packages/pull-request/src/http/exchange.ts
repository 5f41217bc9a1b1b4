import { redact } from '@lg/git'
import { abortable, type Clock } from '@lg/runtime'
import { httpErrors, type HttpPlace } from './errors.ts'
import type { Fetch } from './options.ts'
import { readBody } from './read-body.ts'

/** A request that can be sent any number of times. */
export interface PlainRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer> | undefined
  readonly signal: AbortSignal | undefined
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly text: string
}

export interface Wire {
  readonly fetch: Fetch
  readonly clock: Clock
  readonly timeout: number
  readonly bodyLimit: number
  /** What must not show in an error. */
  readonly secrets: readonly string[]
}

/**
 * One attempt: sends, and reads the whole answer. Redirects are given back, not followed.
 *
 * @throws {LgError} `NETWORK`, `TIMEOUT`, `BAD_ANSWER`; else the signal's reason.
 */
export async function exchange(request: PlainRequest, place: HttpPlace, wire: Wire): Promise<Answer> {
  const { signal, method, url, headers, body } = request
  const { fetch, clock, timeout, bodyLimit, secrets } = wire
  signal?.throwIfAborted()
  const ending = new AbortController()
  const abort = (): void => ending.abort(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  let late = false
  const expire = (): void => {
    late = true
    ending.abort()
  }
  // Ends with the attempt, whichever comes first.
  clock.sleep(timeout, { signal: ending.signal }).then(expire, () => undefined)
  const send = async (): Promise<Answer> => {
    const init = {
      method,
      headers,
      redirect: 'manual',
      signal: ending.signal,
      ...(body && { body }),
    } as const
    const response = await fetch(url, init)
    if (response.redirected) {
      const reason = 'the fetch that was passed follows redirects, which may take the token elsewhere'
      throw httpErrors.create('BAD_ANSWER', `${method} ${place.url}: ${reason}`, { ...place, reason })
    }
    const bytes = await readBody(response, bodyLimit)
    if (bytes === undefined) {
      const reason = `the answer has more than ${bodyLimit} bytes`
      throw httpErrors.create('BAD_ANSWER', `${method} ${place.url}: ${reason}`, { ...place, reason })
    }
    const { status } = response
    return { status, headers: response.headers, bytes, text: new TextDecoder().decode(bytes) }
  }
  try {
    return await abortable(send(), ending.signal)
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (httpErrors.is(error, 'BAD_ANSWER')) throw error
    const writes = isWrite(method)
    if (late) {
      const problem = `${method} ${place.url} took more than ${timeout} ms`
      throw httpErrors.create('TIMEOUT', problem, { ...place, timeout, sent: writes })
    }
    const { reason: words, connected } = describe(error)
    const reason = redact(words, secrets)
    const sent = writes && connected
    throw httpErrors.create('NETWORK', `${method} ${place.url}: ${reason}`, { ...place, sent, reason })
  } finally {
    signal?.removeEventListener('abort', abort)
    ending.abort()
  }
}

export function isWrite(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD'
}

/** Codes of failures before anything is sent: no such host, nobody listens, TLS not agreed. */
const beforeSending =
  /^(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|ERR_SSL_.*|EPROTO|CERT_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*)$/

/**
 * What a `fetch` has thrown, in words. The error itself does not go on: one of somebody else's `fetch` may hold the
 * headers of the request.
 */
function describe(error: unknown): { readonly reason: string; readonly connected: boolean } {
  for (let inner = error, depth = 0; inner instanceof Error && depth < 5; inner = inner.cause, depth++) {
    const code = 'code' in inner && typeof inner.code === 'string' ? inner.code : undefined
    if (code === undefined) continue
    const before = beforeSending.test(code)
    const untrusted = before && /CERT|UNABLE_TO/.test(code)
    const hint = untrusted ? '; for a CA of your own, pass a fetch that trusts it' : ''
    return { reason: `${inner.message || code}${hint}`, connected: !before }
  }
  return { reason: error instanceof Error ? error.message : 'fetch failed', connected: true }
}
