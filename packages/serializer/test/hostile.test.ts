import { isLgError } from '@lg/runtime'
import { expect, it } from 'vitest'
import {
  createRecognizer,
  createSerializer,
  jsonFrameReader,
  serializerErrors,
  yamlFrameReader,
} from '../src/index.ts'
import { createTestScheme } from './kinds.ts'

const head = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n'
const decoder = createSerializer({ scheme: createTestScheme() }).decoder({ decodeUnknown: true })
const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]']
for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg'])
  bomb.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(',')}]`)

it.each<[string, string, string | undefined]>([
  ['an alias bomb', `${head}${bomb.join('\n')}\n`, 'INVALID_DOCUMENT'],
  ['10,000 levels', `${head}a: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`, 'INVALID_DOCUMENT'],
  ['a line of 15 MB', `${head}a: ${'x'.repeat(15_000_000)}\n`, undefined],
  ['a NUL', `${head}a: \0\n`, 'INVALID_DOCUMENT'],
  [
    '100,000 keys',
    `${head}${Array.from({ length: 100_000 }, (_, index) => `k${index}: 1\n`).join('')}`,
    undefined,
  ],
  ['a million separators', '---\n'.repeat(1_000_000), undefined],
])('stays within bounds for %s', async (_, text, code) => {
  const started = performance.now()
  const error: unknown = await decoder.decodeAll(yamlFrameReader(text)).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(isLgError(error) ? error.code : error).toBe(code)
  createRecognizer()('a.yaml', new TextEncoder().encode(text))
  expect(performance.now() - started).toBeLessThan(10_000)
})

it.each<[string, string, string | undefined]>([
  ['100,000 levels', '{"a":'.repeat(100_000), 'INVALID_DOCUMENT'],
  [
    '300,000 items',
    `{"apiVersion":"v1","kind":"Pod","metadata":{},"a":[${'{},'.repeat(300_000)}1]}`,
    undefined,
  ],
  ['a million quotes', '"'.repeat(1_000_000), 'INVALID_DOCUMENT'],
  [
    '20,000 duplicate keys',
    `{"apiVersion":"v1","kind":"Pod","metadata":{},${'"a":1,'.repeat(20_000)}"b":1}`,
    'STRICT_DECODING',
  ],
])('stays within bounds for JSON of %s', async (_, text, code) => {
  const started = performance.now()
  const error: unknown = await decoder.decodeAll(jsonFrameReader(text)).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(isLgError(error) ? error.code : error).toBe(code)
  expect(performance.now() - started).toBeLessThan(10_000)
})

it('reports a thousand faults at most', async () => {
  const text = `{"apiVersion":"v1","kind":"Pod","metadata":{},${'"a":1,'.repeat(5000)}"b":1}`
  const error: unknown = await decoder.decodeDocument(text).catch((thrown: unknown) => thrown)
  if (!serializerErrors.is(error, 'STRICT_DECODING')) throw error
  expect(error.details.faults).toHaveLength(1000)
})

it('keeps keys that name a prototype as data', async () => {
  const object = await decoder.decodeDocument(
    `${head}__proto__: {polluted: 1}\nconstructor: {prototype: 2}\n`,
  )
  expect(Object.keys(object)).toEqual(['apiVersion', 'kind', 'metadata', '__proto__', 'constructor'])
  expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})
