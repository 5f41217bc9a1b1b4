import type { ObjectKey } from '@lg/runtime'
import type { ContentType, Location } from './location.ts'

/**
 * Says which documents a file holds, without effects: the same bytes give the same answer.
 * `@lg/serializer` makes one with `createRecognizer`.
 */
export type Recognize = (path: string, bytes: Uint8Array) => RecognizedFile

export interface RecognizedFile {
  /** Every document of the stream, in order, empty ones included. */
  readonly documents: readonly RecognizedDocument[]
}

/** One document of a file: where its bytes are, and which object it holds. */
export interface RecognizedDocument {
  /**
   * `object` has a key; `unnamed` is an object without a name; `list` holds objects; `other` is a value that is no
   * object; `empty` holds at most comments; `invalid` does not parse. Default: by `key` and `problem`.
   */
  readonly type?: 'object' | 'unnamed' | 'list' | 'other' | 'empty' | 'invalid' | undefined
  /** Offset of its first byte, behind the separator. */
  readonly start: number
  /** Offset behind its last byte, before the next separator. */
  readonly end: number
  /** The line of the file that it begins on, from 1. */
  readonly line: number
  readonly contentType: ContentType
  /** The object's identity; absent for an empty document, a value that is no object, and one that does not parse. */
  readonly key?: ObjectKey | undefined
  /** As the object states it: `example.org/v1`. */
  readonly apiVersion?: string | undefined
  /** Why the document cannot be served. An empty document has none. */
  readonly problem?:
    { readonly message: string; readonly line: number; readonly column?: number | undefined } | undefined
}

/** Something in a file that keeps a document from being served; reported, never thrown by a list. */
export type FileProblem =
  /** The document does not parse, has no name, or is a list. */
  | { readonly type: 'invalid'; readonly location: Location; readonly line: number; readonly message: string }
  /** The document is no object, such as the values of a chart: it may well be meant so. */
  | {
      readonly type: 'noObject'
      readonly location: Location
      readonly line: number
      readonly message: string
    }
  /** The object is stored in an earlier file too, which is the one that is served. */
  | {
      readonly type: 'duplicate'
      readonly location: Location
      readonly line: number
      readonly message: string
      readonly key: ObjectKey
      readonly served: Location
    }
  /** The file could not be read, or its path leads outside. */
  | {
      readonly type: 'unreadable'
      readonly location: Location
      readonly line: number
      readonly message: string
    }
