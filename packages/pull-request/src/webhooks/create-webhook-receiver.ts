import { gitErrors } from '@lg/git'
import { systemClock, type CallOptions } from '@lg/runtime'
import { readAnswer, type AnswerReader } from '../http/answer.ts'
import { httpErrors } from '../http/errors.ts'
import { readBody } from '../http/read-body.ts'
import { createDeliveryMemory } from './delivery-memory.ts'
import { webhookErrors, type WebhookErrors } from './errors.ts'
import type { FreshWebhookEvent } from './event.ts'
import type { WebhookOptions, WebhookReceiver } from './receiver.ts'

/** A request that is to be verified. */
export interface WebhookDelivery {
  readonly headers: Headers
  /** As it came. */
  readonly body: Uint8Array<ArrayBuffer>
  readonly secret: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * - `vouched`: what the signature covers besides the body; the same body with something else there is another delivery.
 * - `reason`: for people who set the webhook up.
 */
export type WebhookVerdict =
  | { readonly type: 'verified'; readonly vouched?: string | undefined }
  | { readonly type: 'refused'; readonly reason: string }

/** What tells the webhooks of one host from those of another. */
export interface WebhookDialect {
  /** For messages. */
  readonly host: string
  /** Why a secret is of no use; `undefined` when it is. Default: any is. */
  checkSecret?(secret: string): string | undefined
  verify(delivery: WebhookDelivery): Promise<WebhookVerdict>
  /** Reads a verified payload; a field that is not as documented ends in `BAD_PAYLOAD`. */
  parse(payload: AnswerReader, headers: Headers): FreshWebhookEvent
}

/**
 * A receiver made of what is special to one host.
 *
 * @throws {LgError} `INVALID_OPTION`.
 */
export function createWebhookReceiver(dialect: WebhookDialect, options: WebhookOptions): WebhookReceiver {
  const { host } = dialect
  const { bodyLimit = 4 * 1024 * 1024, remember = 300_000, clock = systemClock } = options
  const secrets = [options.secret].flat()
  checkSecrets(secrets, dialect)
  const seen = createDeliveryMemory(clock, remember)

  const refuse = <Code extends Exclude<keyof WebhookErrors, 'INVALID_OPTION'>>(
    code: Code,
    status: number,
    problem: string,
    details: Omit<WebhookErrors[Code], 'host' | 'status'>,
  ): Error =>
    webhookErrors.create(code, `Webhook of ${host} refused: ${problem}`, {
      host,
      status,
      ...details,
    } as unknown as WebhookErrors[Code])
  const badPayload = (reason: string): Error => refuse('BAD_PAYLOAD', 400, reason, { reason })
  const tooLarge = (): Error =>
    refuse('TOO_LARGE', 413, `it has more than ${bodyLimit} bytes`, { limit: bodyLimit })

  const readRaw = async (request: Request, { signal }: CallOptions): Promise<Uint8Array<ArrayBuffer>> => {
    const { method, headers } = request
    if (method !== 'POST') throw refuse('METHOD_NOT_ALLOWED', 405, 'send it with POST', { method })
    const contentType = (headers.get('content-type') ?? '').slice(0, 100)
    if (!/^application\/json\s*(?:;|$)/i.test(contentType)) {
      const problem = 'it is not JSON; choose application/json in the settings of the webhook'
      throw refuse('UNSUPPORTED_MEDIA_TYPE', 415, problem, { contentType })
    }
    if (Number(headers.get('content-length') ?? 0) > bodyLimit) throw tooLarge()
    const body = await readBody(request, bodyLimit, signal).catch((error: unknown) => {
      if (signal?.aborted) throw error
      // What the platform throws for it may be anything.
      throw badPayload('the connection ended before its body did')
    })
    if (body === undefined) throw tooLarge()
    return body
  }

  /** What the signature of any of the secrets vouches for. */
  const verify = async (headers: Headers, body: Uint8Array<ArrayBuffer>): Promise<string> => {
    let reason = ''
    for (const secret of secrets) {
      const verdict = await dialect.verify({ headers, body, secret, now: clock.now() })
      if (verdict.type === 'verified') return verdict.vouched ?? ''
      reason = verdict.reason
    }
    throw refuse('UNVERIFIED', 401, reason, { reason })
  }

  const parse = (body: Uint8Array<ArrayBuffer>, headers: Headers): FreshWebhookEvent => {
    let value: unknown
    try {
      value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    } catch {
      throw badPayload('it is no JSON')
    }
    try {
      return dialect.parse(readAnswer(value, 'webhook'), headers)
    } catch (error) {
      if (httpErrors.is(error, 'BAD_ANSWER')) throw badPayload(error.details.reason)
      if (gitErrors.is(error, 'INVALID_REPOSITORY')) throw badPayload(error.message)
      throw error
    }
  }

  return {
    host,
    async receive(request, call = {}) {
      call.signal?.throwIfAborted()
      const body = await readRaw(request, call)
      const vouched = await verify(request.headers, body)
      const event = parse(body, request.headers)
      if (await seen.isNew(body, vouched)) return event
      return { type: 'repeated', id: event.id, event }
    },
  }
}

function checkSecrets(secrets: readonly unknown[], { checkSecret }: WebhookDialect): void {
  const reason =
    secrets.length === 0 ? 'there is none'
    : secrets.some((secret) => typeof secret !== 'string' || secret === '') ? 'it is empty'
    : secrets.map((secret) => checkSecret?.(secret as string)).find((problem) => problem !== undefined)
  if (reason === undefined) return
  throw webhookErrors.create('INVALID_OPTION', `Option secret: ${reason}`, { option: 'secret', reason })
}
