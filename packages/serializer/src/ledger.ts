import type { FieldPath } from './errors.ts'

/** One thing that a write could not keep as it stood. */
export interface LedgerEntry {
  /**
   * `SOURCE_UNKNOWN`: the text of the object is not known, so it was written anew;
   * the others come from `@lg/yaml-edit`, such as a comment that has no place any more.
   */
  readonly code: string
  readonly message: string
  /** Where it was, or would have been. */
  readonly path?: FieldPath | undefined
}
