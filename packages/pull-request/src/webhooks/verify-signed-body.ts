import type { WebhookDelivery, WebhookVerdict } from './create-webhook-receiver.ts'
import { bytesOf, bytesOfHex, isHmac } from './signature.ts'

/**
 * The verdict on a body that is signed with HMAC and SHA-256, the secret being the key.
 *
 * @param header where the signature stands, for messages.
 * @param hex the signature; `undefined` or empty where there is none.
 */
export async function verifySignedBody(
  { body, secret }: WebhookDelivery,
  header: string,
  hex: string | undefined,
): Promise<WebhookVerdict> {
  if (hex === undefined || hex === '') {
    return { type: 'refused', reason: `${header} is missing; give the webhook the secret` }
  }
  const signature = bytesOfHex(hex)
  return signature !== undefined && (await isHmac(bytesOf(secret), body, signature)) ?
      { type: 'verified' }
    : { type: 'refused', reason: `${header} does not fit; is the secret the same on both sides?` }
}
