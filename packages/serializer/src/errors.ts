import { defineErrors, type ErrorFamily, type GroupVersionKind } from '@lg/runtime'
import type { ContentType } from './content-type.ts'
import type { LedgerEntry } from './ledger.ts'

/** A path into an object: keys of maps, indices of lists. */
export type FieldPath = readonly (string | number)[]

/** One thing that is wrong with a document, at the place where it stands. */
export interface Fault {
  /**
   * `unknownField`: the schema does not know it; `duplicateKey`: the map has it already; `schema`: the schema refuses
   * the value.
   */
  readonly type: 'unknownField' | 'duplicateKey' | 'schema'
  readonly path: FieldPath
  readonly message: string
  /** In the file, from 1; absent for an object that was not read from text. */
  readonly line?: number | undefined
  readonly column?: number | undefined
}

/** The codes of `@lg/serializer`. Those of the scheme (`UNRECOGNIZED_KIND`, ...) come from `@lg/runtime`. */
export interface SerializerErrors {
  /** The text does not parse: broken YAML or JSON, or not UTF-8. Line and column count from 1 in the file. */
  INVALID_DOCUMENT: {
    readonly path: string | undefined
    readonly line: number
    readonly column: number
    readonly reason: string
  }
  /** Unknown fields or duplicate keys, with all that the schema refuses besides. */
  STRICT_DECODING: { readonly kind: GroupVersionKind; readonly faults: readonly Fault[] }
  /** The kind's schema cannot tell which fields it knows, so `strict` cannot be kept. */
  STRICT_UNSUPPORTED: { readonly kind: GroupVersionKind }
  /** The kind's schema refuses the object. */
  SCHEMA_MISMATCH: { readonly kind: GroupVersionKind; readonly faults: readonly Fault[] }
  /** Neither YAML nor JSON. */
  UNSUPPORTED_CONTENT_TYPE: { readonly contentType: string; readonly supported: readonly ContentType[] }
  /** A frame is larger, or a stream has more frames, than allowed. */
  FRAME_OVERFLOW: { readonly unit: 'bytes' | 'frames'; readonly limit: number; readonly frame: number }
  /** The document is not of the kind that was asked for. */
  KIND_MISMATCH: { readonly expected: GroupVersionKind; readonly actual: GroupVersionKind }
  /** No way leads from one version to the other, or a conversion failed or returned no object. */
  CONVERSION_FAILED: {
    readonly from: GroupVersionKind
    readonly to: GroupVersionKind
    readonly reason: 'noHub' | 'noConversion' | 'threw' | 'invalidResult'
  }
  /** The defaults of a kind threw, or the schema refused the object before it could be filled. */
  DEFAULTING_FAILED: { readonly kind: GroupVersionKind }
  /** Type and metadata alone cannot be written: the rest would be lost. */
  PARTIAL_OBJECT: { readonly kind: GroupVersionKind }
  /** In strict mode: something cannot be kept as it stood. */
  NOT_KEPT: { readonly ledger: readonly LedgerEntry[] }
  /** The stored text cannot be edited to hold the object; it stays as it is. `reason` is the code of `@lg/yaml-edit`. */
  EDIT_REFUSED: { readonly reason: string }
  /** The object has no such annotation, or it does not hold base64 of UTF-8 text. */
  COMMENT_SOURCE_INVALID: { readonly reason: 'missing' | 'corrupt' }
  /** From `@lg/serializer/node`: the file cannot be opened or read; `reason` is the system's code, such as `ENOENT`. */
  FILE_UNREADABLE: { readonly path: string; readonly reason: string }
  /** A call on a reader or writer after `close()`. */
  CLOSED: { readonly what: string }
}

export const serializerErrors: ErrorFamily<SerializerErrors> = defineErrors()
