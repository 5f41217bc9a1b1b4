import { redact } from '@lg/git'
import { httpErrors } from './errors.ts'

/**
 * The root of an API as client libraries take it: without a slash at the end. Pure.
 *
 * @throws {LgError} `INVALID_OPTION` unless it is an `https` URL without user, query and fragment; `http` only for a
 *   loopback address, or with `insecureHttp`.
 */
export function parseBaseUrl(
  text: string,
  options: { readonly option?: string; readonly insecureHttp?: boolean | undefined } = {},
): string {
  const { option = 'baseUrl', insecureHttp = false } = options
  const invalid = (reason: string): Error =>
    httpErrors.create('INVALID_OPTION', `Option ${option}: ${redact(text)}: ${reason}`, { option, reason })
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw invalid('it is not a URL')
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalid('it is neither https nor http')
  if (url.username !== '' || url.password !== '')
    throw invalid('a user or password in it is not used; pass a token')
  if (/[?#]/.test(text)) throw invalid('it has a query or a fragment')
  if (url.protocol === 'http:' && !insecureHttp && !isLoopback(url.hostname)) {
    throw invalid('plain http shows the token to the network; use https, or allow it with insecureHttp')
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(?:\.\d+){3}$/.test(host)
  )
}
