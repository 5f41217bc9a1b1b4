/// <reference types="node" />
import { createReadStream } from 'node:fs'
import { asContentType, contentTypeOfPath, contentTypes } from '../content-type.ts'
import { serializerErrors } from '../errors.ts'
import { jsonFrameReader, yamlFrameReader } from '../frames/frame-reader.ts'
import type { FrameReader, FrameReaderOptions } from '../frames/frame.ts'

export interface FileFrameReaderOptions extends Omit<FrameReaderOptions, 'path'> {
  /** Default: what the extension of the path names. */
  readonly contentType?: string | undefined
}

/**
 * Reads the documents of a file. It is opened by the first read, and closed at its end or by `close()`.
 *
 * @throws {LgError} `UNSUPPORTED_CONTENT_TYPE` when neither option nor extension names one; the reader's first `read`
 *   rejects with `FILE_UNREADABLE` when the file cannot be opened.
 */
export function fileFrameReader(path: string, options: FileFrameReaderOptions = {}): FrameReader {
  const contentType =
    options.contentType === undefined ? contentTypeOfPath(path) : asContentType(options.contentType)
  if (contentType === undefined) {
    throw serializerErrors.create(
      'UNSUPPORTED_CONTENT_TYPE',
      `The extension of ${path} names neither YAML nor JSON; pass contentType`,
      { contentType: '', supported: contentTypes },
    )
  }
  const create = contentType === 'application/json' ? jsonFrameReader : yamlFrameReader
  return create(readFile(path), { ...options, path })
}

async function* readFile(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Uint8Array
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
    const message = `Cannot read ${path}: ${(cause as Error).message}`
    throw serializerErrors.create('FILE_UNREADABLE', message, { path, reason }, { cause })
  }
}
