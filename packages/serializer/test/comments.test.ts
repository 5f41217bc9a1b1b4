import { createScheme, type KubernetesObject } from '@lg/runtime'
import { describe, expect, it } from 'vitest'
import {
  commentAnnotation,
  createSerializer,
  getCommentSource,
  hasCommentSource,
  withCommentSource,
  yamlFrameReader,
  type EncodeOptions,
} from '../src/index.ts'
import { createTestScheme } from './kinds.ts'

const serializer = createSerializer({ scheme: createTestScheme() })
const head = 'apiVersion: v1\nkind: Thing\nmetadata:\n  name: foo\n'
type Thing = KubernetesObject & { spec: Record<string, unknown>; items: unknown[] }

/** Decodes, changes and encodes one document; only the part behind the head is given and returned. */
async function change(body: string, edit: (thing: Thing) => void, options?: EncodeOptions) {
  const thing = (await serializer.decoder({ decodeUnknown: true }).decodeDocument(head + body)) as Thing
  edit(thing)
  const { text, ledger } = await serializer.encoder(options).encodeDocument(thing)
  expect(text.startsWith(head)).toBe(true)
  return { text: text.slice(head.length), ledger: ledger.map(({ code }) => code) }
}

describe('comments', () => {
  it('stay where nothing changed', async () => {
    const body = '# above\nspec: # beside\n  # inside\n  a: 1 # one\n  # below\n# end\n'
    expect(await change(body, ({ spec }) => void (spec['b'] = 2))).toEqual({
      text: '# above\nspec: # beside\n  # inside\n  a: 1 # one\n  b: 2\n  # below\n# end\n',
      ledger: [],
    })
  })

  it('stay beside a value that changed', async () => {
    const { text } = await change('spec:\n  a: 1   # one\n', ({ spec }) => void (spec['a'] = 2))
    expect(text).toBe('spec:\n  a: 2   # one\n')
  })

  const list =
    'items:\n# the first\n- name: a # one\n  value: 1\n# the second\n- name: b # two\n  value: 2\n# the third\n- name: c\n  value: 3\n'
  const [first, second, third] = [
    '# the first\n- name: a # one\n  value: 1\n',
    '# the second\n- name: b # two\n  value: 2\n',
    '# the third\n- name: c\n  value: 3\n',
  ]

  it('of an item in the middle stay while its neighbours change', async () => {
    const { text, ledger } = await change(list, (thing) => {
      ;(thing.items[0] as { value: number }).value = 10
      ;(thing.items[2] as { value: number }).value = 30
    })
    expect(text).toBe(list.replace('value: 1', 'value: 10').replace('value: 3', 'value: 30'))
    expect(ledger).toEqual([])
  })

  it('go along with an item that moves', async () => {
    const { text, ledger } = await change(list, (thing) => void thing.items.reverse())
    expect(text).toBe(`items:\n${third}${second}${first}`)
    expect(ledger).toEqual([])
  })

  it('stay when an item is added', async () => {
    const { text } = await change(list, (thing) => void thing.items.unshift({ name: 'z', value: 0 }))
    expect(text).toContain(first)
    expect(text).toContain(second)
    expect(text).toContain('- name: z\n  value: 0\n')
  })

  it('go with an item that goes, and the ledger says so', async () => {
    const { text, ledger } = await change(list, (thing) => void thing.items.splice(1, 1))
    expect(text).toBe(`items:\n${first}${third}`)
    expect(ledger).toEqual(['COMMENT_DELETED', 'COMMENT_DELETED'])
  })

  it('follow an item whose content alone tells it', async () => {
    const body = 'items:\n- x: long text one # one\n- x: long text two # two\n'
    const { text } = await change(body, (thing) => void thing.items.shift())
    expect(text).toBe('items:\n- x: long text two # two\n')
  })

  it('follow items by the merge keys of their schema', async () => {
    const scheme = createScheme()
    const port = {
      type: 'object',
      properties: { port: { type: 'integer' }, protocol: { type: 'string' }, note: { type: 'string' } },
    }
    const listKeys = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['port', 'protocol'] }
    const jsonSchema = { properties: { ports: { type: 'array', items: port, ...listKeys } } }
    scheme.register({
      ...{ group: '', version: 'v1', kind: 'Thing', scope: 'namespaced' },
      schema: {
        '~standard': {
          ...{
            version: 1,
            vendor: 'test',
            jsonSchema: { input: () => jsonSchema, output: () => jsonSchema },
          },
          validate: (value: unknown) => ({ value }),
        },
      },
    })
    const own = createSerializer({ scheme })
    const body =
      'ports:\n# web\n- port: 80\n  protocol: TCP\n  note: a\n# names\n- port: 53\n  protocol: UDP\n  note: b\n- port: 53\n  protocol: TCP\n  note: c\n'
    const thing = (await own.decoder().decodeDocument(head + body)) as KubernetesObject & {
      ports: { note: string }[]
    }
    thing.ports.shift()
    for (const entry of thing.ports) entry.note = `new ${entry.note}`
    const { text } = await own.encoder().encodeDocument(thing)
    expect(text).toBe(
      `${head}ports:\n# names\n- port: 53\n  protocol: UDP\n  note: new b\n- port: 53\n  protocol: TCP\n  note: new c\n`,
    )
  })

  it('stay around a folded text', async () => {
    const body = 'spec:\n  # about the text\n  text: >-\n    folded\n    over lines\n  b: 1 # one\n'
    const { text } = await change(body, ({ spec }) => void (spec['b'] = 2))
    expect(text).toBe(body.replace('b: 1', 'b: 2'))
  })

  it('of an item of a List go with the item', async () => {
    const items =
      '# the first\n- apiVersion: v1 # beside\n  kind: Thing\n  metadata: {name: a}\n  text: |\n    two\n\n    lines\n'
    const list = `apiVersion: v1\nkind: List\nitems:\n${items}- {apiVersion: v1, kind: Thing, metadata: {name: b}}\n`
    const objects = await serializer.decoder({ decodeUnknown: true }).decodeAll(yamlFrameReader(list))
    const texts = await Promise.all(objects.map((object) => serializer.encoder().encodeDocument(object)))
    expect(texts.map(({ text }) => text)).toEqual([
      '# the first\napiVersion: v1 # beside\nkind: Thing\nmetadata: {name: a}\ntext: |\n  two\n\n  lines\n',
      '{apiVersion: v1, kind: Thing, metadata: {name: b}}\n',
    ])
  })

  it('of an item that needs an anchor outside of it are reported', async () => {
    const list =
      'apiVersion: v1\nkind: List\nx: &m {name: a}\nitems:\n- apiVersion: v1 # c\n  kind: Thing\n  metadata: *m\n'
    const [object] = await serializer.decoder({ decodeUnknown: true }).decodeAll(yamlFrameReader(list))
    const { text, ledger } = await serializer.encoder().encodeDocument(object!)
    expect(text).toBe('apiVersion: v1\nkind: Thing\nmetadata:\n  name: a\n')
    expect(ledger).toMatchObject([{ code: 'SOURCE_UNKNOWN' }])
  })

  const nested = 'spec:\n  a:\n    # inside\n    b: 1 # beside\n  c: 2\n'
  const flatten = ({ spec }: Thing): void => void (spec['a'] = 'text')

  it('move to the nearest parent when a map becomes a scalar', async () => {
    const { text, ledger } = await change(nested, flatten)
    for (const comment of ['# inside', '# beside']) expect(text).toContain(comment)
    expect(text).toContain('  a: text\n')
    expect(new Set(ledger)).toEqual(new Set(['COMMENT_MOVED']))
  })

  it('move to the top, with the names of their fields, as libgitops has it', async () => {
    const thing = (await serializer.decoder({ decodeUnknown: true }).decodeDocument(head + nested)) as Thing
    flatten(thing)
    const { text } = await serializer.encoder({ comments: 'top' }).encodeDocument(thing)
    expect(text).toMatch(/^# Comments lost during file manipulation:\n# Field "spec\.a/)
  })

  it('are left out, or stop the write, on request', async () => {
    const dropped = await change(nested, flatten, { comments: 'drop' })
    expect(dropped.text).not.toContain('#')
    expect(new Set(dropped.ledger)).toEqual(new Set(['COMMENT_DROPPED']))
    await expect(change(nested, flatten, { comments: 'strict' })).rejects.toMatchObject({ code: 'NOT_KEPT' })
    await expect(change(nested, flatten, { strict: true })).rejects.toMatchObject({ code: 'NOT_KEPT' })
  })
})

describe("libgitops' annotation", () => {
  const text = `# mine\n${head}spec:\n  a: 1 # one\n`
  const decode = (commentAnnotation: boolean) =>
    serializer.decoder({ decodeUnknown: true, commentAnnotation }).decodeDocument(text) as Promise<Thing>

  it('is not there unless asked for', async () => {
    expect(hasCommentSource(await decode(false))).toBe(false)
  })

  it('carries the text, and is never written', async () => {
    const thing = await decode(true)
    expect(getCommentSource(thing)).toBe(text)
    const copy = structuredClone(thing)
    copy.spec['a'] = 2
    const { text: written } = await serializer.encoder({ commentAnnotation: true }).encodeDocument(copy)
    expect(written).toBe(text.replace('a: 1', 'a: 2'))
    expect(copy.metadata.annotations).toHaveProperty([commentAnnotation])
  })

  it('is an annotation like any other when it is not asked for', async () => {
    const copy = structuredClone(await decode(true))
    const { text: written } = await serializer.encoder().encodeDocument(copy, { from: null })
    expect(written).toContain(commentAnnotation)
  })

  it('says when there is none, or when it is corrupt', async () => {
    const thing = await decode(false)
    const reasonOf = (object: KubernetesObject): unknown => {
      try {
        return getCommentSource(object)
      } catch (error) {
        return (error as { details: { reason: string } }).details.reason
      }
    }
    expect(reasonOf(thing)).toBe('missing')
    expect(reasonOf({ ...thing, metadata: {} })).toBe('missing')
    const corrupt = { ...thing, metadata: { annotations: { [commentAnnotation]: '%' } } }
    expect(reasonOf(corrupt)).toBe('corrupt')
    expect(reasonOf(withCommentSource(thing, 'ü'))).toBe('ü')
  })

  it('leaves nothing behind when it is taken away', async () => {
    const thing = await decode(false)
    expect(withCommentSource(withCommentSource(thing, 'x'), undefined)).toEqual(thing)
    const labelled = { ...thing, metadata: { name: 'a', annotations: { b: 'c' } } }
    expect(withCommentSource(withCommentSource(labelled, 'x'), undefined)).toEqual(labelled)
  })
})
