import type { ObjectKey } from '@lg/runtime'

/** How far a target is behind its source. */
export interface TargetStatus {
  readonly name: string
  /** Objects that differ from the source as far as is known, and have to be written yet. */
  readonly pending: number
  /** Why the last attempt failed, for each object that failed. Empty while the target is in step. */
  readonly errors: readonly { readonly key: ObjectKey; readonly error: Error }[]
}
