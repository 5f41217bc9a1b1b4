import type { CallOptions } from '@lg/runtime'
import type { ContentType } from '../content-type.ts'

/** One document of a stream, and what stood around it: the texts in order are the stream, byte for byte. */
export interface Frame {
  readonly contentType: ContentType
  /** The document, without the separator line before it. */
  readonly text: string
  /** What stood between the document before (or the start) and this one: separators, blank and comment-only documents. */
  readonly separator: string
  /** Its number among the documents of the stream, from 0; blank and comment-only ones do not count. */
  readonly index: number
  /** The line of the stream that `text` begins on, from 1. */
  readonly line: number
}

/** Reads a stream document by document. One call at a time. */
export interface FrameReader extends AsyncIterable<Frame> {
  readonly contentType: ContentType
  /** The name of what is read, for messages. */
  readonly path?: string | undefined
  /**
   * The next document; `undefined` at the end, which closes the stream. No more of the stream is read than needed.
   *
   * @throws {LgError} `FRAME_OVERFLOW`, `INVALID_DOCUMENT` for bytes that are not UTF-8.
   */
  read(options?: CallOptions): Promise<Frame | undefined>
  /** What followed the last document, once the end was reached: blank lines, comment-only documents. */
  readonly trailing: string
  /** Lets go of the stream, also in the middle; idempotent. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface FrameReaderOptions {
  /** Most bytes of one document. Default 16 MiB. */
  readonly maxBytes?: number | undefined
  /** Most documents of the stream. Default 100,000. */
  readonly maxFrames?: number | undefined
  /** What the stream is called in messages, such as its file. */
  readonly path?: string | undefined
}

export const defaultMaxBytes: number = 16 * 1024 * 1024
export const defaultMaxFrames = 100_000

/** Writes a stream document by document. Calls take effect in order. */
export interface FrameWriter {
  readonly contentType: ContentType
  /**
   * Writes one document, after a separator when one is needed; resolves when the stream has taken it.
   *
   * @param options.separator what to write before it, instead of the usual separator.
   */
  write(text: string, options?: WriteFrameOptions): Promise<void>
  /** How many documents were written. */
  readonly written: number
  /** Waits for what is under way; the stream itself stays open. Idempotent. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface WriteFrameOptions extends CallOptions {
  readonly separator?: string | undefined
}
