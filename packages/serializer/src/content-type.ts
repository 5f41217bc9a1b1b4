import { serializerErrors } from './errors.ts'

export type ContentType = 'application/yaml' | 'application/json'

export const contentTypes: readonly ContentType[] = ['application/yaml', 'application/json']

const byExtension: ReadonlyMap<string, ContentType> = new Map([
  ['.yaml', 'application/yaml'],
  ['.yml', 'application/yaml'],
  ['.json', 'application/json'],
])

/** The content type that the extension of a path names, in any case; `undefined` for any other extension. */
export function contentTypeOfPath(path: string): ContentType | undefined {
  const dot = path.lastIndexOf('.')
  return dot < 0 ? undefined : byExtension.get(path.slice(dot).toLowerCase())
}

const byteOrderMark = [0xef, 0xbb, 0xbf]
const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || (byte !== undefined && byte >= 9 && byte <= 13)

/**
 * JSON when the first bytes open a JSON object (`{` and then a quote or the end of the object), else YAML: every JSON
 * text is YAML too.
 */
export function contentTypeOfBytes(bytes: Uint8Array): ContentType {
  let at = byteOrderMark.every((byte, index) => bytes[index] === byte) ? byteOrderMark.length : 0
  const skipSpace = (): void => {
    while (isSpace(bytes[at])) at++
  }
  skipSpace()
  if (bytes[at] !== 0x7b) return 'application/yaml'
  at++
  skipSpace()
  return bytes[at] === 0x22 || bytes[at] === 0x7d ? 'application/json' : 'application/yaml'
}

/**
 * Narrows a media type that came from outside; parameters such as `charset` are ignored.
 *
 * @throws {LgError} `UNSUPPORTED_CONTENT_TYPE`.
 */
export function asContentType(value: string): ContentType {
  const type = value.split(';', 1)[0]?.trim().toLowerCase()
  const found = contentTypes.find((known) => known === type)
  if (found !== undefined) return found
  throw serializerErrors.create(
    'UNSUPPORTED_CONTENT_TYPE',
    `Cannot read or write ${value || 'an empty content type'}; known: ${contentTypes.join(', ')}`,
    { contentType: value, supported: contentTypes },
  )
}
