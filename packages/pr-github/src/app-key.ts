import { httpErrors } from '@lg/pull-request/http'

const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const

/**
 * Reads the private key of an app.
 *
 * @throws {LgError} `INVALID_OPTION`.
 */
export async function importPrivateKey(pem: string): Promise<CryptoKey> {
  const invalid = (reason: string): Error =>
    httpErrors.create('INVALID_OPTION', `Option privateKey: ${reason}`, { option: 'privateKey', reason })
  // Environments keep one line where the file has many.
  const text = pem.replaceAll('\\n', '\n')
  const [, kind, base64 = ''] =
    /-----BEGIN (RSA )?PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(text) ?? []
  if (base64 === '') throw invalid('it is not a private RSA key in PEM text, or it is encrypted')
  try {
    const der = Uint8Array.from(atob(base64.replace(/\s/g, '')), (sign) => sign.charCodeAt(0))
    const pkcs8 = kind === undefined ? der : wrapPkcs1(der)
    return await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
  } catch {
    // What the platform says may hold parts of the key.
    throw invalid('it cannot be read as an RSA key')
  }
}

/** A JSON Web Token (RFC 7519) as GitHub wants it: RS256, for at most ten minutes. */
export async function signToken(key: CryptoKey, issuer: string, now: number): Promise<string> {
  const seconds = Math.floor(now / 1000)
  // A minute ago, since clocks differ.
  const claims = { iat: seconds - 60, exp: seconds + 540, iss: issuer }
  const encode = (value: unknown): string => base64Url(new TextEncoder().encode(JSON.stringify(value)))
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`
  const signature = await crypto.subtle.sign(algorithm.name, key, new TextEncoder().encode(signed))
  return `${signed}.${base64Url(new Uint8Array(signature))}`
}

/** PKCS #1 is the inner part of PKCS #8 (RFC 5208): version 0, the identifier of RSA, and the key. */
function wrapPkcs1(key: Uint8Array): Uint8Array<ArrayBuffer> {
  const version = [0x02, 0x01, 0x00]
  const rsaEncryption = [
    0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
  ]
  return new Uint8Array(derField(0x30, [...version, ...rsaEncryption, ...derField(0x04, [...key])]))
}

function derField(tag: number, content: readonly number[]): number[] {
  const { length } = content
  if (length < 0x80) return [tag, length, ...content]
  return length < 0x100 ?
      [tag, 0x81, length, ...content]
    : [tag, 0x82, length >> 8, length & 0xff, ...content]
}

function base64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
