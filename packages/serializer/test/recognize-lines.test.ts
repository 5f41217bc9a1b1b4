import fc from 'fast-check'
import { parseYamlDocuments } from '@lg/yaml-edit'
import { expect, it } from 'vitest'
import { createRecognizer } from '../src/index.ts'

/** Lines that people write, and lines made to confuse. */
const line = fc.constantFrom(
  ...[
    'apiVersion: v1',
    'kind: Pod',
    'kind: "Pod"',
    "kind: 'Pod' # c",
    'metadata:',
    'name: a',
    'namespace: b',
    'kind:',
  ],
  ...[
    '- name: c',
    '- kind: List',
    '-',
    '- - x',
    'x: |',
    'x: >-',
    '- |',
    'text',
    'text: more',
    'x: "open',
    'close"',
  ],
  ...[
    'x: {a: b}',
    'x: {a:',
    '}',
    'x: [1, "a, ]"]',
    '# comment',
    '',
    '"kind": Pod',
    '? kind',
    ': Pod',
    '<<: *a',
  ],
  ...[
    'x: &a {kind: Pod}',
    'name: yes',
    'name: 12',
    'name: a # c',
    'name: a b',
    'name:b',
    'x:',
    "it's: b",
    'x: a: b',
  ],
  ...[
    'x: plain',
    '\tx: y',
    'x:\ty',
    '!!map',
    'metadata: {name: z}',
    'x: ""',
    'x: # c',
    '&b',
    'kind: Pod:',
    'x: b #c',
  ],
)
const indent = fc.constantFrom('', '', '', '  ', '  ', '    ', ' ')
const text = fc
  .tuple(
    fc.constantFrom('', 'apiVersion: v1\nkind: Pod\n', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n'),
    fc.array(fc.tuple(indent, line), { minLength: 1, maxLength: 6 }),
  )
  .map(([head, lines]) => head + lines.map(([space, content]) => `${space}${content}\n`).join(''))

const own = (map: unknown, key: string): unknown =>
  typeof map === 'object' && map !== null && Object.hasOwn(map, key) ?
    (map as Record<string, unknown>)[key]
  : undefined
const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const recognize = createRecognizer()

it('never names another object than a parser', () => {
  let named = 0
  fc.assert(
    fc.property(text, (document) => {
      const [found, another] = recognize('a.yaml', new TextEncoder().encode(document)).documents
      const [parsed, second] = parseYamlDocuments(document)
      if (parsed === undefined || second !== undefined || another !== undefined) return
      if (parsed.errors.length > 0) return
      const metadata = own(parsed.value, 'metadata')
      const [name, namespace] = [own(metadata, 'name'), own(metadata, 'namespace') ?? '']
      const [apiVersion, kind] = [own(parsed.value, 'apiVersion'), own(parsed.value, 'kind')]
      const complete = [apiVersion, kind, name].every(isText) && typeof namespace === 'string'
      if (complete) named++
      expect(found?.key).toEqual(complete ? { group: '', kind, namespace, name } : undefined)
    }),
    // Few of the texts name an object at all.
    { numRuns: 1500 },
  )
  expect(named).toBeGreaterThan(20)
})
