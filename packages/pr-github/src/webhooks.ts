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
  host: 'GitHub',
  verify(delivery) {
    const [, hex] = /^sha256=(.+)$/.exec(delivery.headers.get('x-hub-signature-256') ?? '') ?? []
    return verifySignedBody(delivery, 'X-Hub-Signature-256', hex)
  },
  parse(payload, headers) {
    const name = headers.get('x-github-event') ?? 'unknown'
    const id = headers.get('x-github-delivery') ?? undefined
    if (name === 'push') return readUsualPush(payload, id, payload.record('repository').text('clone_url'))
    if (name === 'pull_request') return readUsualPullRequest(payload, id)
    return { type: 'other', id, name }
  },
}

/**
 * Webhooks of GitHub, also those of a GitHub App, sent as `application/json` with a secret: HMAC with SHA-256 of the body,
 * as `X-Hub-Signature-256`. The old `X-Hub-Signature` with SHA-1 does not count.
 *
 * @throws {LgError} `INVALID_OPTION` of `@lg/pull-request/webhooks`.
 */
export function createGitHubWebhooks(options: WebhookOptions): WebhookReceiver {
  return createWebhookReceiver(dialect, options)
}
