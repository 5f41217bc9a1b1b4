import { defineKind, type Kind, type ObjectOf } from '@lg/runtime'
import { z } from 'zod'
import { metadataSchema, unsigned64Schema } from './object-schema.ts'

export const sampleGroup = 'sample-app.weave.works'

const schema = z.object({
  apiVersion: z.literal(`${sampleGroup}/v1alpha1`),
  kind: z.literal('Car'),
  metadata: metadataSchema,
  spec: z.object({
    engine: z.string().optional(),
    yearModel: z.string().optional(),
    brand: z.string().optional(),
  }),
  status: z
    .object({
      speed: z.number().optional(),
      acceleration: z.number().optional(),
      distance: unsigned64Schema.optional(),
      persons: unsigned64Schema.optional(),
    })
    .optional(),
})

export type Car = ObjectOf<typeof schema>

/** The kind of all samples. */
export const carKind: Kind<Car> = defineKind({
  group: sampleGroup,
  version: 'v1alpha1',
  kind: 'Car',
  scope: 'namespaced',
  schema,
  defaults: () => ({ spec: { brand: 'Mercedes' } }),
})
