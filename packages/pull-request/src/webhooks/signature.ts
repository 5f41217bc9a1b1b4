const algorithm = { name: 'HMAC', hash: 'SHA-256' } as const

/** Whether `signature` is the HMAC (RFC 2104) with SHA-256 of a message; takes as long for a wrong one. */
export async function isHmac(
  key: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['verify'])
  return await crypto.subtle.verify('HMAC', imported, signature, message)
}

/** Whether two texts are equal; how long it takes tells nothing of where they differ. */
export async function isSameText(one: string, other: string): Promise<boolean> {
  const random = crypto.getRandomValues(new Uint8Array(32))
  const key = await crypto.subtle.importKey('raw', random, algorithm, false, ['sign', 'verify'])
  const signature = await crypto.subtle.sign('HMAC', key, bytesOf(one))
  return await crypto.subtle.verify('HMAC', key, signature, bytesOf(other))
}

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

/** `undefined` for what is not hexadecimal. */
export function bytesOfHex(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^(?:[0-9a-f]{2})+$/i.test(text)) return undefined
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    Number.parseInt(text.slice(index * 2, index * 2 + 2), 16),
  )
}

/** `undefined` for what is not base64. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))
  } catch {
    return undefined
  }
}
