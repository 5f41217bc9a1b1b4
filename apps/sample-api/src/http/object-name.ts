import { HTTPException } from 'hono/http-exception'

const label = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?'
const subdomain = new RegExp(`^${label}(?:\\.${label})*$`)

/**
 * A name from a request, checked to be a DNS subdomain (RFC 1123) of at most 253 characters.
 *
 * @throws HTTP 400 for any other.
 */
export function checkObjectName(name: string, what = 'name'): string {
  if (name.length <= 253 && subdomain.test(name)) return name
  throw new HTTPException(400, {
    message: `The ${what} must be a DNS subdomain: at most 253 lower-case letters, digits, "-" and "."`,
  })
}
