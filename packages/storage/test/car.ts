import { createScheme, defineKind, type KubernetesObject } from '@lg/runtime'
import { createSerializer, type Serializer } from '@lg/serializer'
import { z } from 'zod'

const metadata = z.looseObject({ name: z.string(), namespace: z.string().optional() })
const unsigned = z.union([z.int(), z.bigint()])

const carSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata,
  spec: z.object({ engine: z.string().optional(), brand: z.string().optional() }).optional(),
  status: z.object({ speed: z.number().optional(), distance: unsigned.optional() }).optional(),
})
export type Car = z.input<typeof carSchema> & KubernetesObject

export const Car = defineKind({
  group: 'example.org',
  version: 'v1',
  kind: 'Car',
  scope: 'namespaced',
  schema: carSchema,
})
const Planet = defineKind({
  group: 'example.org',
  version: 'v1',
  kind: 'Planet',
  scope: 'cluster',
  schema: z.object({
    apiVersion: z.string(),
    kind: z.string(),
    metadata,
    moons: z.array(z.string()).optional(),
  }),
})

export function createCarSerializer(): Serializer {
  const scheme = createScheme()
  scheme.register(Car)
  scheme.register(Planet)
  return createSerializer({ scheme })
}

export function car(name: string, over: Partial<Car> = {}): Car {
  return {
    apiVersion: 'example.org/v1',
    kind: 'Car',
    metadata: { name },
    spec: { brand: 'Volvo' },
    status: { speed: 1 },
    ...over,
  }
}
