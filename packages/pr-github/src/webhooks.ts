import {
  bytesOf,
  bytesOfHex,
  createWebhookReceiver,
  isHmac,
  readUsualPullRequest,
  readUsualPush,
  type WebhookDialect,
  type WebhookOptions,
  type WebhookReceiver,
} from '@lg/pull-request/webhooks'

const dialect: WebhookDialect = {
  host: 'GitHub',
  async verify({ headers, body, secret }) {
    const header = headers.get('x-hub-signature-256')
    if (header === null) {
      return { type: 'refused', reason: 'X-Hub-Signature-256 is missing; give the webhook the secret' }
    }
    const signature = header.startsWith('sha256=') ? bytesOfHex(header.slice('sha256='.length)) : undefined
    return signature !== undefined && (await isHmac(bytesOf(secret), body, signature)) ?
        { type: 'verified' }
      : { type: 'refused', reason: 'X-Hub-Signature-256 does not fit; is the secret the same on both sides?' }
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
