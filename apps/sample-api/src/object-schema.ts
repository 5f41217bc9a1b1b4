import { z } from 'zod'

export interface SampleMetadata {
  name: string
  namespace?: string | undefined
  [field: string]: unknown
}

/** Fields that every object has; what metadata holds beside the name is Kubernetes' business. */
export const metadataSchema: z.ZodType<SampleMetadata, SampleMetadata> = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
})

const unsigned64 = 2n ** 64n - 1n

/** An unsigned 64-bit integer: a `bigint` where a `number` would lose digits. */
export const unsigned64Schema: z.ZodType<number | bigint, number | bigint> = z.union([
  z.int().nonnegative(),
  z.bigint().nonnegative().max(unsigned64),
])
