import { serializerErrors } from './errors.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/**
 * The text of UTF-8 bytes, a byte order mark included, so that the same bytes come back.
 *
 * @throws {LgError} `INVALID_DOCUMENT` with the line and column of the first byte that is not UTF-8.
 */
export function decodeUtf8(
  bytes: Uint8Array,
  place: { path?: string | undefined; line?: number | undefined } = {},
): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    const before = new TextDecoder().decode(bytes).split('\ufffd', 1)[0] ?? ''
    const line = (place.line ?? 1) + before.split('\n').length - 1
    const column = before.length - before.lastIndexOf('\n')
    const where = place.path === undefined ? `line ${line}` : `${place.path}:${line}:${column}`
    throw serializerErrors.create(
      'INVALID_DOCUMENT',
      `${where}: not UTF-8; save the file in UTF-8`,
      { path: place.path, line, column, reason: 'not UTF-8' },
      { cause },
    )
  }
}
