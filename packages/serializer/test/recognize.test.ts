import { describe, expect, it } from 'vitest'
import { createRecognizer, type RecognizedDocument } from '../src/index.ts'
import { createTestScheme } from './kinds.ts'

const recognize = createRecognizer({ scheme: createTestScheme() })
const look = (text: string, path = 'a.yaml'): readonly RecognizedDocument[] =>
  recognize(path, new TextEncoder().encode(text)).documents
const only = (text: string, path?: string): RecognizedDocument => {
  const documents = look(text, path)
  expect(documents).toHaveLength(1)
  return documents[0] as RecognizedDocument
}
const car = 'apiVersion: shop.example/v1\nkind: Car\nmetadata:\n  name: foo\n'

describe('the object of a document', () => {
  const key = { group: 'shop.example', kind: 'Car', namespace: 'default', name: 'foo' }

  it.each([
    ['plain lines', car],
    [
      'keys in another order',
      'metadata:\n  labels: {a: b}\n  name: foo\nkind: Car\napiVersion: shop.example/v1\n',
    ],
    ['quotes', 'apiVersion: "shop.example/v1"\nkind: \'Car\'\nmetadata:\n  "name": foo\n'],
    ['comments', '# a\napiVersion: shop.example/v1 # b\nkind: Car\nmetadata: # c\n  # d\n  name: foo # e\n'],
    ['CRLF', car.replaceAll('\n', '\r\n')],
    ['flow style', '{apiVersion: shop.example/v1, kind: Car, metadata: {name: foo}}'],
    ['a flow map under metadata', 'apiVersion: shop.example/v1\nkind: Car\nmetadata: {name: foo}\n'],
    ['an anchor', 'apiVersion: shop.example/v1\nkind: &k Car\nmetadata:\n  name: foo\nspec: *k\n'],
    ['a merge key', 'x: &m {name: foo}\napiVersion: shop.example/v1\nkind: Car\nmetadata:\n  <<: *m\n'],
    ['a name on the next line', 'apiVersion: shop.example/v1\nkind: Car\nmetadata:\n  name:\n    foo\n'],
    ['a name as a block', 'apiVersion: shop.example/v1\nkind: Car\nmetadata:\n  name: |-\n    foo\n'],
    ['explicit keys', '? apiVersion\n: shop.example/v1\n? kind\n: Car\n? metadata\n: name: foo\n'],
    ['lookalikes in a block', `${car}spec:\n  text: |\n    kind: Pod\n    metadata:\n      name: bar\n`],
    ['lookalikes deeper', `spec:\n  kind: Pod\n  metadata:\n    name: bar\n${car}`],
    ['lookalikes in a list', `items:\n- kind: Pod\n  metadata:\n    name: bar\n${car}`],
    ['a quoted text over lines', `${car}text: "a\n  kind: Pod\n  b"\n`],
    ['a text over lines', `text: a\n  kind\n  Pod\n${car}`],
    ['escapes', 'apiVersion: shop.example/v1\nkind: "C\\x61r"\nmetadata:\n  name: foo\n'],
    ['a key twice', `${car.replace('foo', 'bar')}metadata:\n  name: foo\n`],
    ['a tag', 'apiVersion: shop.example/v1\nkind: !!str Car\nmetadata:\n  name: foo\n'],
    ['a directive', `%YAML 1.2\n---\n${car}`],
    ['tabs behind values', 'apiVersion: shop.example/v1\t\nkind: Car\nmetadata:\n  name: foo\n'],
    ['wider indentation', 'apiVersion: shop.example/v1\nkind: Car\nmetadata:\n      name: foo\n'],
  ])('is found through %s', (_, text) => {
    expect(only(text)).toMatchObject({
      type: 'object',
      apiVersion: 'shop.example/v1',
      kind: 'Car',
      key,
      known: true,
    })
  })

  it('has the namespace that it states, else that of its scope', () => {
    expect(only(`${car}  namespace: team\n`).key?.namespace).toBe('team')
    expect(only(car.replace('Car', 'Town')).key?.namespace).toBe('')
    expect(only(`${car.replace('Car', 'Town')}  namespace: team\n`).key?.namespace).toBe('')
    expect(only(car.replace('Car', 'Pod')).key?.namespace).toBe('')
    const elsewhere = createRecognizer({ scheme: createTestScheme(), defaultNamespace: 'team' })
    expect(elsewhere('a.yaml', new TextEncoder().encode(car)).documents[0]?.key?.namespace).toBe('team')
  })

  it('is known or not', () => {
    expect(only(car.replace('/v1', '/v7'))).toMatchObject({ type: 'object', known: false })
    expect(only(car.replace('shop', 'other'))).toMatchObject({ type: 'object', known: false })
    const unscoped = createRecognizer()('a.yaml', new TextEncoder().encode(car)).documents[0]
    expect(unscoped).toMatchObject({ type: 'object', known: undefined })
  })

  it('is found in JSON', () => {
    const json = JSON.stringify(
      { apiVersion: 'shop.example/v1', kind: 'Car', metadata: { name: 'foo' } },
      null,
      2,
    )
    expect(only(json, 'a.json')).toMatchObject({ type: 'object', key, contentType: 'application/json' })
    expect(only(json, 'a.yaml')).toMatchObject({ type: 'object', key, contentType: 'application/yaml' })
    expect(only(json, 'a')).toMatchObject({ type: 'object', key, contentType: 'application/json' })
  })
})

describe('what is no object', () => {
  it.each<[string, string, object]>([
    ['values', 'replicas: 3\n', { type: 'other', problem: { line: 1 } }],
    ['a list', '- 1\n', { type: 'other' }],
    ['a text', 'hello\n', { type: 'other' }],
    [
      'an apiVersion that is a number',
      'apiVersion: 1\nkind: Car\nmetadata:\n  name: foo\n',
      { type: 'other' },
    ],
    [
      'an object without a name',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  generateName: a-\n',
      { type: 'unnamed', kind: 'Pod' },
    ],
    ['an object without metadata', 'apiVersion: v1\nkind: Kustomization\n', { type: 'unnamed' }],
    ['a List', 'apiVersion: v1\nkind: List\nitems:\n- a: 1\n', { type: 'list' }],
    [
      'a list of a known kind',
      `apiVersion: shop.example/v1\nkind: CarList\nmetadata: {name: x}\nitems: []\n`,
      { type: 'list' },
    ],
    ['a comment', '# nothing\n', { type: 'empty' }],
    [
      'a name that is a number',
      car.replace('foo', '8080'),
      { type: 'invalid', problem: { line: 4, column: 3 } },
    ],
    ['a name that is a boolean', car.replace('foo', 'on'), { type: 'invalid' }],
    ['a map as a name', car.replace('foo', '{a: b}'), { type: 'invalid' }],
    ['broken YAML', `${car}a: [1\n`, { type: 'invalid', problem: { line: 6 } }],
    ['a template', '{{ if x }}\na: 1\n{{ end }}\n', { type: 'invalid' }],
    [
      'a tab',
      'apiVersion: v1\nkind: Pod\nmetadata:\n\tname: foo\n',
      { type: 'invalid', problem: { line: 4 } },
    ],
  ])('%s', (_, text, expected) => {
    const [document] = text === '# nothing\n' ? [...look(text), { type: 'empty' }] : look(text)
    expect(document).toMatchObject(expected)
    expect(document).not.toHaveProperty('key.name')
  })

  it('names no problem of an empty document', () => {
    expect(look('---\n---\n').map(({ type, problem }) => [type, problem])).toEqual([
      ['empty', undefined],
      ['empty', undefined],
    ])
  })
})

describe('a file of several documents', () => {
  const stream = `# licence ü\n---\n${car}--- # second\n${car.replace('foo', 'bar')}---\n\n---\na: [\n---\n{${'x: 1'}}\n...\n`

  it('has the bytes of each', () => {
    const bytes = new TextEncoder().encode(stream)
    const { documents } = recognize('a.yaml', bytes)
    expect(documents.map(({ start, end }) => new TextDecoder().decode(bytes.subarray(start, end)))).toEqual([
      car,
      car.replace('foo', 'bar'),
      '\n',
      'a: [\n',
      '{x: 1}\n',
    ])
  })

  it('says what each is, and where; one broken document leaves the others', () => {
    expect(look(stream).map(({ type, line, key }) => [type, line, key?.name])).toEqual([
      ['object', 3, 'foo'],
      ['object', 8, 'bar'],
      ['empty', 13, undefined],
      ['invalid', 15, undefined],
      ['other', 17, undefined],
    ])
    expect(look(stream)[3]?.problem?.line).toBeGreaterThanOrEqual(15)
  })

  it('of JSON texts', () => {
    const object = (name: string) => JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name } })
    const documents = look(`${object('a')}\n{oops}\n${object('b')}\n`, 'a.json')
    expect(documents.map(({ type, line, key }) => [type, line, key?.name])).toEqual([
      ['object', 1, 'a'],
      ['invalid', 2, undefined],
      ['object', 3, 'b'],
    ])
  })

  it('where one is not UTF-8', () => {
    const head = new TextEncoder().encode(`${car}---\na: 1\nb: `)
    const bytes = Uint8Array.of(...head, 0xff, 0x0a)
    const { documents } = recognize('a.yaml', bytes)
    expect(documents.map(({ type, problem }) => [type, problem?.line, problem?.column])).toEqual([
      ['object', undefined, undefined],
      ['invalid', 7, 4],
    ])
  })
})
