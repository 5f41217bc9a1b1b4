import type { FieldPath } from './errors.ts'

/** One thing that a write could not keep as it stood. */
export interface LedgerEntry {
  /**
   * `SOURCE_UNKNOWN`: the text of the object is not known, so it was written anew. `FORMAT_CHANGED`: the source is
   * YAML with comments, and JSON was written. `COMMENT_DELETED`: it went with what it described. `COMMENT_MOVED`,
   * `COMMENT_DROPPED`: what it described was written anew, and it stands elsewhere, or nowhere.
   */
  readonly code: 'SOURCE_UNKNOWN' | 'FORMAT_CHANGED' | 'COMMENT_DELETED' | 'COMMENT_MOVED' | 'COMMENT_DROPPED'
  readonly message: string
  /** Where it was, or would have been. */
  readonly path?: FieldPath | undefined
}
