import { asContentType, contentTypeOfBytes, contentTypeOfPath, type ContentType } from '../content-type.ts'
import { serializerErrors } from '../errors.ts'
import { decodeUtf8 } from '../utf8.ts'
import { createByteBuffer } from './byte-buffer.ts'
import { byteChunks, type ByteSource } from './byte-source.ts'
import type { DocumentRange, DocumentScanner } from './document-scanner.ts'
import {
  defaultMaxBytes,
  defaultMaxFrames,
  type Frame,
  type FrameReader,
  type FrameReaderOptions,
} from './frame.ts'
import { createJsonScanner } from './json-scanner.ts'
import { createYamlScanner } from './yaml-scanner.ts'

/** Documents of a YAML stream, divided by `---` lines. Blank and comment-only documents are passed over. */
export function yamlFrameReader(source: ByteSource, options: FrameReaderOptions = {}): FrameReader {
  return scanFrames(source, 'application/yaml', createYamlScanner(), options)
}

/** JSON texts one after the other; they need no separator. */
export function jsonFrameReader(source: ByteSource, options: FrameReaderOptions = {}): FrameReader {
  return scanFrames(source, 'application/json', createJsonScanner(), options)
}

/**
 * Documents of a source in hand. The content type is the one given, else the one that the extension of
 * `options.path` names, else JSON when the first bytes open a JSON object, else YAML.
 *
 * @throws {LgError} `UNSUPPORTED_CONTENT_TYPE`.
 */
export function frameReader(
  source: string | Uint8Array,
  options: FrameReaderOptions & { readonly contentType?: string | undefined } = {},
): FrameReader {
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source
  const named: ContentType | undefined =
    options.contentType !== undefined ?
      asContentType(options.contentType)
    : contentTypeOfPath(options.path ?? '')
  const contentType = named ?? contentTypeOfBytes(bytes)
  return contentType === 'application/json' ?
      jsonFrameReader(bytes, options)
    : yamlFrameReader(bytes, options)
}

function scanFrames(
  source: ByteSource,
  contentType: ContentType,
  scanner: DocumentScanner,
  options: FrameReaderOptions,
): FrameReader {
  const { maxBytes = defaultMaxBytes, maxFrames = defaultMaxFrames, path } = options
  const chunks = byteChunks(source)
  const buffer = createByteBuffer()
  let atEnd = false
  /** Where what stands between the last document and the next begins. */
  let gapStart = 0
  let line = 1
  let index = 0
  let trailing = ''
  let state: 'open' | 'ended' | 'closed' = 'open'
  let failure: unknown

  const grow = async (signal: AbortSignal | undefined): Promise<void> => {
    scanner.shift(gapStart)
    buffer.drop(gapStart)
    gapStart = 0
    const chunk = await chunks.read({ signal })
    if (chunk === undefined) atEnd = true
    else buffer.append(chunk)
  }
  const overflow = (unit: 'bytes' | 'frames', limit: number): Error => {
    const [what, option] =
      unit === 'bytes' ?
        [`Document ${index + 1} is larger than ${limit} bytes`, 'maxBytes']
      : [`There are more than ${limit} documents`, 'maxFrames']
    const message = `${what}${path === undefined ? '' : ` in ${path}`}; the option ${option} allows more`
    return serializerErrors.create('FRAME_OVERFLOW', message, { unit, limit, frame: index })
  }
  const textBetween = (start: number, end: number): string =>
    start === end ? '' : decodeUtf8(buffer.bytes.subarray(start, end), { path, line })
  const take = (document: DocumentRange): Frame => {
    if (document.end - document.start > maxBytes) throw overflow('bytes', maxBytes)
    if (index >= maxFrames) throw overflow('frames', maxFrames)
    const separator = textBetween(gapStart, document.start)
    const start = line + countNewlines(separator)
    line = start
    const text = textBetween(document.start, document.end)
    line = start + countNewlines(text)
    gapStart = document.end
    return { contentType, text, separator, index: index++, line: start }
  }
  const read = async (signal: AbortSignal | undefined): Promise<Frame | undefined> => {
    for (;;) {
      const found = scanner.next(buffer.bytes, atEnd)
      if (found === 'more') {
        if (buffer.bytes.length - gapStart > maxBytes + separatorAllowance) throw overflow('bytes', maxBytes)
        await grow(signal)
      } else if (found === undefined) {
        trailing = textBetween(gapStart, buffer.bytes.length)
        return undefined
      } else if (!found.empty) return take(found)
    }
  }

  const reader: FrameReader = {
    contentType,
    path,
    get trailing() {
      return trailing
    },
    async read({ signal } = {}) {
      signal?.throwIfAborted()
      if (state === 'closed') {
        throw serializerErrors.create('CLOSED', 'The frame reader is closed', { what: 'frame reader' })
      }
      if (failure !== undefined) throw failure
      if (state === 'ended') return undefined
      try {
        const frame = await read(signal)
        if (frame === undefined) state = 'ended'
        return frame
      } catch (error) {
        failure = error
        await chunks.close()
        throw error
      }
    },
    async close() {
      if (state === 'open') state = 'closed'
      await chunks.close()
    },
    async *[Symbol.asyncIterator]() {
      try {
        for (let frame = await reader.read(); frame !== undefined; frame = await reader.read()) yield frame
      } finally {
        await reader.close()
      }
    },
    [Symbol.asyncDispose]: () => reader.close(),
  }
  return reader
}

/** Separators and comments between documents may be as large as this beside the limit of a document. */
const separatorAllowance = 64 * 1024

function countNewlines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++
  return count
}
