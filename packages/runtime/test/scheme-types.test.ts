import * as v from 'valibot'
import { expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { createScheme, defineKind, type Kind, type KubernetesObject, type ObjectOf } from '../src/index.ts'

const zodCar = z.object({
  apiVersion: z.literal('example.org/v1'),
  kind: z.literal('Car'),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.object({ brand: z.string().default('Mercedes'), wheels: z.coerce.number<string>() }),
})
const valibotCar = v.object({
  apiVersion: v.string(),
  kind: v.string(),
  metadata: v.looseObject({ name: v.string() }),
  spec: v.object({ brand: v.optional(v.string(), 'Mercedes') }),
})
const place = { group: 'example.org', version: 'v1', kind: 'Car', scope: 'namespaced' } as const

it('takes the type of the stored value from a zod schema, before defaults and coercion', () => {
  const kind = defineKind({ ...place, schema: zodCar })
  expectTypeOf(kind).toEqualTypeOf<Kind<ObjectOf<typeof zodCar>>>()
  type Car = ObjectOf<typeof zodCar>
  expectTypeOf<Car['spec']>().toEqualTypeOf<{ brand?: string | undefined; wheels: string }>()
  expectTypeOf<Car>().toExtend<KubernetesObject>()
  expect(kind.schema).toBe(zodCar)
})

it('takes the type from a valibot schema', () => {
  const kind = createScheme().register({ ...place, schema: valibotCar })
  expectTypeOf(kind).toEqualTypeOf<Kind<ObjectOf<typeof valibotCar>>>()
  expectTypeOf<ObjectOf<typeof valibotCar>['spec']>().toEqualTypeOf<{ brand?: string | undefined }>()
  expect(kind.schema).toBe(valibotCar)
})

it('types defaults and conversions by the schema', () => {
  const kind = defineKind({
    ...place,
    schema: zodCar,
    defaults: (car) => {
      expectTypeOf(car.spec.brand).toEqualTypeOf<string | undefined>()
      return { spec: { brand: 'Mercedes' } }
    },
    toHub: (car) => ({ brand: car.spec.brand }),
    fromHub: (hub: { brand: string }) => ({ spec: hub }),
  })
  // @ts-expect-error a kind of cars does not stand for a kind of anything
  const wrong: Kind<ObjectOf<typeof valibotCar> & { other: 1 }> = kind
  expect(wrong).toBe(kind)
})

it('registers a defined kind with several schemes, with its type', () => {
  const car = defineKind({ ...place, schema: zodCar })
  const registered = [createScheme(), createScheme()].map((scheme) => scheme.register(car))
  expectTypeOf(registered[0]!).toEqualTypeOf<Kind<ObjectOf<typeof zodCar>>>()
  expect(registered).toEqual([car, car])
})
