import type { IncomingMessage } from 'node:http'

/** Why a request is turned away, as HTTP says it; `undefined` lets it in. */
export type Refusal = { readonly status: 400 | 403 | 415 | 421; readonly reason: string } | undefined

/**
 * Keeps pages of other sites and rebound host names away from a server on loopback: Host must be one that the
 * server is known by, Origin (when a browser sends one) the same place, and a body must be JSON, which a page
 * elsewhere cannot send without asking first.
 *
 * @param hosts host names without port, in lower case.
 * @param signedPaths whose requests prove by a signature who sends them: they may come by any name of this server, and
 *   from no page.
 */
export function refuseRequest(
  request: IncomingMessage,
  hosts: ReadonlySet<string>,
  signedPaths: readonly string[] = [],
): Refusal {
  const { host = '', origin } = request.headers
  const isSigned = signedPaths.includes((request.url ?? '').replace(/\?.*$/s, ''))
  if (!isSigned && !isKnown(`http://${host}`, hosts)) {
    return {
      status: 421,
      reason: `This server is not known as "${printable(host)}"; start it with --host to add a name`,
    }
  }
  if (origin !== undefined && (!isKnown(origin, hosts) || new URL(origin).host !== host.toLowerCase())) {
    return { status: 403, reason: 'Requests from pages of other sites are not answered' }
  }
  if (hasDotSegment(request.url ?? '')) return { status: 400, reason: 'The path holds a "." or ".." part' }
  if (hasBody(request) && !isJson(request.headers['content-type'])) {
    return { status: 415, reason: 'Send the body as Content-Type: application/json' }
  }
  return undefined
}

function isKnown(origin: string, hosts: ReadonlySet<string>): boolean {
  try {
    const url = new URL(origin)
    return url.username === '' && url.pathname === '/' && hosts.has(url.hostname)
  } catch {
    return false
  }
}

/** The raw path: URL parsers resolve such parts, and the caller would be answered for another place. */
function hasDotSegment(url: string): boolean {
  const [path = ''] = url.split(/[?#]/, 1)
  return path.split(/\/|%2f|\\|%5c/i).some((part) => /^(?:\.|%2e){1,2}$/i.test(part))
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

const isJson = (type = ''): boolean => /^application\/json\s*(?:;|$)/i.test(type)
const printable = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 100)
