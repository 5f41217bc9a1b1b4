import type { KubernetesObject, ObjectKey } from '@lg/runtime'
import type { FileEdit } from '@lg/storage-raw'

/** Which bytes of which files a write changes: a plain value that can be shown, stored and applied. */
export interface WritePlan {
  readonly operation: 'create' | 'update' | 'delete'
  readonly key: ObjectKey
  /** The object as it was; absent for a new one. */
  readonly before: KubernetesObject | undefined
  /** The object as it will be; absent for a deletion. */
  readonly after: KubernetesObject | undefined
  /** Files with their content before and after. */
  readonly files: readonly FileEdit[]
  /** What could not be kept as it stood, such as a comment of a removed field. Empty for most writes. */
  readonly ledger: readonly LedgerEntry[]
}

/** One thing that a write could not keep, as the serializer reports it. */
export interface LedgerEntry {
  readonly code: string
  readonly message: string
}
