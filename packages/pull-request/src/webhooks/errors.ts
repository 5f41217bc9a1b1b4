import { defineErrors, type ErrorFamily } from '@lg/runtime'

/** What every refusal tells. */
export interface WebhookRefusal {
  /** Whose webhooks: `GitHub`. */
  readonly host: string
  /** The HTTP status to answer with. */
  readonly status: number
}

/** The codes of webhooks. None of their messages holds anything of the secret. */
export interface WebhookErrors {
  /** An option of the receiver is wrong. */
  INVALID_OPTION: { readonly option: string; readonly reason: string }
  /** No signature, a wrong one, or one that is too old: 401. */
  UNVERIFIED: WebhookRefusal & { readonly reason: string }
  /** Something else than POST: 405. */
  METHOD_NOT_ALLOWED: WebhookRefusal & { readonly method: string }
  /** Not sent as JSON: 415. */
  UNSUPPORTED_MEDIA_TYPE: WebhookRefusal & { readonly contentType: string }
  /** 413. */
  TOO_LARGE: WebhookRefusal & { readonly limit: number }
  /** Verified, but not what the host documents: 400. */
  BAD_PAYLOAD: WebhookRefusal & { readonly reason: string }
}

export const webhookErrors: ErrorFamily<WebhookErrors> = defineErrors()
