import { equalValues } from '@lg/runtime'
import { applyMergePatch, createMergePatch } from '@lg/patch'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failureOf, json } from './failure.ts'
import { rfc7396 } from './rfc-vectors.ts'

describe('RFC 7396', () => {
  it.each(rfc7396)('appendix A: %s with %s is %s', (value, patch, expected) => {
    expect(applyMergePatch(json(value), json(patch))).toEqual(json(expected))
  })

  it('section 3: the example document', () => {
    const value = {
      title: 'Goodbye!',
      author: { givenName: 'John', familyName: 'Doe' },
      tags: ['example', 'sample'],
      content: 'This will be unchanged',
    }
    const patch = {
      title: 'Hello!',
      phoneNumber: '+01-123-456-7890',
      author: { familyName: null },
      tags: ['example'],
    }
    expect(applyMergePatch(value, patch)).toEqual({
      title: 'Hello!',
      author: { givenName: 'John' },
      tags: ['example'],
      content: 'This will be unchanged',
      phoneNumber: '+01-123-456-7890',
    })
  })
})

describe('names that every object inherits', () => {
  const names = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'toJSON', '\0x']
  it.each(names)('%j is a key like any other', (name) => {
    const value = json(`{"before": 1, ${JSON.stringify(name)}: {"old": 1}, "after": 1}`)
    const patch = json(`{${JSON.stringify(name)}: {"new": 2}, "after": 3}`)
    const expected = json(`{"before": 1, ${JSON.stringify(name)}: {"old": 1, "new": 2}, "after": 3}`)
    expect(Object.entries(applyMergePatch(value, patch) as object)).toEqual(
      Object.entries(expected as object),
    )
    expect(equalValues(applyMergePatch(value, createMergePatch(value, expected)), expected)).toBe(true)
    expect(applyMergePatch(value, json(`{${JSON.stringify(name)}: null}`))).toEqual({ before: 1, after: 1 })
    expect(({} as Record<string, unknown>)['new']).toBeUndefined()
  })
})

describe('creating', () => {
  it('gives exactly what changed', () => {
    const from = { spec: { brand: 'x' }, status: { speed: 1, distance: 12176941420362965433n } }
    const to = { spec: { brand: 'x' }, status: { speed: 24.7, distance: 12176941420362965433n } }
    expect(createMergePatch(from, to)).toEqual({ status: { speed: 24.7 } })
    expect(createMergePatch(from, structuredClone(from))).toEqual({})
  })
  it('refuses what a merge patch cannot say', () => {
    expect(failureOf(() => createMergePatch({ a: { b: 1 } }, { a: { b: null } }))).toBe('NOT_REPRESENTABLE')
  })
  it('leads from any value to any other, and changes neither', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.bigInt())
    const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'toString')
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value')),
      ),
    }))
    const map = fc.dictionary(key, value)
    fc.assert(
      fc.property(map, map, (from, to) => {
        const before = [structuredClone(from), structuredClone(to)]
        expect(equalValues(applyMergePatch(from, createMergePatch(from, to)), to)).toBe(true)
        expect(equalValues([from, to], before)).toBe(true)
      }),
    )
  })
})
