import { verify } from 'node:crypto'
import type { HostRequest } from '../exchange.ts'
import type { HostContext } from '../fake-host.ts'
import type { Route } from '../routes.ts'
import { failed, notFound } from './answers.ts'
import type { FakeApp } from './create-fake-github.ts'

/** The one request that an app makes as itself. */
export function isAppRequest({ path }: HostRequest): boolean {
  return path.startsWith('/app/')
}

export function appRoute(app: FakeApp | undefined): Route<HostContext> {
  return {
    method: 'POST',
    pattern: '/app/installations/:installation/access_tokens',
    serve({ params, headers }, context) {
      const [, jwt = ''] = /^bearer (.+)$/i.exec(headers.authorization ?? '') ?? []
      if (app === undefined || !isSignedBy(app, jwt, context.now())) {
        return failed(401, 'A JSON web token could not be decoded')
      }
      if (params['installation'] !== String(app.installation)) return notFound
      const end = new Date(context.now() + app.lifetime).toISOString()
      return { status: 201, body: { token: context.token, expires_at: end, permissions: {} } }
    },
  }
}

function isSignedBy({ id, publicKey }: FakeApp, jwt: string, now: number): boolean {
  const [header = '', claims = '', signature = ''] = jwt.split('.')
  const data = Buffer.from(`${header}.${claims}`)
  if (!verify('RSA-SHA256', data, publicKey, Buffer.from(signature, 'base64url'))) return false
  const { iat, exp, iss } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>
  const seconds = now / 1000
  return iss === id && Number(iat) <= seconds && Number(exp) > seconds && Number(exp) - Number(iat) <= 600
}
