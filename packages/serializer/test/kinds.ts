import { createScheme, defineKind, type ObjectOf, type Scheme } from '@lg/runtime'
import * as v from 'valibot'
import { z } from 'zod'

const group = 'shop.example'
const metadata = z.looseObject({ name: z.string() })
const integer = z.union([z.number().int(), z.bigint()])
const typed = { apiVersion: z.string(), kind: z.string(), metadata }

const simpleSchema = z.object({ ...typed, testString: z.string() })
export type Simple = ObjectOf<typeof simpleSchema>
export const simpleKind = defineKind({
  group,
  version: 'v1alpha1',
  kind: 'Simple',
  scope: 'namespaced',
  schema: simpleSchema,
  defaults: () => ({ testString: 'a default' }),
})

const complexSchema = z.object({
  ...typed,
  bool: z.boolean().optional(),
  string: z.string().optional(),
  integer: integer.default(7),
  nested: z
    .object({ items: z.array(z.object({ name: z.string(), value: z.string().optional() })).optional() })
    .optional(),
})
const complexKind = defineKind({
  group,
  version: 'v1',
  kind: 'Complex',
  scope: 'namespaced',
  schema: complexSchema,
})

/** A kind whose schema has no JSON Schema: what it drops is what it does not know. */
const boxSchema = v.object({
  apiVersion: v.string(),
  kind: v.string(),
  metadata: v.looseObject({ name: v.string() }),
  spec: v.object({
    size: v.optional(v.string(), 'small'),
    free: v.optional(v.unknown()),
    tags: v.optional(v.array(v.object({ key: v.string() }))),
  }),
})
const boxKind = defineKind({
  group,
  version: 'v1',
  kind: 'Box',
  scope: 'namespaced',
  schema: boxSchema,
})

const oldCarSchema = z.object({ ...typed, spec: z.object({ maker: z.string(), wheels: integer.optional() }) })
const newCarSchema = z.object({
  ...typed,
  spec: z.object({ brand: z.string(), chassis: z.object({ wheels: integer.optional() }).optional() }),
})
export type OldCar = ObjectOf<typeof oldCarSchema>
export type NewCar = ObjectOf<typeof newCarSchema>

/** `v1alpha1` calls the brand `maker`, and has the wheels beside it. */
export const oldCarKind = defineKind({
  group,
  version: 'v1alpha1',
  kind: 'Car',
  scope: 'namespaced',
  schema: oldCarSchema,
  toHub: ({ spec: { maker, wheels, ...rest }, ...car }) => ({
    ...car,
    spec: { ...rest, brand: maker, ...(wheels === undefined ? {} : { chassis: { wheels } }) },
  }),
  fromHub: ({ spec: { brand, chassis, ...rest }, ...car }: NewCar) => ({
    ...car,
    spec: { ...rest, maker: brand, ...(chassis?.wheels === undefined ? {} : { wheels: chassis.wheels }) },
  }),
  moved: [
    ['spec.maker', 'spec.brand'],
    ['spec.wheels', 'spec.chassis.wheels'],
  ],
})
export const newCarKind = defineKind({
  group,
  version: 'v1',
  kind: 'Car',
  scope: 'namespaced',
  hub: true,
  schema: newCarSchema,
})

const clusterKind = defineKind({
  group,
  version: 'v1',
  kind: 'Town',
  scope: 'cluster',
  schema: z.object(typed),
})

export function createTestScheme(): Scheme {
  const scheme = createScheme()
  scheme.register(simpleKind)
  scheme.register(complexKind)
  scheme.register(boxKind)
  scheme.register(oldCarKind)
  scheme.register(newCarKind)
  scheme.register(clusterKind)
  return scheme
}
