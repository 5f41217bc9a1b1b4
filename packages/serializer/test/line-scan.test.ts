import fc from 'fast-check'
import { parseYamlDocuments } from '@lg/yaml-edit'
import { expect, it } from 'vitest'
import { scanIdentity } from '../src/recognize/line-scan.ts'

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
const text = fc
  .array(fc.tuple(fc.constantFrom('', '', '', '  ', '  ', '    ', ' '), line), {
    minLength: 1,
    maxLength: 12,
  })
  .map((lines) => lines.map(([indent, content]) => `${indent}${content}\n`).join(''))

const own = (map: unknown, key: string): unknown =>
  typeof map === 'object' && map !== null && Object.hasOwn(map, key) ?
    (map as Record<string, unknown>)[key]
  : undefined

it('never answers otherwise than a parser', () => {
  let sure = 0
  fc.assert(
    fc.property(text, (document) => {
      const bytes = new TextEncoder().encode(document)
      const found = scanIdentity(bytes, 0, bytes.length)
      const [parsed, second] = parseYamlDocuments(document)
      if (found === undefined || parsed === undefined || second !== undefined || parsed.errors.length > 0)
        return
      sure++
      const metadata = own(parsed.value, 'metadata')
      expect(found).toEqual({
        apiVersion: own(parsed.value, 'apiVersion'),
        kind: own(parsed.value, 'kind'),
        namespace: own(metadata, 'namespace'),
        name: own(metadata, 'name'),
      })
    }),
    { numRuns: 5000 },
  )
  expect(sure).toBeGreaterThan(200)
})
