import { parseRepositoryReference } from '@lg/git'
import type { AnswerReader } from '@lg/pull-request/http'
import {
  bytesOf,
  bytesOfBase64,
  createWebhookReceiver,
  isHmac,
  isSameText,
  readUsualPush,
  type WebhookDelivery,
  type WebhookDialect,
  type WebhookOptions,
  type WebhookPullRequest,
  type WebhookPullRequestAction,
  type WebhookReceiver,
  type WebhookVerdict,
} from '@lg/pull-request/webhooks'
import { plainTitle } from './to-pull-request.ts'

/** What signing tokens begin with (Standard Webhooks 1.0); the rest is the key in base64. */
const signingPrefix = 'whsec_'
/** Milliseconds that a signed delivery may be old, or clocks may differ. */
const signedFor = 300_000
const signatureLimit = 10

const dialect: WebhookDialect = {
  host: 'GitLab',
  checkSecret: (secret) =>
    secret.startsWith(signingPrefix) && keyOf(secret) === undefined ?
      `it begins as a signing token does (${signingPrefix}), and the rest is not base64`
    : undefined,
  async verify(delivery) {
    const { headers, secret } = delivery
    if (secret.startsWith(signingPrefix)) return await verifySignature(delivery)
    const token = headers.get('x-gitlab-token')
    if (token === null)
      return { type: 'refused', reason: 'X-Gitlab-Token is missing; give the webhook the secret' }
    return (await isSameText(token, secret)) ?
        { type: 'verified' }
      : { type: 'refused', reason: 'X-Gitlab-Token is another one; is the secret the same on both sides?' }
  },
  parse(payload, headers) {
    const id = headers.get('webhook-id') ?? headers.get('idempotency-key') ?? undefined
    // Hooks of an instance have another name for it.
    const kind = payload.optionalText('object_kind') ?? payload.optionalText('event_name')
    if (kind === 'push' || kind === 'tag_push') return readUsualPush(payload, id, cloneUrlOf(payload))
    if (kind === 'merge_request') return readPullRequest(payload, id)
    return { type: 'other', id, name: kind ?? headers.get('x-gitlab-event') ?? 'unknown' }
  },
}

async function verifySignature({ headers, body, secret, now }: WebhookDelivery): Promise<WebhookVerdict> {
  const [id, time, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headers.get(name),
  )
  const key = keyOf(secret)
  if (!id || !time || !signatures || key === undefined) {
    const reason =
      'webhook-id, webhook-timestamp or webhook-signature is missing; give the webhook the signing token'
    return { type: 'refused', reason }
  }
  if (!/^\d{1,12}$/.test(time) || Math.abs(now - Number(time) * 1000) > signedFor) {
    return { type: 'refused', reason: 'webhook-timestamp is too old or too new; do the clocks agree?' }
  }
  const begin = bytesOf(`${id}.${time}.`)
  const message = new Uint8Array(begin.length + body.length)
  message.set(begin)
  message.set(body, begin.length)
  // Several while the token is changed, and not as many as somebody makes up.
  for (const [, base64 = ''] of [...signatures.matchAll(/(?:^| )v1,(\S+)/g)].slice(0, signatureLimit)) {
    const signature = bytesOfBase64(base64)
    // One that is tried again is the same delivery, whenever that is.
    if (signature !== undefined && (await isHmac(key, message, signature)))
      return { type: 'verified', vouched: id }
  }
  const reason = 'webhook-signature does not fit; is the signing token the same on both sides?'
  return { type: 'refused', reason }
}

function keyOf(secret: string): Uint8Array<ArrayBuffer> | undefined {
  const key = bytesOfBase64(secret.slice(signingPrefix.length))
  return key?.length === 0 ? undefined : key
}

function cloneUrlOf(payload: AnswerReader): string {
  return payload.record('project').text('git_http_url')
}

const actions: ReadonlyMap<string | undefined, WebhookPullRequestAction> = new Map([
  ['open', 'opened'],
  ['reopen', 'reopened'],
  ['close', 'closed'],
  ['merge', 'merged'],
])

function readPullRequest(payload: AnswerReader, id: string | undefined): WebhookPullRequest {
  const pull = payload.record('object_attributes')
  const draft = (pull.value['draft'] ?? pull.value['work_in_progress']) === true
  return {
    type: 'pullRequest',
    id,
    repository: parseRepositoryReference(cloneUrlOf(payload)),
    action: actions.get(pull.optionalText('action')) ?? 'updated',
    number: pull.number('iid'),
    url: pull.optionalText('url'),
    title: plainTitle(pull.text('title'), draft),
    head: pull.text('source_branch'),
    headCommit: pull.optionalRecord('last_commit')?.oid('id'),
    base: pull.text('target_branch'),
  }
}

/**
 * Webhooks of GitLab, of projects, groups and whole instances. A secret that begins with `whsec_` is a signing token, which
 * new versions have: HMAC with SHA-256 of name, time and body, as `webhook-signature`, for five minutes. Any other is a
 * secret token, which goes along as it is in `X-Gitlab-Token`, and vouches for nothing that it goes with.
 *
 * @throws {LgError} `INVALID_OPTION` of `@lg/pull-request/webhooks`.
 */
export function createGitLabWebhooks(options: WebhookOptions): WebhookReceiver {
  return createWebhookReceiver(dialect, options)
}
