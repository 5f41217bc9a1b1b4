import { copyValue } from '../src/fill.ts'
import { equalValues, type KubernetesObject } from '@lg/runtime'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSerializer } from '../src/index.ts'
import { createTestScheme } from './kinds.ts'

const serializer = createSerializer({ scheme: createTestScheme() })
const decoder = serializer.decoder({ decodeUnknown: true })
const encoder = serializer.encoder()

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    'yes',
    'on',
    '0644',
    '1e3',
    '~',
    '1:30',
    '- a',
    'a: b',
    '# c',
    ' x',
    'x ',
    '\n',
    'a\n\nb\n',
    '__proto__',
  ),
)
const scalar = fc.oneof(
  text,
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((value) => !Number.isInteger(value) || Number.isSafeInteger(value)),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
)
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
}))
const object = fc
  .record({ spec: value, status: value }, { requiredKeys: [] })
  .map((fields): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'Thing',
    metadata: { name: 'foo' },
    ...fields,
  }))
const contentType = fc.constantFrom('application/yaml', 'application/json')

describe('any object, in YAML and in JSON', () => {
  it('comes back as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(object, contentType, async (written, type) => {
        const { text: document } = await encoder.encodeDocument(written, { contentType: type })
        const read = await decoder.decodeDocument(document, { contentType: type })
        expect(equalValues(read, written)).toBe(true)
      }),
    )
  })

  it('written into the text of another reads as itself, and is at rest then', async () => {
    await fc.assert(
      fc.asyncProperty(object, object, contentType, async (stored, wanted, type) => {
        const { text: source } = await encoder.encodeDocument(stored, { contentType: type, from: null })
        const first = await encoder.encodeDocument(copyValue(wanted), { contentType: type, source })
        const read = await decoder.decodeDocument(first.text, { contentType: type })
        expect(equalValues(read, wanted)).toBe(true)
        const second = await encoder.encodeDocument(wanted, { contentType: type, source: first.text })
        expect(second).toMatchObject({ text: first.text, changed: false })
      }),
    )
  })
})
