import { defineErrors, type ErrorFamily } from '@lg/runtime'

/** Which request it was. The URL is without its query. */
export interface HttpPlace {
  readonly method: string
  readonly url: string
}

/** The codes of the HTTP layer. `toPortError` gives each its code of the port. */
export interface HttpErrors {
  /** An option of the client is wrong. */
  INVALID_OPTION: { readonly option: string; readonly reason: string }
  /** An answer that is no success. `body` is parsed JSON, or else the text, cut to 1,000 characters. */
  STATUS: HttpPlace & {
    readonly status: number
    readonly body: unknown
    /** Names in lower case. */
    readonly headers: Readonly<Record<string, string>>
  }
  /** Milliseconds since the epoch when the host takes requests again. */
  RATE_LIMITED: HttpPlace & { readonly retryAt: number }
  /** No answer, or half of one. `sent`: a write may have arrived. */
  NETWORK: HttpPlace & { readonly sent: boolean; readonly reason: string }
  TIMEOUT: HttpPlace & { readonly sent: boolean; readonly timeout: number }
  /** A redirect that is not followed. `location` is absent where the platform hides it. */
  REDIRECTED: HttpPlace & { readonly location?: string }
  /** A request that would leave the origin of the API. Nothing was sent. */
  FOREIGN_ORIGIN: HttpPlace & { readonly origin: string }
  /** An answer that is too large, not JSON, or not of the shape that it should have. */
  BAD_ANSWER: Partial<HttpPlace> & { readonly reason: string }
}

export const httpErrors: ErrorFamily<HttpErrors> = defineErrors()
