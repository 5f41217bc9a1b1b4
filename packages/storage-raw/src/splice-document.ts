import { contentTypeOf } from './content-type.ts'
import type { RecognizedDocument } from './recognized.ts'

type Range = Pick<RecognizedDocument, 'start' | 'end'>

/**
 * A file with one document replaced, added or removed, and every other document byte for byte the same.
 *
 * @param index the document to replace or remove; `documents.length` adds one at the end, or before the last document
 *   when the file has no final newline: a line after that one could change its value.
 * @param bytes the document's new content, without a separator; `null` removes it together with its separator.
 */
export function spliceDocument(
  file: { readonly path: string; readonly bytes: Uint8Array; readonly documents: readonly Range[] },
  index: number,
  bytes: Uint8Array | null,
): Uint8Array {
  const { documents } = file
  const before = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength)
  const isYaml = contentTypeOf(file.path) !== 'application/json'
  const newline = before.includes('\r\n') ? '\r\n' : '\n'
  const closed = (content: Uint8Array): Buffer =>
    content.at(-1) === lineFeed ? Buffer.from(content) : Buffer.concat([content, Buffer.from(newline)])

  const target = documents[index]
  if (target !== undefined && bytes === null) {
    const next = documents[index + 1]
    const previous = documents[index - 1]
    const [from, to] =
      previous !== undefined ? [previous.end, target.end]
      : next !== undefined ? [target.start, next.start]
      : [target.start, target.end]
    return Buffer.concat([before.subarray(0, from), before.subarray(to)])
  }
  if (bytes === null) return before
  if (target !== undefined) {
    const rest = before.subarray(target.end)
    const lead = before.subarray(0, target.start)
    const onSeparatorLine =
      lead.length > 0 && lead.at(-1) !== lineFeed && !lead.equals(byteOrderMark) && !isBlank(bytes[0])
    return Buffer.concat([
      lead,
      Buffer.from(onSeparatorLine && isYaml ? newline : ''),
      rest.length > 0 ? closed(bytes) : bytes,
      rest,
    ])
  }
  const separator = Buffer.from(isYaml ? `---${newline}` : '')
  if (before.every(isBlank)) return Buffer.from(bytes)
  const last = documents.at(-1)
  if (before.at(-1) !== lineFeed && last !== undefined && isYaml) {
    return Buffer.concat([
      before.subarray(0, last.start),
      closed(bytes),
      separator,
      before.subarray(last.start),
    ])
  }
  return Buffer.concat([closed(before), separator, bytes])
}

const lineFeed = 0x0a
const byteOrderMark = Buffer.from('\uFEFF')
const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x09 || byte === lineFeed || byte === 0x0d
