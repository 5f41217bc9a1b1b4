import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalValues, isLgError, parseJson, runtimeErrors, stringifyJson } from '../src/index.ts'

describe('stringifyJson', () => {
  it('writes what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2, 4), (value, indent) => {
        expect(stringifyJson(value, { indent })).toBe(JSON.stringify(value, null, indent))
      }),
    )
  })

  it('comes back through parseJson', () => {
    const value = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }),
        fc.integer(),
        fc.string(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value')),
        fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value')),
      ),
    })).value
    fc.assert(fc.property(value, (data) => equalValues(parseJson(stringifyJson(data)), data)))
  })

  it('treats undefined and toJSON as JSON.stringify does', () => {
    const value = { a: undefined, b: [undefined, 1n], at: new Date(0) }
    expect(stringifyJson(value)).toBe('{"b":[null,1],"at":"1970-01-01T00:00:00.000Z"}')
  })

  it.each([
    [{ spec: { replicas: Number.NaN } }, ['spec', 'replicas'], 'NaN'],
    [{ items: [1, () => 1] }, ['items', 1], 'function'],
    [{ id: Symbol('x') }, ['id'], 'symbol'],
    [{ spec: { ports: new Map([['http', 80]]) } }, ['spec', 'ports'], 'Map'],
    [{ tags: new Set(['a']) }, ['tags'], 'Set'],
    [undefined, [], 'undefined'],
  ])('refuses %s and names the path', (value, path, reason) => {
    const error = thrownBy(() => stringifyJson(value))
    if (!runtimeErrors.is(error, 'NOT_SERIALIZABLE')) throw error
    expect(error.details.path).toEqual(path)
    expect(error.message).toContain(reason)
  })

  it('refuses a cycle', () => {
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    expect(
      isLgError(
        thrownBy(() => stringifyJson(cycle)),
        'NOT_SERIALIZABLE',
      ),
    ).toBe(true)
  })
})

const thrownBy = (call: () => unknown): unknown => {
  try {
    call()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
