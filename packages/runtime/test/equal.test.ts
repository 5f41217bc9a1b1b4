import fc from 'fast-check'
import { expect, it } from 'vitest'
import { equalValues } from '../src/index.ts'

it('is true for a copy of any JSON value, whatever the order of its keys', () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, item]) => [key, reversed(item)]),
    )
  }
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(equalValues(value, reversed(value))).toBe(true)
    }),
  )
})

it.each<[unknown, unknown]>([
  [1, 1n],
  [{ a: undefined }, {}],
  [Number.NaN, Number.NaN],
  [0, -0],
])('%o equals %o', (a, b) => {
  expect(equalValues(a, b)).toBe(true)
  expect(equalValues(b, a)).toBe(true)
})

it.each<[unknown, unknown]>([
  [1, '1'],
  [9007199254740992, 9007199254740993n],
  [{}, []],
  [null, undefined],
  [
    [1, 2],
    [2, 1],
  ],
  [{ a: 1 }, { b: 1 }],
  [{ toString: 1 }, {}],
  [JSON.parse('{"__proto__":1}'), {}],
])('%o differs from %o', (a, b) => {
  expect(equalValues(a, b)).toBe(false)
  expect(equalValues(b, a)).toBe(false)
})
