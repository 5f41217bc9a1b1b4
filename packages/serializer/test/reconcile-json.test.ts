import { equalValues, parseJson } from '@lg/runtime'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reconcileJson } from '../src/json/reconcile-json.ts'

const reconcile = (text: string, value: unknown): string =>
  reconcileJson(text, parseJson(text.replace('\ufeff', '')), value)

describe('reconcileJson', () => {
  it.each<[string, string, unknown, string]>([
    ['a scalar', '{ "a": 1,\n\t"b" : "x" }\n', { a: 2, b: 'x' }, '{ "a": 2,\n\t"b" : "x" }\n'],
    [
      'an equal value in another spelling',
      '{"a": 1.0, "b": "\\u0061"}',
      { a: 1, b: 'a' },
      '{"a": 1.0, "b": "\\u0061"}',
    ],
    [
      'a new entry over lines',
      '{\n  "a": 1\n}\n',
      { a: 1, b: { c: [] } },
      '{\n  "a": 1,\n  "b": {\n    "c": []\n  }\n}\n',
    ],
    ['a new entry on one line', '{"a": 1, "b": 2}', { a: 1, b: 2, c: [3] }, '{"a": 1, "b": 2, "c": [3]}'],
    ['a new entry without spaces', '{"a":1,"b":2}', { a: 1, b: 2, c: [3, 4] }, '{"a":1,"b":2,"c":[3,4]}'],
    [
      'tabs',
      '{\n\t"a": {\n\t\t"b": 1\n\t}\n}',
      { a: { b: 1, c: 2 } },
      '{\n\t"a": {\n\t\t"b": 1,\n\t\t"c": 2\n\t}\n}',
    ],
    ['the first entry gone', '{\n  "a": 1,\n  "b": 2\n}', { b: 2 }, '{\n  "b": 2\n}'],
    [
      'a middle entry gone',
      '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}',
      { a: 1, c: 3 },
      '{\n  "a": 1,\n  "c": 3\n}',
    ],
    ['the last entry gone', '{\n  "a": 1,\n  "b": 2\n}', { a: 1 }, '{\n  "a": 1\n}'],
    ['all entries gone', '{\n  "a": 1\n}', {}, '{}'],
    ['an item appended', '{"a": [1, 2]}', { a: [1, 2, 3] }, '{"a": [1, 2, 3]}'],
    ['an item gone', '[\n  1,\n  2,\n  3\n]', [1, 3], '[\n  1,\n  3\n]'],
    ['an item changed', '[{"a": 1}, {"a": 2}]', [{ a: 1 }, { a: 3 }], '[{"a": 1}, {"a": 3}]'],
    [
      'an item in front',
      '[{"a": 1},  {"a": 2}]',
      [{ a: 0 }, { a: 1 }, { a: 2 }],
      '[{"a": 0}, {"a": 1},  {"a": 2}]',
    ],
    ['CRLF', '{\r\n  "a": 1\r\n}\r\n', { a: 1, b: 2 }, '{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n'],
    ['a byte order mark', '\ufeff{"a": 1}', { a: 2 }, '\ufeff{"a": 2}'],
    ['an empty map filled', '{\n  "a": {}\n}', { a: { b: 1 } }, '{\n  "a": {\n    "b": 1\n  }\n}'],
    [
      'exact integers',
      '{"a": 12176941420362965433}',
      { a: 12176941420362965434n },
      '{"a": 12176941420362965434}',
    ],
    ['another kind of value', '{"a": [1]}', { a: 'x' }, '{"a": "x"}'],
    ['the root', '[1]', { a: 1 }, '{"a":1}'],
    ['what has a JSON of its own', '{"a": 1}', { a: new Date(0) }, '{"a": "1970-01-01T00:00:00.000Z"}'],
  ])('%s', (_, text, value, expected) => {
    expect(reconcile(text, value)).toBe(expected)
  })

  it.each([new Map([['a', 1]]), new Set([1]), () => 1, Number.NaN])(
    'refuses %s, which JSON cannot hold',
    (value) => {
      expect(() => reconcile('{"a": {"b": 1}}', { a: { b: value } })).toThrow('Cannot write a.b as JSON')
    },
  )

  it('passes over strings of several megabytes', () => {
    const long = JSON.stringify('a\n"'.repeat(1_000_000))
    expect(
      reconcile(`{${long}: ${long}, "b": 1}`, { ['a\n"'.repeat(1_000_000)]: 'a\n"'.repeat(1_000_000), b: 2 }),
    ).toBe(`{${long}: ${long}, "b": 2}`)
  })

  // A double beyond 2^53 is written with other digits than its value has.
  const exact = (_: string, item: unknown): unknown =>
    typeof item === 'number' && Math.abs(item) > 2 ** 53 ? 1.5 : item
  const value = fc
    .jsonValue({ maxDepth: 4, stringUnit: fc.constantFrom('a', '"', '\\', '\n', 'ü', ',', '{') })
    .map((data) => JSON.parse(JSON.stringify(data), exact) as unknown)

  it('gives any value, in any layout, and is at rest then', () => {
    fc.assert(
      fc.property(value, value, fc.constantFrom('', '  ', '\t'), (from, to, indent) => {
        const text = JSON.stringify(from, null, indent)
        const result = reconcile(text, to)
        expect(equalValues(parseJson(result), to)).toBe(true)
        expect(reconcile(result, to)).toBe(result)
      }),
    )
  })

  it('touches nothing when one value among others changes', () => {
    const map = fc.dictionary(fc.string({ minLength: 1 }), value, { minKeys: 1 })
    fc.assert(
      fc.property(map, fc.nat(), (data, seed) => {
        const text = JSON.stringify(data, null, 2)
        const keys = Object.keys(data)
        const key = keys[seed % keys.length] as string
        const before = text.indexOf(`\n  ${JSON.stringify(key)}: `)
        const result = reconcile(text, { ...data, [key]: 'changed here' })
        expect(result.slice(0, before)).toBe(text.slice(0, before))
      }),
    )
  })
})
