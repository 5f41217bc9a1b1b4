/**
 * `text` fit to be shown: user info and queries of URLs are cut out, and each of `secrets` where it stands, also
 * percent-encoded or in base64.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let shown = text
    // The authority may end only at the last "@": a password can hold a slash.
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s'"<>]*@/gi, '$1')
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s'"<>?#]*)[?#][^\s'"<>]*/gi, '$1?***')
    .replace(/^[^\s@/]*:[^\s@]*@(?=[^\s@/]+:)/, '')
    .replace(/\b(authorization:\s*\S+\s+)\S+/gi, '$1***')
  for (const secret of secrets) {
    // Shorter than this a secret protects nothing, and cutting it out would shred the text.
    if (secret.length < 4) continue
    for (const form of new Set([secret, encodeURIComponent(secret)])) shown = shown.split(form).join('***')
  }
  return shown
}
