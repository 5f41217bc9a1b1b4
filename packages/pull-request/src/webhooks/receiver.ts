import type { CallOptions, Clock } from '@lg/runtime'
import type { WebhookEvent } from './event.ts'

/**
 * Takes the webhooks of one host. Implementations must pass `webhookConformance` of `@lg/pull-request/testing`.
 *
 * @example
 * ```ts
 * const webhooks = createGitHubWebhooks({ secret: process.env['WEBHOOK_SECRET'] ?? '' })
 * const event = await webhooks.receive(request)
 * if (movesBranch(event, { repository, branch: 'main' })) gitDirectory.notify()
 * ```
 */
export interface WebhookReceiver {
  /** For messages: `GitHub`. */
  readonly host: string
  /**
   * Verifies a request, on its raw body, and tells what it is about. The body must not have been read. What comes again
   * within `remember` is `repeated`, also when nobody dealt with it the first time. Any number of calls may run at once.
   *
   * @throws {LgError} `METHOD_NOT_ALLOWED`, `UNSUPPORTED_MEDIA_TYPE`, `TOO_LARGE`, `UNVERIFIED`, `BAD_PAYLOAD` of
   *   {@link webhookErrors}, each with the `status` to answer with; else the signal's reason.
   */
  receive(request: Request, options?: CallOptions): Promise<WebhookEvent>
}

export interface WebhookOptions {
  /** What only the host and we know. Several while it is changed: any of them counts. */
  readonly secret: string | readonly string[]
  /** Bytes of a request. Default 4 MiB. */
  readonly bodyLimit?: number | undefined
  /** Milliseconds that a delivery is remembered, so as to tell when it comes again. Default 300,000. */
  readonly remember?: number | undefined
  /** Default: the system's. */
  readonly clock?: Clock | undefined
}
