import { equalValues, isLgError } from '@lg/runtime'
import { applyJsonPatch, createJsonPatch, patchErrors } from '@lg/patch'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failureOf, json } from './failure.ts'
import { rfc6902 } from './rfc-vectors.ts'

describe('RFC 6902', () => {
  it.each(rfc6902)('appendix %s', (_, value, patch, expected) => {
    expect(applyJsonPatch(json(value), json(patch) as unknown[])).toEqual(json(expected))
  })

  it.each([
    ['A.9', '{"baz":"qux"}', '[{"op":"test","path":"/baz","value":"bar"}]', 'PATCH_FAILED'],
    ['A.12', '{"foo":"bar"}', '[{"op":"add","path":"/baz/bat","value":"qux"}]', 'PATCH_FAILED'],
    ['A.15', '{"/":9,"~1":10}', '[{"op":"test","path":"/~01","value":"10"}]', 'PATCH_FAILED'],
    ['a missing target', '{}', '[{"op":"remove","path":"/a"}]', 'PATCH_FAILED'],
    ['an index beyond', '{"a":[1]}', '[{"op":"add","path":"/a/2","value":1}]', 'PATCH_FAILED'],
    ['a leading zero', '{"a":[1,2]}', '[{"op":"remove","path":"/a/01"}]', 'PATCH_FAILED'],
    ["a list's length", '{"a":[1,2]}', '[{"op":"remove","path":"/a/length"}]', 'PATCH_FAILED'],
    ['inside a string', '{"a":"xyz"}', '[{"op":"copy","from":"/a/length","path":"/b"}]', 'PATCH_FAILED'],
    ['into its own child', '{"a":{"b":1}}', '[{"op":"move","from":"/a","path":"/a/b"}]', 'PATCH_FAILED'],
    ['no list', '{}', '{"op":"remove"}', 'INVALID_PATCH'],
    ['no operation', '{}', '["remove"]', 'INVALID_PATCH'],
    ['an unknown op', '{}', '[{"op":"merge","path":""}]', 'INVALID_PATCH'],
    ['no path', '{}', '[{"op":"remove"}]', 'INVALID_PATCH'],
    ['no pointer', '{}', '[{"op":"remove","path":"a"}]', 'INVALID_PATCH'],
    ['a bad escape', '{"~2":1}', '[{"op":"remove","path":"/~2"}]', 'INVALID_PATCH'],
    ['no value', '{}', '[{"op":"add","path":"/a"}]', 'INVALID_PATCH'],
    ['no from', '{}', '[{"op":"move","path":"/a"}]', 'INVALID_PATCH'],
    ['an inherited op', '{}', '[{"op":"constructor","path":"/a"}]', 'INVALID_PATCH'],
    ['an inherited value', '{}', '[{"op":"replace","path":"/toString","value":1}]', 'PATCH_FAILED'],
  ])('refuses %s', (_, value, patch, code) => {
    expect(failureOf(() => applyJsonPatch(json(value), json(patch) as unknown[]))).toBe(code)
  })
})

describe('applying', () => {
  it('says which operation failed, and changes nothing', () => {
    const value = { a: 1 }
    const operations = [
      { op: 'add', path: '/b', value: 2 },
      { op: 'test', path: '/a', value: 3 },
    ]
    try {
      applyJsonPatch(value, operations)
      expect.unreachable()
    } catch (error) {
      expect(patchErrors.is(error, 'PATCH_FAILED') && error.details).toMatchObject({
        operation: 1,
        path: ['a'],
      })
    }
    expect(value).toEqual({ a: 1 })
  })
  it('tests integers exactly, whatever type holds them', () => {
    const test = (value: unknown): string =>
      failureOf(() => applyJsonPatch({ n: 12176941420362965433n, m: 1 }, [{ op: 'test', path: '/n', value }]))
    expect(test(12176941420362965433n)).toBe('nothing')
    expect(test(12176941420362965432n)).toBe('PATCH_FAILED')
    expect(applyJsonPatch({ m: 1 }, [{ op: 'test', path: '/m', value: 1n }])).toEqual({ m: 1 })
  })
  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'takes %s for a key',
    (name) => {
      const added = applyJsonPatch({}, [{ op: 'add', path: `/${name}`, value: { x: 1 } }])
      expect(Object.entries(added as object)).toEqual([[name, { x: 1 }]])
      const changed = applyJsonPatch(added, [{ op: 'replace', path: `/${name}/x`, value: 2 }])
      expect(Object.entries(changed as object)).toEqual([[name, { x: 2 }]])
      expect(applyJsonPatch(changed, [{ op: 'remove', path: `/${name}` }])).toEqual({})
      expect(({} as Record<string, unknown>)['x']).toBeUndefined()
    },
  )
})

describe('creating', () => {
  it('leads from any value to any other', () => {
    const key = fc.constantFrom('a', 'b/c', 'd~e', '', '__proto__', 'constructor', 'length')
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.integer(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value')),
      ),
    }))
    fc.assert(
      fc.property(value, value, (from, to) => {
        expect(equalValues(applyJsonPatch(from, createJsonPatch(from, to)), to)).toBe(true)
      }),
    )
  })
  it('never fails with anything but its codes', () => {
    const operation = fc.record(
      {
        op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'x'),
        path: fc.constantFrom('', '/', '/a', '/a/0', '/a/-', '/a/b', '/__proto__', 'x', '/~'),
        from: fc.constantFrom('', '/a', '/a/0', '/b'),
        value: fc.constantFrom(1, null, [], {}),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.array(operation), (operations) => {
        try {
          applyJsonPatch({ a: [1, { b: 2 }] }, operations)
        } catch (error) {
          expect(isLgError(error)).toBe(true)
        }
      }),
    )
  })
})
