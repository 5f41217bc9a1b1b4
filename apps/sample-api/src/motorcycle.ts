import { defineKind, type Kind, type ObjectOf } from '@lg/runtime'
import { z } from 'zod'
import { sampleGroup } from './car.ts'
import { metadataSchema, unsigned64Schema } from './object-schema.ts'

const schema = z.object({
  apiVersion: z.literal(`${sampleGroup}/v1alpha1`),
  kind: z.literal('Motorcycle'),
  metadata: metadataSchema,
  spec: z.object({
    color: z.string().optional(),
    bodyType: z.string().optional(),
  }),
  status: z
    .object({
      speed: z.number().optional(),
      acceleration: z.number().optional(),
      distance: unsigned64Schema.optional(),
      currentWeight: z.number().optional(),
    })
    .optional(),
})

export type Motorcycle = ObjectOf<typeof schema>

export const motorcycleKind: Kind<Motorcycle> = defineKind({
  group: sampleGroup,
  version: 'v1alpha1',
  kind: 'Motorcycle',
  scope: 'namespaced',
  schema,
  defaults: () => ({ spec: { color: 'blue' } }),
})
