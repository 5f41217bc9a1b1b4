import { redact } from '@lg/git'
import { isRecord } from '@lg/runtime'
import { httpErrors, type HttpPlace } from './errors.ts'
import { isWrite, type Answer, type PlainRequest } from './exchange.ts'

const withoutBody = new Set([101, 204, 205, 304])

/**
 * A success as the `Response` that a client library reads.
 *
 * @throws {LgError} `STATUS`, `REDIRECTED`, `BAD_ANSWER`.
 */
export function judge(answer: Answer, { headers }: PlainRequest, place: HttpPlace): Response {
  const { status, bytes, text } = answer
  const { method, url } = place
  if (isRedirect(answer)) {
    const location = answer.headers.get('location')
    const to = location === null ? 'another address' : redact(location)
    throw httpErrors.create(
      'REDIRECTED',
      `${method} ${url} is redirected to ${to}, which is not followed; check the address of the API`,
      { ...place, ...(location !== null && { location: redact(location) }) },
    )
  }
  if (status < 200 || status > 299) {
    const body = errorBody(answer)
    const words = hostWords(body)
    throw httpErrors.create(
      'STATUS',
      `${method} ${url} answered ${status}${words === '' ? '' : `: ${words}`}`,
      {
        ...place,
        status,
        body,
        headers: Object.fromEntries(answer.headers),
      },
    )
  }
  if (bytes.length > 0 && expectsJson(headers.get('accept'))) {
    const type = answer.headers.get('content-type') ?? 'no content type'
    if (!/\bjson\b/i.test(type) || parsed(text) === undefined) {
      const reason = `the answer (${status}, ${type.slice(0, 60)}) is not JSON`
      const problem = `${method} ${url}: ${reason}; check the address of the API`
      throw httpErrors.create('BAD_ANSWER', problem, { ...place, reason })
    }
  }
  return new Response(withoutBody.has(status) ? null : bytes, { status, headers: answer.headers })
}

/** Where a redirect inside the origin leads: reads follow any, writes only one that keeps method and body. */
export function redirectTarget(
  { status, headers }: Answer,
  { method, url }: PlainRequest,
  origin: string,
): string | undefined {
  const location = headers.get('location')
  const follows = status === 307 || status === 308 || (!isWrite(method) && (status === 301 || status === 302))
  if (!follows || location === null || !URL.canParse(location, url)) return undefined
  const target = new URL(location, url)
  return target.origin === origin ? target.href : undefined
}

/** What a host says about a failure: the words of the usual error bodies in one line, without secrets. */
export function hostWords(body: unknown): string {
  if (typeof body === 'string') return /^\s*</.test(body) ? '' : oneLine(body)
  if (!isRecord(body)) return ''
  const { message, error, error_description: description, errors } = body
  const more =
    Array.isArray(errors) ? errors.map((entry: unknown) => (isRecord(entry) ? entry['message'] : entry)) : []
  const words = [message, error, description, ...more].flatMap(wordsOf)
  return oneLine([...new Set(words)].join('; '))
}

function wordsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  if (Array.isArray(value)) return value.flatMap(wordsOf)
  if (!isRecord(value)) return []
  return Object.entries(value).map(([field, entry]) => `${field} ${wordsOf(entry).join(', ')}`)
}

function oneLine(text: string): string {
  return redact(text.replace(/\s+/g, ' ').trim()).slice(0, 300)
}

/** A browser hides what a redirect that it may not follow says. */
function isRedirect({ status }: Answer): boolean {
  return status === 0 || (status >= 300 && status < 400 && status !== 304)
}

function errorBody({ text, headers }: Answer): unknown {
  const value = /\bjson\b/i.test(headers.get('content-type') ?? '') ? parsed(text) : undefined
  return value === undefined ? text.slice(0, 1000) : value
}

function expectsJson(accept: string | null): boolean {
  return accept === null || /json|\*\/\*/i.test(accept)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
