import {
  createWebhookReceiver,
  readUsualPullRequest,
  readUsualPush,
  verifySignedBody,
  type WebhookDialect,
  type WebhookOptions,
  type WebhookReceiver,
} from '@lg/pull-request/webhooks'

const dialect: WebhookDialect = {
  host: 'Gitea',
  verify: (delivery) =>
    // Without a secret it is there and empty.
    verifySignedBody(delivery, 'X-Gitea-Signature', either(delivery.headers, 'signature')),
  parse(payload, headers) {
    const name = either(headers, 'event') ?? 'unknown'
    const id = either(headers, 'delivery')
    if (name === 'push') return readUsualPush(payload, id, payload.record('repository').text('clone_url'))
    // `pull_request_approved` and the like tell of reviews.
    if (name.startsWith('pull_request')) return readUsualPullRequest(payload, id)
    return { type: 'other', id, name }
  },
}

/** Forgejo sends both; its own decides. */
function either(headers: Headers, name: string): string | undefined {
  return headers.get(`x-forgejo-${name}`) ?? headers.get(`x-gitea-${name}`) ?? undefined
}

/**
 * Webhooks of Gitea and Forgejo, sent with POST as `application/json` with a secret: HMAC with SHA-256 of the body, as
 * `X-Forgejo-Signature` or `X-Gitea-Signature`.
 *
 * @throws {LgError} `INVALID_OPTION` of `@lg/pull-request/webhooks`.
 */
export function createGiteaWebhooks(options: WebhookOptions): WebhookReceiver {
  return createWebhookReceiver(dialect, options)
}
