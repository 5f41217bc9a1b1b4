export { createWebhookReceiver } from './create-webhook-receiver.ts'
export type { WebhookDelivery, WebhookDialect, WebhookVerdict } from './create-webhook-receiver.ts'
export { webhookErrors } from './errors.ts'
export type { WebhookErrors, WebhookRefusal } from './errors.ts'
export type {
  FreshWebhookEvent,
  WebhookEvent,
  WebhookOther,
  WebhookPullRequest,
  WebhookPullRequestAction,
  WebhookPush,
  WebhookRefChange,
  WebhookRepeated,
} from './event.ts'
export { movesBranch } from './moves-branch.ts'
export type { WebhookOptions, WebhookReceiver } from './receiver.ts'
export { bytesOf, bytesOfBase64, isHmac, isSameText } from './signature.ts'
export { readUsualPullRequest, readUsualPush, refChange } from './usual-payload.ts'
export { verifySignedBody } from './verify-signed-body.ts'
