import fc from 'fast-check'
import { equalValues } from '@lg/runtime'
import { describe, expect, it } from 'vitest'
import { mergeValues } from '../src/merge-values.ts'

const value = fc.jsonValue({ maxDepth: 3 })

describe('mergeValues', () => {
  it('takes what one side changed, whichever it is', () => {
    fc.assert(
      fc.property(value, value, (base, changed) => {
        for (const [ours, theirs] of [
          [changed, base],
          [base, changed],
        ]) {
          const { value: merged, conflicts } = mergeValues(base, ours, theirs)
          if (conflicts.length > 0 || !equalValues(merged, changed)) return false
        }
        return true
      }),
    )
  })

  it('takes once what both changed to the same', () => {
    fc.assert(
      fc.property(value, value, (base, changed) => {
        const { value: merged, conflicts } = mergeValues(base, changed, structuredClone(changed))
        return conflicts.length === 0 && equalValues(merged, changed)
      }),
    )
  })

  it('finds the same conflicts from either side', () => {
    fc.assert(
      fc.property(value, value, value, (base, ours, theirs) => {
        const paths = (merged: ReturnType<typeof mergeValues>): string[] =>
          merged.conflicts.map(({ path }) => JSON.stringify(path)).sort()
        expect(paths(mergeValues(base, ours, theirs))).toEqual(paths(mergeValues(base, theirs, ours)))
      }),
    )
  })

  it('merges different fields of one map', () => {
    const base = { spec: { color: 'red', wheels: 4 }, gone: 1 }
    const ours = { spec: { color: 'blue', wheels: 4 }, gone: 1, added: true }
    const theirs = { spec: { color: 'red', wheels: 3 } }
    expect(mergeValues(base, ours, theirs)).toEqual({
      value: { spec: { color: 'blue', wheels: 3 }, added: true },
      conflicts: [],
    })
  })

  it('names the field that both changed, with all three values', () => {
    const { conflicts } = mergeValues({ a: { b: 1 } }, { a: { b: 2 } }, { a: { b: 3 } })
    expect(conflicts).toEqual([{ path: ['a', 'b'], base: 1, ours: 2, theirs: 3 }])
  })

  it('counts a deletion against a change as a conflict', () => {
    const { conflicts } = mergeValues({ a: 1 }, {}, { a: 2 })
    expect(conflicts).toEqual([{ path: ['a'], base: 1, ours: undefined, theirs: 2 }])
  })

  it('merges lists of named items item by item, and other lists as one field', () => {
    const base = [
      { name: 'a', v: 1 },
      { name: 'b', v: 1 },
    ]
    const ours = [{ name: 'a', v: 2 }, { name: 'b', v: 1 }, { name: 'c' }]
    const theirs = [
      { name: 'b', v: 3 },
      { name: 'a', v: 1 },
    ]
    expect(mergeValues(base, ours, theirs)).toEqual({
      value: [{ name: 'b', v: 3 }, { name: 'a', v: 2 }, { name: 'c' }],
      conflicts: [],
    })
    expect(mergeValues([1], [1, 2], [1, 3]).conflicts).toHaveLength(1)
  })

  it('treats __proto__ as an ordinary key', () => {
    const ours = JSON.parse('{"__proto__": {"polluted": true}}') as unknown
    const { value: merged } = mergeValues({}, ours, { a: 1 })
    expect(Object.keys(merged as object).sort()).toEqual(['__proto__', 'a'])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
})
