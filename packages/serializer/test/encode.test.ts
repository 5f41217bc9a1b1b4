import { toPartialObject, type KubernetesObject } from '@lg/runtime'
import { describe, expect, it } from 'vitest'
import {
  createSerializer,
  jsonFrameReader,
  jsonFrameWriter,
  yamlFrameReader,
  yamlFrameWriter,
  type DecodeOptions,
  type EncodeOptions,
} from '../src/index.ts'
import { createTestScheme, type NewCar, type Simple } from './kinds.ts'

const serializer = createSerializer({ scheme: createTestScheme() })
const everything: DecodeOptions = { decodeUnknown: true, decodeListElements: false }

async function encode(objects: readonly KubernetesObject[], options?: EncodeOptions): Promise<string> {
  let text = ''
  await serializer.encoder(options).encode(
    yamlFrameWriter((part) => void (text += part)),
    ...objects,
  )
  return text
}
async function encodeJson(objects: readonly KubernetesObject[], options?: EncodeOptions): Promise<string> {
  let text = ''
  await serializer.encoder(options).encode(
    jsonFrameWriter((part) => void (text += part)),
    ...objects,
  )
  return text
}
const decodeAll = (text: string, options: DecodeOptions = everything): Promise<KubernetesObject[]> =>
  serializer.decoder(options).decodeAll(yamlFrameReader(text))
const decodeJson = (text: string): Promise<KubernetesObject[]> =>
  serializer.decoder(everything).decodeAll(jsonFrameReader(text))

const simple: Simple = {
  apiVersion: 'shop.example/v1alpha1',
  kind: 'Simple',
  metadata: { name: 'foo' },
  testString: 'yes',
}
const complex = {
  apiVersion: 'shop.example/v1',
  kind: 'Complex',
  metadata: { name: 'foo' },
  integer: 12176941420362965433n,
  nested: { items: [{ name: 'a', value: 'two\nlines\n' }] },
}
const simpleText =
  'apiVersion: shop.example/v1alpha1\nkind: Simple\nmetadata:\n  name: foo\ntestString: "yes"\n'
const complexText = `apiVersion: shop.example/v1
kind: Complex
metadata:
  name: foo
integer: 12176941420362965433
nested:
  items:
  - name: a
    value: |
      two
      lines
`
const commented = `# the car of foo
apiVersion: shop.example/v1 # stable
kind: Car
metadata:
    name: 'foo'

spec:
    # who made it
    brand:   "Mercedes"   # a fine one
    chassis: {wheels: 4}
`

describe('a new object', () => {
  it('becomes conventional YAML', async () => {
    expect(await encode([simple])).toBe(simpleText)
    expect(await encode([complex])).toBe(complexText)
    expect(await encode([simple, complex])).toBe(`${simpleText}---\n${complexText}`)
  })

  it('becomes JSON, on one line when it need not be pretty', async () => {
    const line =
      '{"apiVersion":"shop.example/v1alpha1","kind":"Simple","metadata":{"name":"foo"},"testString":"yes"}\n'
    expect(await encodeJson([simple], { pretty: false })).toBe(line)
    expect(await encodeJson([simple])).toBe(`${JSON.stringify(simple, null, 2)}\n`)
    expect(await encodeJson([complex], { pretty: false })).toContain('"integer":12176941420362965433,')
    expect(await encodeJson([simple, simple], { pretty: false })).toBe(line + line)
  })

  it('stays as it was', async () => {
    const object = Object.freeze({ ...simple, metadata: Object.freeze({ name: 'foo' }) })
    await encode([object])
    expect(object).toEqual(simple)
  })
})

describe('an unchanged object', () => {
  it.each([
    ['plain', simpleText],
    ['with comments and its own form', commented],
    [
      'several, with all that stands around them',
      `# top\n---\n${simpleText}--- # next\n${commented}\n---\n# the end\n`,
    ],
    ['CRLF', `${simpleText}---\n${complexText}`.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${commented}`],
    ['no final newline', commented.trimEnd()],
    ['directives', `%YAML 1.2\n---\n${simpleText}...\n%YAML 1.2\n---\n${complexText}...\n`],
    ['unknown kinds', 'apiVersion: v1\nkind: Pod\nmetadata: {name: foo}\nspec: [ 0644,on , 1.0 ]\n'],
    ['a list', `apiVersion: v1\nkind: List\nitems:\n- ${simpleText.trimEnd().replaceAll('\n', '\n  ')}\n`],
    ['no metadata', 'apiVersion: v1\nkind: Kustomization\nresources:\n- a.yaml\n'],
  ])('keeps every byte: %s', async (_, text) => {
    expect(await encode(await decodeAll(text))).toBe(text)
  })

  it.each([
    ['on one line', '{"apiVersion": "v1","kind":"Pod", "metadata":{"name":"a"},"n":12176941420362965433}\n'],
    ['indented by tabs', '{\n\t"apiVersion": "v1",\n\t"kind": "Pod",\n\t"metadata": {}\n}\n'],
    [
      'several',
      '{"apiVersion":"v1","kind":"Pod","metadata":{}} \n\n{"apiVersion":"v1","kind":"Pod","metadata":{}}',
    ],
  ])('keeps every byte of JSON: %s', async (_, text) => {
    expect(await encodeJson(await decodeJson(text))).toBe(text)
  })

  it('gets the usual separator where it stood elsewhere', async () => {
    const [first, second] = await decodeAll(`---\n${simpleText}---\n${complexText}`)
    expect(await encode([second!])).toBe(complexText)
    expect(await encode([second!, first!])).toBe(`${complexText}---\n${simpleText}`)
  })
})

describe('a changed object', () => {
  it('changes only what changed', async () => {
    const [car] = await decodeAll(commented)
    ;(car as NewCar).spec.brand = 'Volvo'
    expect(await encode([car!])).toBe(commented.replace('Mercedes', 'Volvo'))
  })

  it('leaves quantities, ports and long integers as they are written', async () => {
    const text = `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  limits: {cpu: 1.50, memory: "1Gi", storage: 1e3, gpu: 0o17}
  requests: {cpu: 500m, memory: 1_000, size: 12176941420362965433}
  ports: [8080, http, "80", 0x1F]
  replicas: 1
`
    const [pod] = (await decodeAll(text)) as [KubernetesObject & { spec: { replicas: number } }]
    pod.spec.replicas = 2
    expect(await encode([pod])).toBe(text.replace('replicas: 1', 'replicas: 2'))
  })

  it('changes only what changed in JSON', async () => {
    const text =
      '{"apiVersion": "v1","kind":"Pod",\n  "metadata": {"name": "a"}, "n": [1, 12176941420362965433]}'
    const [pod] = (await decodeJson(text)) as [{ n: unknown[] } & KubernetesObject]
    pod.n[0] = 2
    expect(await encodeJson([pod])).toBe(text.replace('[1,', '[2,'))
  })

  it('that is a copy names its original', async () => {
    const [car] = (await decodeAll(commented)) as [NewCar]
    const copy = { ...car, spec: { ...car.spec, brand: 'Volvo' } }
    let text = ''
    const writer = yamlFrameWriter((part) => void (text += part))
    const [document] = await serializer.encoder({ strict: true }).encode(writer, copy, { from: car })
    expect(text).toBe(commented.replace('Mercedes', 'Volvo'))
    expect(document).toMatchObject({ changed: true, ledger: [], changes: [{ line: 9, text: '"Volvo"' }] })
  })

  it('whose text is not known is in the ledger, and refused in strict mode', async () => {
    const [car] = (await decodeAll(commented)) as [NewCar]
    const [document] = await serializer.encoder().encode(
      yamlFrameWriter(() => undefined),
      { ...car },
    )
    expect(document?.ledger).toMatchObject([{ code: 'SOURCE_UNKNOWN' }])
    const strict = serializer.encoder({ strict: true })
    const writer = yamlFrameWriter(() => undefined)
    await expect(strict.encode(writer, { ...car })).rejects.toMatchObject({ code: 'NOT_KEPT' })
    expect(await strict.encode(writer, { ...car }, { from: null })).toMatchObject([{ ledger: [] }])
  })

  it('reports comments that went, and refuses to lose one in strict mode', async () => {
    const [car] = (await decodeAll(commented)) as [NewCar]
    const original = structuredClone(car)
    delete car.spec.chassis
    const { text } = await serializer.encoder({ strict: true }).encodeDocument(car)
    expect(text).toBe(commented.replace('    chassis: {wheels: 4}\n', ''))

    const list = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: foo\nspec:\n  # inside\n  a: 1\n'
    const [pod] = (await decodeAll(list)) as [KubernetesObject & { spec: unknown }]
    pod.spec = 'scalar'
    await expect(serializer.encoder({ strict: true }).encodeDocument(pod)).rejects.toMatchObject({
      code: 'NOT_KEPT',
    })
    const kept = await serializer.encoder().encodeDocument(pod)
    expect(kept.text).toContain('# inside')
    expect(kept.ledger).toMatchObject([{ code: 'COMMENT_MOVED' }])
    expect(original.spec.chassis).toEqual({ wheels: 4 })
  })

  it('keeps its source for the next time', async () => {
    const [car] = (await decodeAll(commented)) as [NewCar]
    car.spec.brand = 'Volvo'
    await encode([car])
    car.spec.brand = 'Mercedes'
    expect(await encode([car])).toBe(commented)
  })
})

describe('encodeDocument', () => {
  it('writes into the stored text that it is given', async () => {
    const car: NewCar = {
      apiVersion: 'shop.example/v1',
      kind: 'Car',
      metadata: { name: 'foo' },
      spec: { brand: 'Mercedes', chassis: { wheels: 6 } },
    }
    const encoder = serializer.encoder({ strict: true })
    const result = await encoder.encodeDocument(car, { source: new TextEncoder().encode(commented) })
    expect(result.text).toBe(commented.replace('wheels: 4', 'wheels: 6'))
    expect(await encoder.encodeDocument(car, { source: result.text })).toMatchObject({
      changed: false,
      changes: [],
    })
  })

  it('writes anew when there is no stored text', async () => {
    const [car] = (await decodeAll(commented)) as [NewCar]
    const { text } = await serializer.encoder({ strict: true }).encodeDocument(car, { source: null })
    expect(text).not.toContain('#')
  })

  it('says that JSON holds no comments', async () => {
    const [car] = (await decodeAll(commented)) as [NewCar]
    const result = await serializer.encoder().encodeDocument(car, { contentType: 'application/json' })
    expect(result.ledger).toMatchObject([{ code: 'FORMAT_CHANGED' }])
    expect(JSON.parse(result.text)).toEqual(car)
  })
})

describe('refusals', () => {
  it('of a partial object', async () => {
    await expect(encode([toPartialObject(simple)])).rejects.toMatchObject({ code: 'PARTIAL_OBJECT' })
  })

  it('of what the schema refuses, unless told not to look', async () => {
    const wrong = { ...simple, testString: 1 }
    await expect(encode([wrong])).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH' })
    expect(await encode([wrong], { validate: false })).toContain('testString: 1')
  })

  it('of no object, and of a value that YAML and JSON cannot hold', async () => {
    await expect(encode([{} as KubernetesObject])).rejects.toMatchObject({ code: 'INVALID_OBJECT' })
    const wrong = { apiVersion: 'v1', kind: 'Pod', metadata: {}, spec: () => 1 }
    await expect(encode([wrong])).rejects.toMatchObject({ code: 'NOT_SERIALIZABLE' })
    await expect(encodeJson([wrong])).rejects.toMatchObject({ code: 'NOT_SERIALIZABLE' })
  })

  it('of a change through an alias, unless it may be written out', async () => {
    const text = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\na: &x {b: 1}\nc: *x\n'
    const [pod] = (await decodeAll(text)) as [KubernetesObject & { c: unknown }]
    pod.c = { b: 2 }
    await expect(encode([pod])).rejects.toMatchObject({ code: 'EDIT_REFUSED', details: { reason: 'ALIAS' } })
    expect(await encode([pod], { aliases: 'expand' })).toBe(text.replace('c: *x', 'c:\n  b: 2'))
  })

  it('with the reason of an aborted signal', async () => {
    const signal = AbortSignal.abort('stop')
    const writer = yamlFrameWriter(() => undefined)
    await expect(serializer.encoder().encode(writer, simple, { signal })).rejects.toBe('stop')
    expect(writer.written).toBe(0)
  })
})
