import {
  createHttpFetch,
  httpErrors,
  parseBaseUrl,
  readAnswer,
  type HttpOptions,
  type TokenRequest,
} from '@lg/pull-request/http'
import { abortable, systemClock } from '@lg/runtime'
import { importPrivateKey, signToken } from './app-key.ts'

export interface GitHubAppOptions extends HttpOptions {
  /** The app's id or client id. */
  readonly appId: number | string
  /** Where it is installed: the number at the end of the installation's address. It covers one owner. */
  readonly installationId: number
  /** The private key as GitHub gives it: PEM text, PKCS #1 or PKCS #8. */
  readonly privateKey: string
  /** As for the provider. Default `https://api.github.com`. */
  readonly apiUrl?: string | undefined
}

/** Milliseconds before its end at which a token is no longer used: a call may take as long. */
const margin = 5 * 60_000

/**
 * The token of a provider that acts as an installation of a GitHub App. It is fetched when it is first needed, kept
 * until shortly before it ends (GitHub gives an hour), and fetched anew when GitHub refuses it.
 *
 * @throws {LgError} `INVALID_OPTION` of `@lg/pull-request/http` for an address that is none, here; each call for a key
 *   that is none, and as any request does.
 * @example
 * ```ts
 * createGitHubProvider({ token: createGitHubAppToken({ appId, installationId, privateKey }) })
 * ```
 */
export function createGitHubAppToken(options: GitHubAppOptions): (request: TokenRequest) => Promise<string> {
  const { appId, installationId, privateKey, apiUrl = 'https://api.github.com', insecureHttp } = options
  const { clock = systemClock } = options
  const baseUrl = parseBaseUrl(apiUrl, { option: 'apiUrl', insecureHttp })
  const key = importPrivateKey(privateKey)
  // Reported when it is used; nobody may be there yet to hear of it.
  key.catch(() => undefined)
  const fetch = createHttpFetch({
    ...options,
    baseUrl,
    token: async () => signToken(await key, String(appId), clock.now()),
  })
  let kept: { readonly token: string; readonly until: number } | undefined
  let pending: Promise<string> | undefined

  const fetchToken = async (): Promise<string> => {
    const url = `${baseUrl}/app/installations/${installationId}/access_tokens`
    const response = await fetch(url, { method: 'POST', headers: { accept: 'application/vnd.github+json' } })
    const answer = readAnswer(await response.json(), 'installation token')
    kept = { token: answer.text('token'), until: answer.time('expires_at') - margin }
    return kept.token
  }

  return async ({ refused, origin, signal }) => {
    if (origin !== new URL(baseUrl).origin) {
      const reason = `it is for ${new URL(baseUrl).origin}, and the provider's API is at ${origin}`
      throw httpErrors.create('INVALID_OPTION', `Option token: ${reason}`, { option: 'token', reason })
    }
    if (kept !== undefined && kept.token !== refused && kept.until > clock.now()) return kept.token
    // Whoever asks meanwhile waits for the same one.
    pending ??= fetchToken().finally(() => void (pending = undefined))
    return await abortable(pending, signal)
  }
}
