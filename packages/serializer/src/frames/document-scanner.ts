/** One document in a buffer of bytes. */
export interface DocumentRange {
  /** Offset of its first byte: behind its separator, directives included. */
  readonly start: number
  readonly end: number
  /** Holds nothing but blank lines and comments. */
  readonly empty: boolean
}

/**
 * Finds one document after the other in a buffer that may still grow. `shift` tells it that bytes at the front of
 * the buffer were dropped.
 */
export interface DocumentScanner {
  /** `more`: the next document may go on behind the end of the buffer. `undefined`: there is none. */
  next(bytes: Uint8Array, atEnd: boolean): DocumentRange | 'more' | undefined
  shift(count: number): void
}

/** Offset behind a UTF-8 byte order mark at the start, else 0. */
export function skipByteOrderMark(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}
