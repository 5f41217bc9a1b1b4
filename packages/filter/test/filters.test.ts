import { defineKind, isLgError, type KubernetesObject } from '@lg/runtime'
import {
  fieldFilter,
  nameFilter,
  nameOrUidPrefix,
  objectToListFilter,
  pipe,
  uidFilter,
  type ListFilter,
} from '@lg/filter'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'

const schema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.object({ brand: z.string(), wheels: z.array(z.object({ size: z.number() })) }),
  status: z.object({ distance: z.union([z.number(), z.bigint()]), note: z.string().optional() }),
})
const Car = defineKind({ group: 'example.org', version: 'v1', kind: 'Car', scope: 'namespaced', schema })
type Car = z.input<typeof schema> & KubernetesObject

const car = (
  name: string,
  over: { readonly brand?: string; readonly distance?: number | bigint } = {},
): Car => ({
  apiVersion: 'example.org/v1',
  kind: 'Car',
  metadata: { name, uid: `uid-${name}` },
  spec: { brand: over.brand ?? 'Volvo', wheels: [{ size: 18 }, { size: 20 }] },
  status: { distance: over.distance ?? 1 },
})
const names = (objects: readonly KubernetesObject[]): (string | undefined)[] =>
  objects.map(({ metadata }) => metadata.name)
const isInvalid = (run: () => unknown): boolean => {
  try {
    run()
    return false
  } catch (error) {
    return isLgError(error, 'INVALID_FILTER')
  }
}

describe('name and uid', () => {
  const cars = [car('foo'), car('foobar'), car('bar')]
  it('match exactly, or by prefix', () => {
    expect(names(cars.filter(nameFilter({ name: 'foo' })))).toEqual(['foo'])
    expect(names(cars.filter(nameFilter({ name: 'foo', matchPrefix: true })))).toEqual(['foo', 'foobar'])
    expect(names(cars.filter(uidFilter({ uid: 'uid-b', matchPrefix: true })))).toEqual(['bar'])
    expect(names(cars.filter(uidFilter({ uid: 'uid-b' })))).toEqual([])
  })
  it('take an object without a namespace for one of the default namespace', () => {
    expect(nameFilter({ name: 'foo', namespace: 'default' })(car('foo'))).toBe(true)
    expect(nameFilter({ name: 'foo', namespace: 'other' })(car('foo'))).toBe(false)
  })
  it('let exact matches win over prefixes', () => {
    expect(names(nameOrUidPrefix('foo')(cars))).toEqual(['foo'])
    expect(names(nameOrUidPrefix('fo')(cars))).toEqual(['foo', 'foobar'])
    expect(names(nameOrUidPrefix('uid-bar')(cars))).toEqual(['bar'])
  })
  it('refuse the empty text, which would match everything', () => {
    expect(isInvalid(() => nameFilter({ name: '' }))).toBe(true)
    expect(isInvalid(() => uidFilter({ uid: '', matchPrefix: true }))).toBe(true)
    expect(isInvalid(() => nameOrUidPrefix(''))).toBe(true)
  })
})

describe('field filters', () => {
  it('compare values, whatever number type holds them', () => {
    const far = car('far', { distance: 12176941420362965433n })
    expect(fieldFilter(Car, 'status.distance', { equals: 1n })(car('a'))).toBe(true)
    expect(fieldFilter(Car, 'status.distance', { greaterThan: 1 })(far)).toBe(true)
    expect(fieldFilter(Car, 'status.distance', { equals: 12176941420362965432n })(far)).toBe(false)
    expect(fieldFilter(Car, 'status.distance', { lessThan: 1 })(far)).toBe(false)
    expect(fieldFilter(Car, 'spec.brand', { in: ['Saab', 'Volvo'] })(far)).toBe(true)
    expect(fieldFilter(Car, 'spec.brand', { notIn: ['Volvo'] })(far)).toBe(false)
    expect(fieldFilter(Car, 'spec.wheels.1.size', { equals: 20 })(far)).toBe(true)
    expect(fieldFilter(Car, 'spec.wheels', { equals: [{ size: 18 }, { size: 20 }] })(far)).toBe(true)
    expect(fieldFilter(Car, 'spec.brand', { notEquals: 'Saab' })(far)).toBe(true)
  })
  it('tell a field that is not there', () => {
    expect(fieldFilter(Car, 'status.note', { exists: false })(car('a'))).toBe(true)
    expect(fieldFilter(Car, 'status.note', { notEquals: 'x' })(car('a'))).toBe(true)
    expect(fieldFilter(Car, 'status.note', { greaterThan: '' })(car('a'))).toBe(false)
    expect(fieldFilter(Car, ['spec', 'constructor'], { exists: true })(car('a'))).toBe(false)
    expect(fieldFilter(Car, ['__proto__', 'x'], { exists: true })(car('a'))).toBe(false)
  })
  it('refuse an empty path and an unknown condition', () => {
    expect(isInvalid(() => fieldFilter(Car, [], { exists: true }))).toBe(true)
    expect(isInvalid(() => fieldFilter(Car, ['spec', ''], { exists: true }))).toBe(true)
    expect(isInvalid(() => fieldFilter(Car, ['spec'], {} as { exists: true }))).toBe(true)
  })
  it('are checked by the compiler', () => {
    // @ts-expect-error no such field
    fieldFilter(Car, 'spec.colour', { exists: true })
    // @ts-expect-error a brand is a string
    fieldFilter(Car, 'spec.brand', { equals: 4 })
    // @ts-expect-error not a field of a wheel
    fieldFilter(Car, 'spec.wheels.0.colour', { exists: true })
    fieldFilter(Car, 'status.note', { equals: 'x' })
    expectTypeOf(fieldFilter(Car, 'status.distance', { equals: 1n })).toBeFunction()
  })
})

describe('list filters', () => {
  const brandIs = (brand: string): ListFilter<Car> =>
    objectToListFilter(fieldFilter(Car, 'spec.brand', { equals: brand }))
  it('are pipes that keep the order and leave their input alone', () => {
    const cars = [car('c'), car('b', { brand: 'Saab' }), car('a')]
    const firstOnly: ListFilter<Car> = (objects) => objects.slice(0, 1)
    expect(names(pipe(brandIs('Volvo'), firstOnly)(cars))).toEqual(['c'])
    expect(names(pipe<Car>()(cars))).toEqual(['c', 'b', 'a'])
    expect(names(cars)).toEqual(['c', 'b', 'a'])
  })
})
