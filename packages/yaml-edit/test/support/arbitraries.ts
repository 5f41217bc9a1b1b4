import fc from 'fast-check'

const words = [
  'a',
  'name',
  'spec',
  'on',
  'true',
  '1',
  'image: x',
  '# no',
  '- dash',
  '',
  ' lead',
  'end ',
  '~',
  'é',
  '0644',
  '1:30',
  "it's",
  '"q"',
  'a,b',
  '{x',
  'x]',
]
const texts = [
  'two\nlines',
  'two\nlines\n',
  'keep\n\n',
  '\nlead',
  '  indented\nless\n',
  'tab\there',
  'a\n\nb\n',
  '#!/bin/sh\necho\n',
]

/** Strings that people write, and strings that YAML makes hard. */
const yamlString: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...words),
  fc.constantFrom(...texts),
  fc.string({ maxLength: 8 }),
  fc.string({ unit: fc.constantFrom(...'ab :#-\n,[]{}&*!|>\'"%@`?'), maxLength: 10 }),
)

export const yamlScalar: fc.Arbitrary<unknown> = fc.oneof(
  yamlString,
  fc.integer({ min: -100, max: 100 }),
  fc.constantFrom(0.5, 1e21, 12345678901234567890n, -9007199254740993n, 2 ** 60),
  fc.boolean(),
  fc.constant(null),
)

const key = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'name', 'spec', 'on', '0644', 'x y', '__proto__', ''),
  yamlString,
)

/** Any value that YAML can hold, a few levels deep. */
export const yamlValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    yamlScalar,
    tie('list'),
    tie('map'),
    tie('named'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map(asObject),
  named: fc
    .uniqueArray(fc.tuple(fc.constantFrom('n1', 'n2', 'n3', 'n4'), tie('value')), {
      maxLength: 4,
      selector: ([name]) => name,
    })
    .map((items) => items.map(([name, value]) => ({ name, value }))),
})).value

function asObject(entries: readonly (readonly [string, unknown])[]): unknown {
  const object: Record<string, unknown> = {}
  for (const [name, value] of entries) {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
  }
  return object
}
