import type { KubernetesObject } from '@lg/runtime'

/** True for the objects to keep. Any predicate will do; those of this package also tell what they read. */
export interface ObjectFilter<T extends KubernetesObject = KubernetesObject> {
  (object: T): boolean
  /** `metadata`: type and metadata decide, so that a storage need not decode the rest. Default: anything. */
  readonly reads?: 'metadata' | undefined
}

/** A list to a list: may drop, reorder or cut. Its input is never changed. */
export type ListFilter<T extends KubernetesObject = KubernetesObject> = (
  objects: readonly T[],
) => readonly T[]
