import type { ObjectKey } from '@lg/runtime'
import type { ContentType } from '../content-type.ts'

/** What a file holds. */
export interface RecognizedFile {
  readonly path: string
  readonly contentType: ContentType
  /** Every document of the stream, in order, empty ones included: their numbers are those of `@lg/yaml-edit`. */
  readonly documents: readonly RecognizedDocument[]
}

/**
 * What a document is: `object` has a key; `unnamed` is an object without a name; `list` holds objects; `other` is a
 * value that is no object, such as the values of a chart; `empty` holds at most comments; `invalid` does not parse.
 */
export type DocumentType = 'object' | 'unnamed' | 'list' | 'other' | 'empty' | 'invalid'

/** One document of a file: where its bytes are, and which object it holds. */
export interface RecognizedDocument {
  readonly type: DocumentType
  /** Offset of its first byte, behind the separator, directives included. */
  readonly start: number
  /** Offset behind its last byte, before the next separator. */
  readonly end: number
  /** The line of the file that it begins on, from 1. */
  readonly line: number
  readonly contentType: ContentType
  /** As the document states them, for `object`, `unnamed` and `list`. */
  readonly apiVersion?: string | undefined
  readonly kind?: string | undefined
  /** For `object`. */
  readonly key?: ObjectKey | undefined
  /** Whether the scheme knows this version of this kind; absent without a scheme. */
  readonly known?: boolean | undefined
  /** Why it cannot be served: for all types but `object` and `empty`. */
  readonly problem?: DocumentProblem | undefined
}

export interface DocumentProblem {
  readonly message: string
  /** In the file, from 1. */
  readonly line: number
  readonly column?: number | undefined
}

/** Says which documents a file holds, from its name and bytes alone: the same input gives the same answer. */
export type Recognize = (path: string, bytes: Uint8Array) => RecognizedFile
