import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromJsonSchema, schemaErrors, type JsonSchema } from '../src/index.ts'

const judge = async (schema: JsonSchema, value: unknown) =>
  fromJsonSchema(schema)['~standard'].validate(value)
const paths = async (schema: JsonSchema, value: unknown): Promise<unknown[]> =>
  ((await judge(schema, value)).issues ?? []).map(({ path }) => path)

describe('fromJsonSchema', () => {
  it('takes a bigint for an integer and a number', async () => {
    const integer = { type: 'object', properties: { a: { type: 'integer', minimum: 0 } } }
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: 0n, max: 2n ** 70n }), async (a) => {
        expect(await judge(integer, { a })).toEqual({ value: { a } })
      }),
    )
    expect(await paths(integer, { a: -(2n ** 60n) })).toEqual([['a']])
    expect(await paths({ properties: { a: { type: 'string' } } }, { a: 2n ** 60n })).toEqual([['a']])
  })

  it('keeps to exact bounds', async () => {
    const bounded = { properties: { a: { maximum: 18446744073709551615n, minimum: -9223372036854775808n } } }
    expect(await paths(bounded, { a: 18446744073709551615n })).toEqual([])
    expect(await paths(bounded, { a: -9223372036854775808n })).toEqual([])
    expect(await paths(bounded, { a: 2n ** 66n })).toEqual([['a']])
  })

  it('fills defaults into a copy', async () => {
    const schema = {
      properties: {
        a: { default: { b: 1 }, properties: { b: {}, c: { default: 2 } } },
        list: { items: { properties: { d: { default: [3] } } } },
      },
    }
    const value = { list: [{}, { d: null }], e: undefined }
    expect(await judge(schema, value)).toEqual({
      value: { a: { b: 1, c: 2 }, list: [{ d: [3] }, { d: null }] },
    })
    expect(value.list).toEqual([{}, { d: null }])
  })

  it('names the field that does not fit, and not the maps around it', async () => {
    const schema = {
      properties: {
        a: { items: { properties: { b: { anyOf: [{ type: 'string' }, { $ref: '#/$defs/n' }] } } } },
      },
      $defs: { n: { type: 'integer' } },
      required: ['z'],
    }
    expect(await paths(schema, { a: [{ b: 1 }, { b: true }] })).toEqual(
      expect.arrayContaining([['a', 1, 'b'], []]),
    )
    expect(await paths(schema, { a: [{ b: 1 }, { b: true }] })).toHaveLength(2)
    expect(await paths(schema, { z: 1, a: [{ b: 1 }] })).toEqual([])
  })

  it('takes __proto__ for an ordinary key', async () => {
    const value: unknown = JSON.parse('{"__proto__": {"a": 1}}')
    const result = await judge({ additionalProperties: { type: 'string' } }, value)
    expect(result.issues).toBeDefined()
    expect(({} as { a?: unknown }).a).toBeUndefined()
  })

  it('leaves the schema as it was', async () => {
    const schema = Object.freeze({ properties: Object.freeze({ a: Object.freeze({ type: 'string' }) }) })
    expect(await paths(schema, { a: 1 })).toEqual([['a']])
    expect(fromJsonSchema(schema)['~standard'].jsonSchema.input({ target: 'draft-2020-12' })).toEqual(schema)
  })

  it('reads older drafts', async () => {
    const schema = {
      $schema: 'http://json-schema.org/draft-04/schema#',
      properties: { a: { minimum: 1, exclusiveMinimum: true } },
    }
    expect(await paths(schema, { a: 1 })).toEqual([['a']])
  })

  it.each<[string, unknown]>([
    ['no map', true],
    ['a reference to nothing', { $ref: '#/$defs/gone' }],
  ])('refuses %s', (_, schema) => {
    let thrown: unknown
    try {
      fromJsonSchema(schema as JsonSchema)
    } catch (error) {
      thrown = error
    }
    expect(schemaErrors.is(thrown, 'INVALID_JSON_SCHEMA')).toBe(true)
  })
})
