import type { Clock } from '@lg/runtime'

/** Decides when the store is packed. */
export interface Packing {
  /** Packs when it is time; for the end of a background pull. */
  whenDue(): void
  /** The store is being packed now, for whatever reason. */
  began(): void
}

/** @param pack reports by itself how it ended. */
export function createPacking(clock: Clock, interval: number | false, pack: () => void): Packing {
  let packedAt = clock.now()
  return {
    whenDue() {
      const age = clock.now() - packedAt
      // A clock that was set back tells nothing, and packing too often does no harm.
      if (interval !== false && !(age >= 0 && age < interval)) pack()
    },
    began() {
      packedAt = clock.now()
    },
  }
}
