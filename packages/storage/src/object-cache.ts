import type { Digest, Outcome } from './document-decoder.ts'
import { createValueCache, type ValueCache } from './value-cache.ts'

/** Decoded objects by content, within one bound for all storages that share it. */
export interface ObjectCache {
  /** About how many bytes of memory the objects may take. */
  readonly size: number
}

/** What only readers of objects see of it. */
export interface ObjectCaches extends ObjectCache {
  readonly outcomes: ValueCache<Outcome>
  readonly digests: ValueCache<Digest>
}

const defaultSize = 128 * 1024 * 1024

/** `size` is bytes of memory; digests get a quarter of it besides. Default 128 MiB; 0 keeps none. */
export function createObjectCache({
  size = defaultSize,
}: { readonly size?: number | undefined } = {}): ObjectCache {
  const caches: ObjectCaches = {
    size,
    outcomes: createValueCache({ limit: size }),
    digests: createValueCache({ limit: size / 4 }),
  }
  return caches
}
