import type { CommentMode } from '@lg/yaml-edit'

/** How documents become objects. */
export interface DecodeOptions {
  /** Refuse unknown fields and duplicate keys, all at once. Default true. */
  readonly strict?: boolean | undefined
  /** Fill absent fields; what is filled is not written while it is unchanged. Default false. */
  readonly defaults?: boolean | undefined
  /** Convert to the hub version of its kind, where it has one. Not for `decodeInto`. Default false. */
  readonly convertToHub?: boolean | undefined
  /** `decodeAll` gives the items of a `List` instead of the list. Default true. */
  readonly decodeListElements?: boolean | undefined
  /** Objects of kinds that the scheme does not know come as they stand, instead of `UNRECOGNIZED_*`. Default false. */
  readonly decodeUnknown?: boolean | undefined
  /** Keep the source text in libgitops' annotation too. Default false. */
  readonly commentAnnotation?: boolean | undefined
}

/** How objects become documents. */
export interface EncodeOptions {
  /** New JSON over several lines, indented by two spaces. Default true. */
  readonly pretty?: boolean | undefined
  /** Refuse, with `NOT_KEPT`, to write what cannot keep all of its source. Default false. */
  readonly strict?: boolean | undefined
  /** Refuse, with `SCHEMA_MISMATCH`, what the schema of its kind refuses. Default true. */
  readonly validate?: boolean | undefined
  /** What becomes of a comment whose place is gone. Default `keep`: it moves to the nearest parent that is left. */
  readonly comments?: CommentMode | undefined
  /** What becomes of an alias whose value differs now: refuse, or write its value out. Default `refuse`. */
  readonly aliases?: 'refuse' | 'expand' | undefined
  /** Take the source text from libgitops' annotation, and take the annotation off what is written. Default false. */
  readonly commentAnnotation?: boolean | undefined
}
